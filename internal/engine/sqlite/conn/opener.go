package conn

import (
	"database/sql"
	"database/sql/driver"

	sqlite "modernc.org/sqlite"
)

// Opener makes pools of connections. Every connection to a database of the store
// comes from one. The zero value is ready to use.
type Opener struct {
	// Wrap, if not nil, stands between this package and the driver. Tests put
	// faults there.
	Wrap func(driver.Connector) driver.Connector
}

// Pool makes a pool of the connections of one data source.
func (o Opener) Pool(dsn string) (*sql.DB, error) {
	c, err := o.connector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(c), nil
}

// Guarded makes a pool of one connection, for transactions that change the file:
// see guardedConn.
func (o Opener) Guarded(dsn string) (*sql.DB, error) {
	c, err := o.connector(dsn)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(guardedConnector{c})
	db.SetMaxOpenConns(1)
	return db, nil
}

func (o Opener) connector(dsn string) (driver.Connector, error) {
	c, err := sqlite.NewConnector(dsn)
	if err != nil || o.Wrap == nil {
		return c, err
	}
	return o.Wrap(c), nil
}
