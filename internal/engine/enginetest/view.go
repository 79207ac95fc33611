package enginetest

import (
	"context"
	"errors"
	"runtime"
	"strconv"
	"sync"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// errStop is returned by functions that tests pass to the engine.
var errStop = errors.New("stop")

// testView changes every row during a view, from the view's goroutine. The view must
// not block the changes and must not see them.
func (s suite) testView(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	put(t, e, "g", "k", "old", never)
	put(t, e, "g", "expires", "old", at(5))
	put(t, e, "h", "k", "old", never)
	noError(t, e.View(ctx, func(r engine.Reader) error {
		check := func() {
			t.Helper()
			holds(t, r, "g", "k", "old")
			lacks(t, r, "g", "new")
			counts(t, r, "g", 0, 2)
			equal(t, "rows", all(t, r, "g", 0), map[string]string{"k": "old", "expires": "old"})
			rows, err := r.Scan(ctx, engine.ScanParams{Grp: "g", MaxRows: 9})
			noError(t, err)
			equal(t, "rows", rows, []engine.Row{
				{Grp: "g", Key: "expires", Value: "old", ExpiresAt: at(5)}, {Grp: "g", Key: "k", Value: "old"},
			})
			groups, err := r.Groups(ctx, engine.GroupsParams{MaxRows: 9})
			noError(t, err)
			equal(t, "groups", groups, []engine.GroupsRow{{Grp: "g", Live: 2}, {Grp: "h", Live: 1}})
		}
		// The snapshot is taken when the view begins, not at its first read.
		put(t, e, "g", "new", "new", never)
		check()
		put(t, e, "g", "k", "new", never)
		check()
		removed(t, 1)(e.PurgeExpired(ctx, engine.PurgeExpiredParams{Now: 5, MaxRows: 9}))
		check()
		removed(t, 1)(e.DeleteGroup(ctx, "h"))
		check()
		noError(t, e.Update(ctx, func(tx engine.Tx) error {
			removed(t, 1)(tx.Delete(ctx, engine.DeleteParams{Grp: "g", Key: "k"}))
			check()
			return nil
		}))
		check()
		// Reads outside the view see the changes.
		equal(t, "rows", all(t, e, "g", 0), map[string]string{"new": "new"})
		return nil
	}))
	equal(t, "rows", all(t, e, "g", 0), map[string]string{"new": "new"})
}

func (s suite) testViewNested(t *testing.T) {
	e := s.open(t)
	// There are more views than the engine has connections for single reads.
	var nest func(depth int)
	nest = func(depth int) {
		value := strconv.Itoa(depth)
		put(t, e, "g", "k", value, never)
		noError(t, e.View(t.Context(), func(r engine.Reader) error {
			holds(t, e, "g", "k", value)
			if depth < 20 {
				nest(depth + 1)
			}
			holds(t, r, "g", "k", value)
			holds(t, e, "g", "k", "20")
			return nil
		}))
	}
	nest(0)
}

func (s suite) testViewEnds(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	put(t, e, "g", "k", "v", never)
	equal(t, "error", e.View(ctx, func(engine.Reader) error { return errStop }), errStop)
	equal(t, "panic", panics(func() {
		_ = e.View(ctx, func(engine.Reader) error { panic("in view") })
	}), any("in view"))
	exits(func() { _ = e.View(ctx, func(engine.Reader) error { runtime.Goexit(); return nil }) })
	isError(t, e.View(cancelled(t), func(engine.Reader) error {
		t.Error("fn of a cancelled View was called")
		return nil
	}), context.Canceled)
	// A context that ends during the view does not fail it.
	ctx, cancel := context.WithCancel(ctx)
	noError(t, e.View(ctx, func(r engine.Reader) error {
		holds(t, r, "g", "k", "v")
		cancel()
		return nil
	}))
	holds(t, e, "g", "k", "v")
	put(t, e, "g", "k", "v2", never)
	noError(t, e.View(t.Context(), func(r engine.Reader) error {
		holds(t, r, "g", "k", "v2")
		return nil
	}))
}

// testViewConsistent reads two rows in views, while a writer changes both in each
// transaction.
func (s suite) testViewConsistent(t *testing.T) {
	e := s.open(t)
	put(t, e, "g", "a", "0", never)
	put(t, e, "g", "b", "0", never)
	stop := make(chan struct{})
	var writers, readers sync.WaitGroup
	writers.Go(func() {
		for i := 1; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			v := strconv.Itoa(i)
			if err := e.Update(t.Context(), func(tx engine.Tx) error {
				return errors.Join(
					tx.Set(t.Context(), engine.SetParams{Grp: "g", Key: "a", Value: v}),
					tx.Set(t.Context(), engine.SetParams{Grp: "g", Key: "b", Value: v}))
			}); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for range 4 {
		readers.Go(func() {
			for range 50 {
				if err := e.View(t.Context(), func(r engine.Reader) error {
					a, errA := r.Get(t.Context(), engine.GetParams{Grp: "g", Key: "a"})
					runtime.Gosched()
					b, errB := r.Get(t.Context(), engine.GetParams{Grp: "g", Key: "b"})
					if a != b {
						t.Errorf("a is %s and b is %s in one view", a.Value, b.Value)
					}
					return errors.Join(errA, errB)
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	readers.Wait()
	close(stop)
	writers.Wait()
}

// panics runs fn and returns the value of its panic, or nil.
func panics(fn func()) (value any) {
	defer func() { value = recover() }()
	fn()
	return nil
}

// exits runs fn, which calls runtime.Goexit, on a goroutine of its own.
func exits(fn func()) {
	var done sync.WaitGroup
	done.Go(fn)
	done.Wait()
}
