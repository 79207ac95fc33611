package sqlite

import (
	"database/sql/driver"

	sqlite "modernc.org/sqlite"
)

// connector makes the connections of one data source. Every connection of this
// package comes from here, so that a test can put faults between the engine and
// the driver.
func (opts Options) connector(dsn string) (driver.Connector, error) {
	c, err := sqlite.NewConnector(dsn)
	if err != nil || opts.wrap == nil {
		return c, err
	}
	return opts.wrap(c), nil
}
