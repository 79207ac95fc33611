package enginetest

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

func (s suite) testApply(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	noError(t, e.Apply(ctx, func(tx engine.Tx) error {
		put(t, tx, "g", "a", "v", never)
		put(t, tx, "g", "b", "v", never)
		removed(t, 1)(tx.Delete(ctx, engine.DeleteParams{Grp: "g", Key: "a"}))
		holds(t, tx, "g", "b", "v")
		return nil
	}))
	isError(t, e.Apply(ctx, func(tx engine.Tx) error {
		put(t, tx, "g", "b", "undone", never)
		put(t, tx, "g", "c", "undone", never)
		return errStop
	}), errStop)
	equal(t, "panic", panics(func() {
		_ = e.Apply(ctx, func(tx engine.Tx) error {
			put(t, tx, "g", "b", "undone", never)
			panic("in apply")
		})
	}), any("in apply"))
	equal(t, "rows", all(t, e, "g", 0), map[string]string{"b": "v"})
	noError(t, e.Update(ctx, func(engine.Tx) error {
		isError(t, e.Apply(ctx, func(engine.Tx) error { return nil }), engine.ErrNested)
		return nil
	}))
}

// testApplyShared increments one counter from many goroutines. They may share
// transactions, and some of them fail.
func (s suite) testApplyShared(t *testing.T) {
	e := s.open(t)
	put(t, e, "g", "n", "0", never)
	var goroutines sync.WaitGroup
	const each = 10
	for g := range concurrency {
		goroutines.Go(func() {
			for i := range each {
				fails := (g+i)%3 == 0
				err := e.Apply(t.Context(), func(tx engine.Tx) error {
					row, err := tx.Get(t.Context(), engine.GetParams{Grp: "g", Key: "n"})
					if err != nil {
						return err
					}
					n, _ := strconv.Atoi(row.Value)
					err = errors.Join(
						tx.Set(t.Context(), engine.SetParams{Grp: "g", Key: "n", Value: strconv.Itoa(n + 1)}),
						tx.Set(t.Context(), engine.SetParams{Grp: "done", Key: fmt.Sprint(g, ":", i)}))
					if fails && err == nil {
						return errStop
					}
					return err
				})
				if fails != (err == errStop) || !fails && err != nil {
					t.Errorf("error is %v", err)
				}
			}
		})
	}
	goroutines.Wait()
	want := 0
	for g := range concurrency {
		for i := range each {
			if (g+i)%3 != 0 {
				want++
			}
		}
	}
	holds(t, e, "g", "n", strconv.Itoa(want))
	counts(t, e, "done", 0, int64(want))
}

func (s suite) testNested(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	for name, run := range map[string]func(context func(tx engine.Tx) error) error{
		"Update": func(fn func(tx engine.Tx) error) error { return e.Update(ctx, fn) },
		"Apply":  func(fn func(tx engine.Tx) error) error { return e.Apply(ctx, fn) },
	} {
		noError(t, run(func(tx engine.Tx) error {
			put(t, tx, name, "outer", "v", never)
			isError(t, tx.Nested(ctx, func() error {
				put(t, tx, name, "outer", "undone", never)
				put(t, tx, name, "inner", "undone", never)
				return errStop
			}), errStop)
			holds(t, tx, name, "outer", "v")
			lacks(t, tx, name, "inner")
			noError(t, tx.Nested(ctx, func() error {
				put(t, tx, name, "kept", "v", never)
				isError(t, tx.Nested(ctx, func() error {
					put(t, tx, name, "kept", "undone", never)
					return errStop
				}), errStop)
				return nil
			}))
			return nil
		}))
		want := map[string]string{"outer": "v", "kept": "v"}
		for range 2 { // the second time may be from a cache
			equal(t, "rows", all(t, e, name, 0), want)
			holds(t, e, name, "outer", "v")
			lacks(t, e, name, "inner")
		}
	}
}

// testSpace checks that Reclaim and Compact leave all rows as they are.
func (s suite) testSpace(t *testing.T) {
	e := s.filled(t)
	ctx := t.Context()
	want := map[string]map[string]string{}
	for _, row := range model() {
		want[row.Grp] = all(t, e, row.Grp, pagesNow)
	}
	for range 3 {
		_, err := e.PurgeExpired(ctx, engine.PurgeExpiredParams{Now: pagesNow, MaxRows: 1000})
		noError(t, err)
		noError(t, e.Reclaim(ctx))
		noError(t, e.Compact(ctx))
		for grp, rows := range want {
			equal(t, "rows", all(t, e, grp, pagesNow), rows)
		}
		put(t, e, "dead", "k", string(make([]byte, 1<<20)), at(1))
	}
	noError(t, e.Update(ctx, func(engine.Tx) error {
		isError(t, e.Compact(ctx), engine.ErrNested)
		isError(t, e.Reclaim(ctx), engine.ErrNested)
		return nil
	}))
}
