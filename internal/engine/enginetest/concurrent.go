package enginetest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// concurrency is the number of goroutines that write at once: many more than there are
// processors, so that writes queue.
const concurrency = 64

// testManyWriters checks that each of many concurrent writes is visible when it returns.
func (s suite) testManyWriters(t *testing.T) {
	e := s.open(t)
	var writers sync.WaitGroup
	const each = 20
	for w := range concurrency {
		writers.Go(func() {
			for i := range each {
				key, value := fmt.Sprint(w, ":", i), fmt.Sprint("value ", i, " of ", w)
				err := e.Set(t.Context(), engine.SetParams{Grp: "g", Key: key, Value: value})
				if err != nil {
					t.Error(err)
				}
				row, err := e.Get(t.Context(), engine.GetParams{Grp: "g", Key: key})
				if err != nil || row.Value != value {
					t.Errorf("%s is %q after its Set (%v)", key, row.Value, err)
				}
			}
		})
	}
	writers.Wait()
	counts(t, e, "g", 0, concurrency*each)
}

// testOneWinner removes the same rows from many goroutines. Exactly one of them must
// have removed each row.
func (s suite) testOneWinner(t *testing.T) {
	e := s.open(t)
	const keys = 20
	for i := range keys {
		put(t, e, "g", fmt.Sprint(i), "v", never)
		put(t, e, "expired", fmt.Sprint(i), "v", at(5))
	}
	var removals atomic.Int64
	var goroutines sync.WaitGroup
	for range concurrency / 2 {
		goroutines.Go(func() {
			for i := range keys {
				n, err := e.Delete(t.Context(), engine.DeleteParams{Grp: "g", Key: fmt.Sprint(i)})
				m, err2 := e.DeleteExpired(t.Context(), engine.DeleteExpiredParams{Grp: "expired", Key: fmt.Sprint(i), Now: 5})
				if err != nil || err2 != nil {
					t.Error(err, err2)
				}
				removals.Add(n + m)
			}
		})
	}
	goroutines.Wait()
	equal(t, "rows removed", removals.Load(), 2*keys)
}

// testMixed runs writes of all kinds at once. Some fail or panic, which must not affect
// the others.
func (s suite) testMixed(t *testing.T) {
	e := s.open(t)
	var goroutines sync.WaitGroup
	const each = 10
	for g := range concurrency {
		goroutines.Go(func() {
			for i := range each {
				set := engine.SetParams{Grp: fmt.Sprint(g % 4), Key: fmt.Sprint(g, ":", i), Value: "v"}
				update := func(end func() error) error {
					return e.Update(t.Context(), func(tx engine.Tx) error {
						if err := tx.Set(t.Context(), set); err != nil {
							t.Error(err)
						}
						return end()
					})
				}
				var err error
				switch g % 4 {
				case 0:
					err = e.Set(t.Context(), set)
				case 1:
					err = update(func() error { return nil })
				case 2:
					if update(func() error { return errStop }) != errStop {
						t.Error("a failed Update returned another error")
					}
				case 3:
					if panics(func() { _ = update(func() error { panic("stop") }) }) == nil {
						t.Error("an Update swallowed a panic")
					}
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	goroutines.Wait()
	for g, want := range []int64{concurrency / 4 * each, concurrency / 4 * each, 0, 0} {
		counts(t, e, fmt.Sprint(g), 0, want)
	}
}

// testCancelled makes every call with a context that is done. A write must change
// nothing. A short read may succeed all the same.
func (s suite) testCancelled(t *testing.T) {
	e := s.open(t)
	put(t, e, "g", "k", "v", at(5))
	ctx := cancelled(t)
	isError(t, e.Set(ctx, engine.SetParams{Grp: "g", Key: "k", Value: "new"}), context.Canceled)
	for _, write := range []func() (int64, error){
		func() (int64, error) { return e.Delete(ctx, engine.DeleteParams{Grp: "g", Key: "k"}) },
		func() (int64, error) {
			return e.DeleteExpired(ctx, engine.DeleteExpiredParams{Grp: "g", Key: "k", Now: 5})
		},
		func() (int64, error) { return e.DeleteGroup(ctx, "g") },
		func() (int64, error) { return e.PurgeExpired(ctx, engine.PurgeExpiredParams{Now: 5, MaxRows: 1}) },
	} {
		n, err := write()
		isError(t, err, context.Canceled)
		equal(t, "rows removed", n, 0)
	}
	if row, err := e.Get(ctx, engine.GetParams{Grp: "g", Key: "k"}); err == nil {
		equal(t, "value", row.Value, "v")
	} else {
		isError(t, err, context.Canceled)
	}
	_, err := e.Count(ctx, engine.CountParams{Grp: "g"})
	isError(t, err, context.Canceled)
	_, err = e.GetAll(ctx, engine.GetAllParams{Grp: "g"})
	isError(t, err, context.Canceled)
	_, err = e.Scan(ctx, engine.ScanParams{Grp: "g", MaxRows: 1})
	isError(t, err, context.Canceled)
	_, err = e.Groups(ctx, engine.GroupsParams{MaxRows: 1})
	isError(t, err, context.Canceled)
	holds(t, e, "g", "k", "v")
}

// testCancelledQueued cancels writes that wait for a transaction. They must return at
// once and must not run later.
func (s suite) testCancelledQueued(t *testing.T) {
	e := s.open(t)
	ctx, cancel := context.WithCancel(t.Context())
	var queued sync.WaitGroup
	noError(t, e.Update(t.Context(), func(tx engine.Tx) error {
		for i := range concurrency {
			queued.Go(func() {
				if err := e.Set(ctx, engine.SetParams{Grp: "g", Key: fmt.Sprint(i)}); err != context.Canceled {
					t.Errorf("error of a cancelled Set is %v", err)
				}
			})
		}
		cancel()
		queued.Wait() // none of them waits for the end of this transaction
		return nil
	}))
	counts(t, e, "g", 0, 0)
}
