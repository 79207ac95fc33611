package sqlite

import (
	"context"
	"database/sql/driver"
)

// nestedConnector makes connections whose transactions are savepoints, so that
// they nest. The upgrade of an old file needs this: goose runs each migration
// in a transaction of its own, and all of them have to run in one, which other
// processes wait for and which a crash undoes as a whole.
type nestedConnector struct {
	driver.Connector
}

func (c nestedConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return nestedConn{conn.(fullConn)}, nil
}

// fullConn is what database/sql asks a connection for, and the driver's has.
type fullConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

type nestedConn struct {
	fullConn
}

func (c nestedConn) BeginTx(ctx context.Context, _ driver.TxOptions) (driver.Tx, error) {
	if err := c.run(ctx, sqlSavepoint); err != nil {
		return nil, err
	}
	return savepoint{c}, nil
}

func (c nestedConn) run(ctx context.Context, statements ...string) error {
	for _, s := range statements {
		if _, err := c.ExecContext(ctx, s, nil); err != nil {
			return err
		}
	}
	return nil
}

type savepoint struct {
	conn nestedConn
}

func (s savepoint) Commit() error {
	return s.conn.run(context.Background(), sqlRelease)
}

func (s savepoint) Rollback() error {
	return s.conn.run(context.Background(), sqlRollbackTo, sqlRelease)
}
