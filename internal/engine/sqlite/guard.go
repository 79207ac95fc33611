package sqlite

import (
	"context"
	"database/sql/driver"
	"io"
)

// enter says whether a statement may run.
func (c *nestedConn) enter(text string) error {
	if text == sqlRollback {
		return nil
	}
	return c.lost
}

// leave notes what the statement did to the transaction.
func (c *nestedConn) leave(text string, err error) {
	switch {
	case text == sqlBegin:
		c.inside = c.inside || err == nil
	case text == sqlRollback && (err == nil || noTransaction(err)):
		c.inside, c.lost = false, nil
	case text == sqlCommit && err == nil:
		c.inside = false
	case c.inside && c.lost == nil && endsTransaction(err):
		c.lost = err
	}
}

// ExecContext implements [driver.ExecerContext].
func (c *nestedConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.enter(text); err != nil {
		return nil, err
	}
	result, err := c.fullConn.ExecContext(ctx, text, args)
	c.leave(text, err)
	return result, err
}

// QueryContext implements [driver.QueryerContext].
func (c *nestedConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.enter(text); err != nil {
		return nil, err
	}
	rows, err := c.fullConn.QueryContext(ctx, text, args)
	return c.guardRows(text, rows, err)
}

// PrepareContext implements [driver.ConnPrepareContext].
func (c *nestedConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	s, err := c.fullConn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	return &guardedStmt{s.(fullStmt), c, text}, nil
}

// fullStmt is what database/sql asks a statement for, and the driver's has.
type fullStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type guardedStmt struct {
	fullStmt
	conn *nestedConn
	text string
}

func (s *guardedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if err := s.conn.enter(s.text); err != nil {
		return nil, err
	}
	result, err := s.fullStmt.ExecContext(ctx, args)
	s.conn.leave(s.text, err)
	return result, err
}

func (s *guardedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if err := s.conn.enter(s.text); err != nil {
		return nil, err
	}
	rows, err := s.fullStmt.QueryContext(ctx, args)
	return s.conn.guardRows(s.text, rows, err)
}

func (c *nestedConn) guardRows(text string, rows driver.Rows, err error) (driver.Rows, error) {
	c.leave(text, err)
	if err != nil || !c.inside {
		return rows, err
	}
	return guardedRows{rows, c, text}, nil
}

// guardedRows are rows that are read in a transaction.
type guardedRows struct {
	driver.Rows
	conn *nestedConn
	text string
}

func (r guardedRows) Next(row []driver.Value) error {
	err := r.Rows.Next(row)
	if err != nil && err != io.EOF {
		r.conn.leave(r.text, err)
	}
	return err
}
