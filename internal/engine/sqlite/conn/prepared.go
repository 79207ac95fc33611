package conn

import (
	"context"
	"database/sql"
	"errors"
)

// Prepared is a connection that keeps the statements prepared on it and closes them with
// itself. [sql.Conn] does not close its statements. As long as one of them is open, SQLite
// keeps the closed connection open internally, with its locks. The last connection to
// close would then not checkpoint the WAL and remove it.
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

// PrepareContext prepares a statement that Close closes.
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

// PrepareAll prepares each text and stores the statement in its key.
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

// Undo rolls back the transaction of a guarded pool because of err. It returns err, joined
// with the error of the rollback. It is not an error if SQLite has already rolled back.
func Undo(pool *sql.DB, err error) error {
	if rollbackErr := Exec(context.Background(), pool, SQLRollback); !NoTransaction(rollbackErr) {
		err = errors.Join(err, rollbackErr)
	}
	return err
}
