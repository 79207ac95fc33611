package sqlite

import (
	"context"
	"database/sql/driver"
	"path/filepath"
	"strconv"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// afterCommit calls then once, after a COMMIT and before its result reaches the engine.
// Another process may commit at that moment.
type afterCommit struct {
	driver.Connector
	then *func()
}

func (c afterCommit) Connect(ctx context.Context) (driver.Conn, error) {
	made, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return afterCommitConn{made.(conn.Conn), c.then}, nil
}

type afterCommitConn struct {
	conn.Conn
	then *func()
}

func (c afterCommitConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	s, err := c.Conn.PrepareContext(ctx, text)
	if err != nil || text != conn.SQLCommit {
		return s, err
	}
	return afterCommitStmt{s.(conn.Stmt), c.then}, nil
}

type afterCommitStmt struct {
	conn.Stmt
	then *func()
}

func (s afterCommitStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	result, err := s.Stmt.ExecContext(ctx, args)
	if then := *s.then; then != nil {
		*s.then = nil
		then()
	}
	return result, err
}

// TestForeignCommitAfterOwn has another connection write a cached row just after a commit of
// the engine and before the cache has received that commit. The cache must not mistake the
// foreign commit for the engine's. Some of the engine's commits change nothing and leave the
// header as it was.
func TestForeignCommitAfterOwn(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "kv.db")
	var then func()
	opts := options()
	opts.CacheBytes = 1 << 20
	opts.opener.Wrap = func(c driver.Connector) driver.Connector { return afterCommit{c, &then} }
	e := open(t, path, opts)
	other := open(t, path, options())
	for name, own := range map[string]func() error{
		"set": func() error {
			return e.Set(ctx, engine.SetParams{Grp: "g", Key: "own", Value: "new"})
		},
		"set what is there": func() error {
			return e.Set(ctx, engine.SetParams{Grp: "g", Key: "own", Value: "old"})
		},
		"delete": func() error {
			_, err := e.Delete(ctx, engine.DeleteParams{Grp: "g", Key: "own"})
			return err
		},
		"delete what is not there": func() error {
			_, err := e.Delete(ctx, engine.DeleteParams{Grp: "g", Key: "absent"})
			return err
		},
		"delete what has not expired": func() error {
			_, err := e.DeleteExpired(ctx, engine.DeleteExpiredParams{Grp: "g", Key: "own", Now: 1})
			return err
		},
		"purge nothing": func() error {
			_, err := e.PurgeExpired(ctx, engine.PurgeExpiredParams{Now: 1, MaxRows: 1})
			return err
		},
		"update nothing": func() error {
			return e.Update(ctx, func(engine.Tx) error { return nil })
		},
	} {
		for i := range 3 {
			value := name + strconv.Itoa(i)
			set(t, other, "g", "own", "old")
			set(t, other, "g", "k", "old")
			if v := get(t, e, "g", "k"); v != "old" { // the row is now in the cache
				t.Fatalf("value is %q", v)
			}
			then = func() { set(t, other, "g", "k", value) }
			if err := own(); err != nil {
				t.Fatal(err)
			}
			if v := get(t, e, "g", "k"); v != value {
				t.Errorf("%s: value is %q", name, v)
			}
		}
	}
}
