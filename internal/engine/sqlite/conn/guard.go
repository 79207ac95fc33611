package conn

import (
	"context"
	"database/sql/driver"
	"io"
)

// guardedConnector opens the connections that write: see guardedConn.
type guardedConnector struct {
	driver.Connector
}

func (c guardedConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &guardedConn{Conn: conn.(Conn)}, nil
}

// Conn has the methods that database/sql looks for in a driver's connection.
type Conn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

// guardedConn is a connection whose transactions cannot end unnoticed. Some errors make
// SQLite roll back the transaction by itself. Each later statement would then commit by
// itself. So after such an error inside a transaction, every statement except ROLLBACK
// fails with the same error. Transactions begin and end with the plain statements of this
// package.
type guardedConn struct {
	Conn
	inside bool  // the transaction has begun
	lost   error // the error with which SQLite may have rolled it back
}

// enter is called before a statement, and returns an error if it must not run.
func (c *guardedConn) enter(text string) error {
	if text == SQLRollback {
		return nil
	}
	return c.lost
}

// leave is called after a statement. It records what the statement did to the
// transaction, and returns its error, marked if it ended the transaction.
func (c *guardedConn) leave(text string, err error) error {
	switch {
	case text == SQLBegin:
		c.inside = c.inside || err == nil
	case text == SQLRollback && (err == nil || NoTransaction(err)):
		c.inside, c.lost = false, nil
	case text == SQLCommit && err == nil:
		c.inside = false
	case err == nil || !c.inside || c.lost != nil:
	case EndsTransaction(err):
		c.lost = err
	case !c.stands():
		// A trigger's RAISE(ROLLBACK), or INSERT OR ROLLBACK: the code does not tell.
		c.lost = Ended(err)
		return c.lost
	}
	return err
}

// stands reports whether the transaction is still open: only then BEGIN fails.
func (c *guardedConn) stands() bool {
	ctx := context.Background()
	if _, err := c.Conn.ExecContext(ctx, SQLBeginRead, nil); err != nil {
		return true
	}
	_, _ = c.Conn.ExecContext(ctx, SQLRollback, nil) // it has done nothing
	return false
}

// ExecContext implements [driver.ExecerContext].
func (c *guardedConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.enter(text); err != nil {
		return nil, err
	}
	result, err := c.Conn.ExecContext(ctx, text, args)
	return result, c.leave(text, err)
}

// QueryContext implements [driver.QueryerContext].
func (c *guardedConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.enter(text); err != nil {
		return nil, err
	}
	rows, err := c.Conn.QueryContext(ctx, text, args)
	return c.guardRows(text, rows, err)
}

// PrepareContext implements [driver.ConnPrepareContext].
func (c *guardedConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	s, err := c.Conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	return &guardedStmt{s.(Stmt), c, text}, nil
}

// Stmt has the methods that database/sql looks for in a driver's statement.
type Stmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type guardedStmt struct {
	Stmt
	conn *guardedConn
	text string
}

func (s *guardedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if err := s.conn.enter(s.text); err != nil {
		return nil, err
	}
	result, err := s.Stmt.ExecContext(ctx, args)
	return result, s.conn.leave(s.text, err)
}

func (s *guardedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if err := s.conn.enter(s.text); err != nil {
		return nil, err
	}
	rows, err := s.Stmt.QueryContext(ctx, args)
	return s.conn.guardRows(s.text, rows, err)
}

func (c *guardedConn) guardRows(text string, rows driver.Rows, err error) (driver.Rows, error) {
	err = c.leave(text, err)
	if err != nil || !c.inside {
		return rows, err
	}
	return guardedRows{rows, c, text}, nil
}

// guardedRows are rows that are read in a transaction.
type guardedRows struct {
	driver.Rows
	conn *guardedConn
	text string
}

func (r guardedRows) Next(row []driver.Value) error {
	err := r.Rows.Next(row)
	if err != nil && err != io.EOF {
		err = r.conn.leave(r.text, err)
	}
	return err
}
