package sqlite

import (
	"context"
	"database/sql"
	"errors"
)

// preparedConn is a connection that knows the statements prepared on it, to close
// them with it. Those of an *sql.Conn are nobody else's to close, and as long as
// one is open, SQLite keeps the connection itself open behind the back of all:
// with its locks, so that the last one to close never empties the WAL into the
// file.
type preparedConn struct {
	*sql.Conn
	statements []*sql.Stmt
}

func (c *preparedConn) PrepareContext(ctx context.Context, text string) (*sql.Stmt, error) {
	s, err := c.Conn.PrepareContext(ctx, text)
	if err == nil {
		c.statements = append(c.statements, s)
	}
	return s, err
}

// Close closes the statements and the connection.
func (c *preparedConn) Close() error {
	var errs []error
	for _, s := range c.statements {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.Conn.Close())...)
}
