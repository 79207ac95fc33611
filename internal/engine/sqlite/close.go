package sqlite

import (
	"database/sql"
	"errors"

	"forge.lthn.ai/core/go-store/internal/dbgen/sqlitegen"
)

// closePrepared closes a connection, and before it the statements prepared on
// it. Those of an *sql.Conn are nobody else's to close, and as long as one is
// open, SQLite keeps the connection itself open behind the back of all: with its
// locks, so that the last one to close never empties the WAL into the file.
func closePrepared(conn *sql.Conn, q *sqlitegen.Queries, statements ...*sql.Stmt) error {
	var errs []error
	if q != nil {
		errs = append(errs, q.Close())
	}
	for _, s := range statements {
		if s != nil {
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(append(errs, conn.Close())...)
}
