package sqlite

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// reads returns a call of each method that reads, by name.
func reads(ctx context.Context, r engine.Reader) map[string]func() error {
	return map[string]func() error{
		"Get":       func() error { _, err := r.Get(ctx, engine.GetParams{Grp: "g", Key: "k"}); return err },
		"Lookup":    func() error { _, err := r.Lookup(ctx, engine.GetParams{Grp: "g", Key: "k"}); return err },
		"Count":     func() error { _, err := r.Count(ctx, engine.CountParams{Grp: "g"}); return err },
		"GetAll":    func() error { _, err := r.GetAll(ctx, engine.GetAllParams{Grp: "g"}); return err },
		"Scan":      func() error { _, err := r.Scan(ctx, engine.ScanParams{Grp: "g", MaxRows: 9}); return err },
		"Groups":    func() error { _, err := r.Groups(ctx, engine.GroupsParams{MaxRows: 9}); return err },
		"Revisions": func() error { _, err := r.Revisions(ctx, engine.RevisionsParams{Grp: "g", MaxRows: 9}); return err },
	}
}

// TestFaultsWhileReading checks that a read that fails returns an error, loses no connection
// and caches no wrong row.
func TestFaultsWhileReading(t *testing.T) {
	t.Parallel()
	for _, path := range []string{t.TempDir() + "/kv.db", conn.Memory} {
		var tp tap
		e := open(t, path, tp.on(cached()))
		set(t, e, "g", "k", "v")
		if err := e.Compact(t.Context()); err != nil { // another commit, which empties the cache
			t.Fatal(err)
		}
		for _, fault := range []string{"statement", "never recovers"} {
			for n := range int64(2) {
				for name, read := range reads(t.Context(), e) {
					for range 6 { // more than there are connections
						heal := tp.failAt(fault, n)
						viewErr := e.View(t.Context(), func(r engine.Reader) error {
							return reads(t.Context(), r)[name]()
						})
						viewHit := heal()
						heal = tp.failAt(fault, n)
						err := read()
						if hit := heal(); !hit && err != nil || !viewHit && viewErr != nil {
							t.Errorf("%s: errors without a fault: %v, %v", name, err, viewErr)
						}
						for _, err := range []error{err, viewErr} {
							if err != nil && !errors.Is(err, faults[fault].err) {
								t.Errorf("%s: error is %v", name, err)
							}
						}
					}
				}
			}
		}
		for name, read := range reads(t.Context(), e) {
			if err := read(); err != nil {
				t.Errorf("%s after the faults: %v", name, err)
			}
		}
		if v := get(t, e, "g", "k"); v != "v" {
			t.Errorf("value is %q", v)
		}
	}
}

