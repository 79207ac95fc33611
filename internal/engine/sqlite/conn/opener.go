package conn

import (
	"database/sql"
	"database/sql/driver"

	sqlite "modernc.org/sqlite"
)

// Opener opens pools of connections. Every connection of the engine comes from one.
// The zero value is ready to use.
type Opener struct {
	// Wrap, if not nil, wraps the driver. Tests use it to inject faults.
	Wrap func(driver.Connector) driver.Connector
}

// Pool opens a pool of connections to a data source.
func (o Opener) Pool(dsn string) (*sql.DB, error) {
	c, err := o.connector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(c), nil
}

// Guarded opens a pool of one connection, for transactions that change the file: see
// guardedConn.
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
