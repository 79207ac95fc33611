package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// tap is a driver between the engine and SQLite's driver. It sees every statement and can
// make it fail.
type tap struct {
	// hook, if not nil, is called before each statement is prepared or run. If it returns
	// an error, the statement is not run and the engine gets that error.
	hook atomic.Pointer[hook]

	mu    sync.Mutex
	conns map[*tapConn]struct{} // the open ones
}

type hook = func(conn *tapConn, what action, statement string) error

type action string

const (
	preparing action = "prepare"
	running   action = "run"
)

// on returns opts with the tap on every connection.
func (tp *tap) on(opts Options) Options {
	tp.conns = map[*tapConn]struct{}{}
	opts.opener.Wrap = func(c driver.Connector) driver.Connector { return tapConnector{c, tp} }
	return opts
}

func (tp *tap) call(c *tapConn, what action, statement string) error {
	if h := tp.hook.Load(); h != nil {
		return (*h)(c, what, statement)
	}
	return nil
}

// open returns the open connections.
func (tp *tap) open() []*tapConn {
	tp.mu.Lock()
	defer tp.mu.Unlock()
	var open []*tapConn
	for c := range tp.conns {
		open = append(open, c)
	}
	return open
}

type tapConnector struct {
	driver.Connector
	tap *tap
}

func (c tapConnector) Connect(ctx context.Context) (driver.Conn, error) {
	made, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	tc := &tapConn{Conn: made.(conn.Conn), Serializer: made.(conn.Serializer), tap: c.tap}
	c.tap.mu.Lock()
	defer c.tap.mu.Unlock()
	c.tap.conns[tc] = struct{}{}
	return tc, nil
}

type tapConn struct {
	conn.Conn
	conn.Serializer
	tap *tap
}

func (c *tapConn) PrepareContext(ctx context.Context, statement string) (driver.Stmt, error) {
	if err := c.tap.call(c, preparing, statement); err != nil {
		return nil, err
	}
	s, err := c.Conn.PrepareContext(ctx, statement)
	if err != nil {
		return nil, err
	}
	return tapStmt{s.(conn.Stmt), c, statement}, nil
}

func (c *tapConn) ExecContext(ctx context.Context, statement string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.tap.call(c, running, statement); err != nil {
		return nil, err
	}
	return c.Conn.ExecContext(ctx, statement, args)
}

func (c *tapConn) QueryContext(ctx context.Context, statement string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.tap.call(c, running, statement); err != nil {
		return nil, err
	}
	return c.Conn.QueryContext(ctx, statement, args)
}

func (c *tapConn) Close() error {
	c.tap.mu.Lock()
	delete(c.tap.conns, c)
	c.tap.mu.Unlock()
	return c.Conn.Close()
}

// pragma returns the value of a pragma, read without the hook.
func (c *tapConn) pragma(t *testing.T, name string) driver.Value {
	t.Helper()
	rows, err := c.Conn.QueryContext(t.Context(), "PRAGMA "+name, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	row := make([]driver.Value, 1)
	if err := rows.Next(row); err != nil {
		t.Fatal(err)
	}
	return row[0]
}

type tapStmt struct {
	conn.Stmt
	conn      *tapConn
	statement string
}

func (s tapStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if err := s.conn.tap.call(s.conn, running, s.statement); err != nil {
		return nil, err
	}
	return s.Stmt.ExecContext(ctx, args)
}

func (s tapStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if err := s.conn.tap.call(s.conn, running, s.statement); err != nil {
		return nil, err
	}
	return s.Stmt.QueryContext(ctx, args)
}

// errFault is an error without a result code.
var errFault = errors.New("injected fault")

// driverError takes the place of the driver's error with that result code, which only the
// driver can create.
type driverError int

func (e driverError) Error() string { return fmt.Sprintf("result code %d", int(e)) }
func (e driverError) Code() int     { return int(e) }
