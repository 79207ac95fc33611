package conn

import (
	"context"
	"database/sql"
	"errors"
)

// Prepared is one connection that knows the statements prepared on it, and closes
// them with itself. Those of an [sql.Conn] are closed by nobody else, and as long as
// one is open, SQLite keeps the connection itself open in secret, with its locks, so
// that the last connection to close never empties the WAL into the file.
type Prepared struct {
	*sql.Conn
	statements []*sql.Stmt
}

// NewPrepared takes a connection from the pool.
func NewPrepared(ctx context.Context, pool *sql.DB) (*Prepared, error) {
	c, err := pool.Conn(ctx)
	if err != nil {
		return nil, Translate(err)
	}
	return &Prepared{Conn: c}, nil
}

// PrepareContext prepares a statement that lives as long as the connection.
func (c *Prepared) PrepareContext(ctx context.Context, text string) (*sql.Stmt, error) {
	s, err := c.Conn.PrepareContext(ctx, text)
	if err == nil {
		c.statements = append(c.statements, s)
	}
	return s, err
}

// Close closes the statements and the connection.
func (c *Prepared) Close() error {
	var errs []error
	for _, s := range c.statements {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.Conn.Close())...)
}

// PrepareAll prepares each text into the statement beside it.
func (c *Prepared) PrepareAll(ctx context.Context, statements map[**sql.Stmt]string) error {
	for s, text := range statements {
		var err error
		if *s, err = c.PrepareContext(ctx, text); err != nil {
			return Translate(err)
		}
	}
	return nil
}

// Exec runs a statement that returns no rows.
func Exec(ctx context.Context, pool *sql.DB, statement string) error {
	_, err := pool.ExecContext(ctx, statement)
	return Translate(err)
}

// Undo rolls back the pool's transaction because of err, and returns err. SQLite may
// have rolled it back already, which is no error.
func Undo(pool *sql.DB, err error) error {
	if rollbackErr := Exec(context.Background(), pool, SQLRollback); !NoTransaction(rollbackErr) {
		err = errors.Join(err, rollbackErr)
	}
	return err
}
