package sqlite

import (
	"context"
	"database/sql/driver"
)

// nestedConnector makes the connections that write: see nestedConn.
type nestedConnector struct {
	driver.Connector
}

func (c nestedConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &nestedConn{fullConn: conn.(fullConn)}, nil
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

// nestedConn is a connection whose transactions are savepoints, so that they
// nest. The upgrade of an old file needs this: goose runs each migration in a
// transaction of its own, and all of them have to run in one, which other
// processes wait for and which a crash undoes as a whole.
//
// The outermost transaction begins and ends with plain statements. Some errors
// make SQLite roll it back by itself; what came after would then be committed
// statement by statement, so nothing comes after until ROLLBACK: see guard.
type nestedConn struct {
	fullConn
	inside bool  // the outermost transaction has begun
	lost   error // with which SQLite may have rolled it back
}

func (c *nestedConn) BeginTx(ctx context.Context, _ driver.TxOptions) (driver.Tx, error) {
	if err := c.run(ctx, sqlSavepoint); err != nil {
		return nil, err
	}
	return savepoint{c}, nil
}

func (c *nestedConn) run(ctx context.Context, statements ...string) error {
	for _, s := range statements {
		if _, err := c.ExecContext(ctx, s, nil); err != nil {
			return err
		}
	}
	return nil
}

type savepoint struct {
	conn *nestedConn
}

func (s savepoint) Commit() error {
	return s.conn.run(context.Background(), sqlRelease)
}

func (s savepoint) Rollback() error {
	return s.conn.run(context.Background(), sqlRollbackTo, sqlRelease)
}
