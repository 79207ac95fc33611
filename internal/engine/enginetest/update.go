package enginetest

import (
	"context"
	"runtime"
	"strconv"
	"sync"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

func (s suite) testUpdateCommit(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	put(t, e, "g", "gone", "v", never)
	put(t, e, "h", "gone", "v", never)
	put(t, e, "i", "expired", "v", at(5))
	put(t, e, "i", "purged", "v", at(5))
	noError(t, e.Update(ctx, func(tx engine.Tx) error {
		put(t, tx, "g", "k", "one", never)
		put(t, tx, "g", "k", "two", at(9))
		removed(t, 1)(tx.Delete(ctx, engine.DeleteParams{Grp: "g", Key: "gone"}))
		removed(t, 1)(tx.DeleteGroup(ctx, "h"))
		removed(t, 1)(tx.DeleteExpired(ctx, engine.DeleteExpiredParams{Grp: "i", Key: "expired", Now: 5}))
		removed(t, 1)(tx.PurgeExpired(ctx, engine.PurgeExpiredParams{Now: 5, MaxRows: 9}))
		// The transaction reads what it wrote.
		holds(t, tx, "g", "k", "two")
		lacks(t, tx, "g", "gone")
		counts(t, tx, "g", 8, 1)
		equal(t, "rows", all(t, tx, "h", 0), map[string]string{})
		rows, err := tx.Scan(ctx, engine.ScanParams{Grp: "g", MaxRows: 9})
		noError(t, err)
		equal(t, "rows", rows, []engine.Row{{Grp: "g", Key: "k", Value: "two", ExpiresAt: at(9), Revision: 1}})
		groups, err := tx.Groups(ctx, engine.GroupsParams{MaxRows: 9})
		noError(t, err)
		equal(t, "groups", groups, []engine.GroupsRow{{Grp: "g", Live: 1}})
		return nil
	}))
	equal(t, "rows", all(t, e, "g", 0), map[string]string{"k": "two"})
	for _, grp := range []string{"h", "i"} {
		equal(t, "rows", all(t, e, grp, 0), map[string]string{})
	}
}

func (s suite) testUpdateRollback(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	put(t, e, "g", "k", "old", never)
	put(t, e, "g", "kept", "old", at(5))
	change := func(tx engine.Tx) {
		put(t, tx, "g", "k", "new", never)
		put(t, tx, "g", "added", "new", never)
		removed(t, 1)(tx.PurgeExpired(ctx, engine.PurgeExpiredParams{Now: 5, MaxRows: 9}))
	}
	unchanged := func() {
		t.Helper()
		equal(t, "rows", all(t, e, "g", 0), map[string]string{"k": "old", "kept": "old"})
		// The engine has left the transaction: the next one works.
		put(t, e, "g", "k", "old", never)
	}
	equal(t, "error", e.Update(ctx, func(tx engine.Tx) error { change(tx); return errStop }), errStop)
	unchanged()
	equal(t, "panic", panics(func() {
		_ = e.Update(ctx, func(tx engine.Tx) error { change(tx); panic("in update") })
	}), any("in update"))
	unchanged()
	exits(func() {
		_ = e.Update(ctx, func(tx engine.Tx) error { change(tx); runtime.Goexit(); return nil })
	})
	unchanged()
	// ErrNotFound does not end the transaction.
	noError(t, e.Update(ctx, func(tx engine.Tx) error {
		lacks(t, tx, "g", "none")
		put(t, tx, "g", "k", "committed", never)
		return nil
	}))
	holds(t, e, "g", "k", "committed")
}

func (s suite) testUpdateCancelled(t *testing.T) {
	e := s.open(t)
	isError(t, e.Update(cancelled(t), func(engine.Tx) error {
		t.Error("fn of a cancelled Update was called")
		return nil
	}), context.Canceled)
	ctx, cancel := context.WithCancel(t.Context())
	isError(t, e.Update(ctx, func(tx engine.Tx) error {
		put(t, tx, "g", "k", "v", never)
		cancel()
		// The statements still run: the context only prevents the commit.
		put(t, tx, "g", "k2", "v", never)
		return nil
	}), context.Canceled)
	equal(t, "rows", all(t, e, "g", 0), map[string]string{})
	put(t, e, "g", "k", "v", never)
}

// testUpdateNested writes to the engine inside its own Update, which would wait for
// itself. It must get ErrNested, and the transaction must go on.
func (s suite) testUpdateNested(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	noError(t, e.Update(ctx, func(tx engine.Tx) error {
		put(t, tx, "g", "k", "v", never)
		isError(t, e.Set(ctx, engine.SetParams{Grp: "g", Key: "nested"}), engine.ErrNested)
		isError(t, e.Update(ctx, func(engine.Tx) error { return nil }), engine.ErrNested)
		for _, write := range []func() (int64, error){
			func() (int64, error) { return e.Delete(ctx, engine.DeleteParams{Grp: "g", Key: "k"}) },
			func() (int64, error) { return e.DeleteExpired(ctx, engine.DeleteExpiredParams{Grp: "g"}) },
			func() (int64, error) { return e.DeleteGroup(ctx, "g") },
			func() (int64, error) { return e.PurgeExpired(ctx, engine.PurgeExpiredParams{MaxRows: 1}) },
		} {
			n, err := write()
			isError(t, err, engine.ErrNested)
			equal(t, "rows removed", n, 0)
		}
		isError(t, e.Close(), engine.ErrNested)
		holds(t, tx, "g", "k", "v")
		return nil
	}))
	equal(t, "rows", all(t, e, "g", 0), map[string]string{"k": "v"})
	put(t, e, "g", "k", "after", never)
}

// testUpdateSerial increments one counter from many goroutines, in transactions.
func (s suite) testUpdateSerial(t *testing.T) {
	e := s.open(t)
	put(t, e, "g", "n", "0", never)
	var counters sync.WaitGroup
	const goroutines, each = 16, 10
	for range goroutines {
		counters.Go(func() {
			for range each {
				if err := e.Update(t.Context(), func(tx engine.Tx) error {
					row, err := tx.Get(t.Context(), engine.GetParams{Grp: "g", Key: "n"})
					if err != nil {
						return err
					}
					n, _ := strconv.Atoi(row.Value)
					runtime.Gosched()
					return tx.Set(t.Context(), engine.SetParams{Grp: "g", Key: "n", Value: strconv.Itoa(n + 1)})
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	counters.Wait()
	holds(t, e, "g", "n", strconv.Itoa(goroutines*each))
}