// TestReadersFull makes every connection for single reads busy. Further reads must wait, and
// must return when their context is done.
func TestReadersFull(t *testing.T) {
	t.Parallel()
	var tp tap
	e := open(t, t.TempDir()+"/kv.db", tp.on(options()))
	set(t, e, "g", "k", "v")
	limit := cap(e.readers.(*pool).permits)
	var busy, done sync.WaitGroup
	busy.Add(limit)
	release := make(chan struct{})
	var held atomic.Int64
	hold := func(_ *tapConn, what action, statement string) error {
		if what == running && strings.Contains(statement, "name: Count ") && held.Add(1) <= int64(limit) {
			busy.Done()
			<-release
		}
		return nil
	}
	tp.hook.Store(&hold)
	count := func(ctx context.Context) error {
		_, err := e.Count(ctx, engine.CountParams{Grp: "g"})
		return err
	}
	for range limit {
		done.Go(func() {
			if err := count(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	busy.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := count(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want Canceled", err)
	}
	// A view has a connection beyond the limit, so it does not wait for single reads.
	if err := e.View(t.Context(), func(r engine.Reader) error { get(t, r, "g", "k"); return nil }); err != nil {
		t.Error(err)
	}
	for range 2 * limit {
		done.Go(func() {
			if err := count(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	close(release)
	done.Wait()
}

// TestCancelledTooLate cancels a write whose commit is in progress. Its caller must wait and
// get the result.
func TestCancelledTooLate(t *testing.T) {
	t.Parallel()
	var tp tap
	e := open(t, t.TempDir()+"/kv.db", tp.on(options()))
	ctx, cancel := context.WithCancel(t.Context())
	errs := batch(t, e, func() {
		commits := 0
		hook := func(_ *tapConn, _ action, statement string) error {
			if statement == conn.SQLCommit {
				if commits++; commits == 2 { // the first is that of the Update they wait for
					cancel()
				}
			}
			return nil
		}
		tp.hook.Store(&hook)
	}, func() error {
		return e.Set(t.Context(), engine.SetParams{Grp: "g", Key: "a", Value: "v"})
	}, func() error {
		return e.Set(ctx, engine.SetParams{Grp: "g", Key: "b", Value: "v"})
	})
	for i, err := range errs {
		if err != nil {
			t.Errorf("%d: error is %v", i, err)
		}
	}
	get(t, e, "g", "b")
}

// TestLeaderGivesUp cancels the leader of a batch while it waits for another process. The
// other writes of the batch must succeed.
func TestLeaderGivesUp(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/kv.db"
	var tp tap
	e := open(t, path, tp.on(options()))
	set(t, e, "g", "k", "v")
	other := raw(t, path)
	defer other.Close()
	ctx, cancel := context.WithCancel(t.Context())
	errs := batch(t, e, func() {
		begins := 0
		hook := func(_ *tapConn, _ action, statement string) error {
			if statement != conn.SQLBegin {
				return nil
			}
			switch begins++; begins {
			case 1: // the leader's
				if _, err := other.Exec(conn.SQLBegin); err != nil {
					t.Error(err)
				}
				cancel()
			case 2:
				if _, err := other.Exec(conn.SQLRollback); err != nil {
					t.Error(err)
				}
			}
			return nil
		}
		tp.hook.Store(&hook)
	}, func() error {
		return e.Set(ctx, engine.SetParams{Grp: "g", Key: "a", Value: "v"})
	}, func() error {
		return e.Set(t.Context(), engine.SetParams{Grp: "g", Key: "b", Value: "v"})
	})
	if !errors.Is(errs[0], context.Canceled) || errs[1] != nil {
		t.Errorf("errors are %v", errs)
	}
	rows := rowsOf(t, e)
	if _, ok := rows["a"]; ok || rows["b"] != "v" {
		t.Errorf("rows are %v", rows)
	}
}

// TestBusy writes while another process holds the lock for longer than the busy timeout.
func TestBusy(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/kv.db"
	opts := options()
	opts.BusyTimeout = 0
	e := open(t, path, opts)
	set(t, e, "g", "k", "v")
	other := raw(t, path)
	defer other.Close()
	if _, err := other.Exec(conn.SQLBegin); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for name, write := range map[string]func() error{
		"Set":         func() error { return e.Set(context.Background(), engine.SetParams{Grp: "g", Key: "k"}) },
		"Set, ctx":    func() error { return e.Set(ctx, engine.SetParams{Grp: "g", Key: "k"}) },
		"Update":      func() error { return e.Update(ctx, func(engine.Tx) error { t.Error("called"); return nil }) },
		"Apply":       func() error { return e.Apply(ctx, func(engine.Tx) error { t.Error("called"); return nil }) },
		"DeleteGroup": func() error { _, err := e.DeleteGroup(ctx, "g"); return err },
	} {
		if err := write(); !errors.Is(err, engine.ErrBusy) {
			t.Errorf("%s: error is %v, want ErrBusy", name, err)
		}
	}
	if v := get(t, e, "g", "k"); v != "v" { // readers do not wait
		t.Errorf("value is %q", v)
	}
	if _, err := other.Exec(conn.SQLRollback); err != nil {
		t.Fatal(err)
	}
	set(t, e, "g", "k", "v2")
}
