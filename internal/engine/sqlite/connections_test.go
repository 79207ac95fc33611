package sqlite

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// fullyConnected opens a store and makes it open all the connections it keeps.
func fullyConnected(t *testing.T, opts Options) (*Engine, *tap) {
	t.Helper()
	var tp tap
	e := open(t, t.TempDir()+"/kv.db", tp.on(opts))
	set(t, e, "g", "k", "v")
	var inside, done sync.WaitGroup
	inside.Add(10)
	for range 10 {
		done.Go(func() {
			if err := e.View(t.Context(), func(r engine.Reader) error {
				inside.Done()
				inside.Wait() // all ten at once
				_, err := r.Get(t.Context(), engine.GetParams{Grp: "g", Key: "k"})
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	return e, &tp
}

func TestPragmas(t *testing.T) {
	t.Parallel()
	for _, relaxed := range []bool{false, true} {
		opts := options()
		opts.Relaxed = relaxed
		_, tp := fullyConnected(t, opts)
		conns, writers := tp.open(), 0
		if len(conns) < 4 {
			t.Errorf("there are only %d connections", len(conns))
		}
		for _, c := range conns {
			if mode := c.pragma(t, "journal_mode"); mode != "wal" {
				t.Errorf("journal_mode is %v", mode)
			}
			if ms := c.pragma(t, "busy_timeout"); ms != int64(5000) {
				t.Errorf("busy_timeout is %v", ms)
			}
			if c.pragma(t, "query_only") == int64(1) {
				continue
			}
			writers++
			if sync := c.pragma(t, "synchronous"); (sync == int64(1)) != relaxed || sync != int64(2) && !relaxed {
				t.Errorf("synchronous is %v, relaxed %t", sync, relaxed)
			}
			if limit := c.pragma(t, "journal_size_limit"); limit != int64(16<<20) {
				t.Errorf("journal_size_limit is %v", limit)
			}
			if vacuum := c.pragma(t, "auto_vacuum"); vacuum != int64(2) {
				t.Errorf("auto_vacuum of a new file is %v, want incremental", vacuum)
			}
		}
		if writers != 1 {
			t.Errorf("%d connections can write", writers)
		}
	}
}

// TestPrepared checks that calls prepare no statements and open no more connections.
func TestPrepared(t *testing.T) {
	t.Parallel()
	e, tp := fullyConnected(t, options())
	before := len(tp.open())
	var prepared atomic.Int64
	count := func(_ *tapConn, what action, statement string) error {
		if what == preparing && !strings.HasPrefix(statement, "PRAGMA") {
			prepared.Add(1)
			t.Errorf("a call prepared %s", statement)
		}
		return nil
	}
	tp.hook.Store(&count)
	ctx := t.Context()
	for range 3 {
		set(t, e, "g", "k", "v")
		get(t, e, "g", "k")
		for _, call := range []func() error{
			func() error { _, err := e.Count(ctx, engine.CountParams{}); return err },
			func() error { _, err := e.GetAll(ctx, engine.GetAllParams{}); return err },
			func() error { _, err := e.Scan(ctx, engine.ScanParams{}); return err },
			func() error { _, err := e.Groups(ctx, engine.GroupsParams{}); return err },
			func() error { _, err := e.Delete(ctx, engine.DeleteParams{}); return err },
			func() error { _, err := e.DeleteExpired(ctx, engine.DeleteExpiredParams{}); return err },
			func() error { _, err := e.DeleteGroup(ctx, ""); return err },
			func() error { _, err := e.PurgeExpired(ctx, engine.PurgeExpiredParams{}); return err },
			func() error { return e.View(ctx, func(engine.Reader) error { return nil }) },
			func() error { return e.Update(ctx, func(engine.Tx) error { return nil }) },
		} {
			if err := call(); err != nil {
				t.Error(err)
			}
		}
	}
	if after := len(tp.open()); after != before {
		t.Errorf("connections went from %d to %d", before, after)
	}
}

// TestNothingLeftOpen counts the open connections after Close.
func TestNothingLeftOpen(t *testing.T) {
	t.Parallel()
	var tp tap
	for _, path := range []string{t.TempDir() + "/kv.db", conn.Memory} {
		e := start(t, path, tp.on(options()))
		if err := e.View(t.Context(), func(engine.Reader) error {
			set(t, e, "g", "k", "v") // in memory, this makes the view read a copy
			return nil
		}); err != nil {
			t.Error(err)
		}
		stop(t, e)
		if n := len(tp.open()); n != 0 {
			t.Errorf("%s: %d connections are open after Close", path, n)
		}
	}
}
