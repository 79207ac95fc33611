package store_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

func TestViewIsOneSnapshot(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		now := newClock()
		s := open(now.option(), store.WithPurgeInterval(0))
		set(t, s, "g", "k", "old")
		ok(t, s.SetWithTTL("g", "short", "v", time.Second))
		ok(t, s.View(background, func(tx *store.Tx) error {
			g := store.NewGroup[string](tx, "g")
			for range 2 {
				if v, err := tx.Get("g", "k"); err != nil || v != "old" {
					t.Errorf("Get = %q, %v", v, err)
				}
				if v, err := g.Get(background, "short"); err != nil || v != "v" {
					t.Errorf("Get of what was live at the beginning = %q, %v", v, err)
				}
				wantNumber(t, 2)(g.Count(background))
				if n := len(keysOf(t, g.All(background))); n != 2 {
					t.Errorf("All yields %d keys", n)
				}
				// From the same goroutine, and past the view.
				set(t, s, "g", "k", "new")
				set(t, s, "g", "more", "new")
				now.advance(time.Second)
				wantValue(t, s, "g", "k", "new")
			}
			for op, err := range map[string]error{
				"Set": tx.Set("g", "k", "x"), "SetWithTTL": tx.SetWithTTL("g", "k", "x", time.Second),
				"Delete": tx.Delete("g", "k"), "DeleteGroup": tx.DeleteGroup("g"),
				"Group.Set": g.Set(background, "k", "x"), "Add": g.Add(background, "new", "x"),
				"SetMany": g.SetMany(background, map[string]string{"k": "x"}), "Persist": g.Persist(background, "k"),
				"Take":  func() error { _, err := g.Take(background, "k"); return err }(),
				"Clear": func() error { _, err := g.Clear(background); return err }(),
			} {
				if !errors.Is(err, store.ErrReadOnly) {
					t.Errorf("%s in a View: %v", op, err)
				}
			}
			return nil
		}))
		wantAll(t, s, "g", map[string]string{"k": "new", "more": "new"})
	})
}

// sliceError is an error that Go cannot compare.
type sliceError []string

func (e sliceError) Error() string { return fmt.Sprint([]string(e)) }

func TestUpdateCommitsOrNot(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open()
		set(t, s, "g", "k", "old")
		change := func(tx *store.Tx) {
			ok(t, tx.Set("g", "k", "new"))
			ok(t, tx.Set("g", "more", "new"))
			if v, err := store.NewGroup[string](s, "g").WithTx(tx).Get(background, "k"); err != nil || v != "new" {
				t.Errorf("Get = %q, %v; want what was written", v, err)
			}
			wantNumber(t, 2)(store.NewGroup[string](tx, "g").Count(background))
			wantValue(t, s, "g", "k", "old") // the cache knows it, in memory too
		}
		wantValue(t, s, "g", "k", "old")
		unchanged := func() { t.Helper(); wantAll(t, s, "g", map[string]string{"k": "old"}) }
		if err := s.Update(background, func(tx *store.Tx) error { change(tx); return errFault }); err != errFault {
			t.Errorf("Update: %v, want fn's own error as it is", err)
		}
		unchanged()
		var own sliceError
		if err := s.Update(background, func(*store.Tx) error { return sliceError{"a"} }); !errors.As(err, &own) {
			t.Errorf("Update: %v", err)
		}
		if got := panics(func() {
			_ = s.Update(background, func(tx *store.Tx) error { change(tx); panic("in fn") })
		}); got != "in fn" {
			t.Errorf("panicked with %v", got)
		}
		unchanged()
		var gone sync.WaitGroup
		gone.Go(func() {
			_ = s.Update(background, func(tx *store.Tx) error { change(tx); runtime.Goexit(); return nil })
		})
		gone.Wait()
		unchanged()
		ctx, cancel := context.WithCancel(background)
		fails(t, s.Update(ctx, func(tx *store.Tx) error { change(tx); cancel(); return nil }), context.Canceled)
		unchanged()
		var ended *store.Tx
		ok(t, s.Update(background, func(tx *store.Tx) error { change(tx); ended = tx; return nil }))
		wantAll(t, s, "g", map[string]string{"k": "new", "more": "new"})
		_, err := ended.Get("g", "k")
		g := store.NewGroup[string](ended, "g")
		for _, err := range []error{
			err, ended.Set("g", "k", "x"), ended.Delete("g", "k"), g.Set(background, "k", "x"),
			g.Add(background, "n", "x"), lastError(g.All(background)),
		} {
			fails(t, err, store.ErrClosed)
		}
	})
}

// A verb that fails within a transaction undoes what it did, and only that.
func TestFailedVerbInUpdate(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open()
		n := namespace(t, s, "n", store.WithMaxKeys(2))
		ok(t, s.Update(background, func(tx *store.Tx) error {
			g := store.NewGroup[string](n, "g").WithTx(tx)
			ok(t, g.Set(background, "a", "1"))
			fails(t, g.SetMany(background, map[string]string{"b": "2", "c": "3"}), store.ErrQuotaExceeded)
			if got := panics(func() {
				_, _ = g.Modify(background, "a", func(string, bool) (string, error) {
					ok(t, g.Set(background, "b", "undone"))
					panic("deep")
				})
			}); got != "deep" {
				t.Errorf("panicked with %v", got)
			}
			_, err := g.Modify(background, "a", func(string, bool) (string, error) {
				ok(t, tx.Set("other", "k", "undone"))
				_ = panics(func() { _, _ = g.Modify(background, "b", func(string, bool) (string, error) { panic("deeper") }) })
				return "", errFault
			})
			fails(t, err, errFault)
			return g.Set(background, "d", "4")
		}))
		wantAll(t, s, "n:g", map[string]string{"a": "1", "d": "4"})
		wantAll(t, s, "other", map[string]string{})
	})
}

// Calls that would wait for their own caller say so. What need not wait goes on.
func TestStoreInsideUpdate(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		now := newClock()
		s := open(now.option(), store.WithPurgeInterval(0))
		ok(t, s.SetWithTTL("g", "short", "v", time.Second))
		other := open()
		g := store.NewGroup[string](s, "g")
		numbers := store.NewGroup[int64](s, "n")
		ok(t, s.Update(background, func(tx *store.Tx) error {
			ok(t, tx.Set("g", "k", "v"))
			fails(t, store.NewGroup[string](other, "g").WithTx(tx).Set(background, "k", "x"), errOtherStore(t, other, tx))
			for verb, err := range map[string]error{
				"Set": s.Set("g", "k", "x"), "Delete": s.Delete("g", "k"), "Add": g.Add(background, "n", "x"),
				"Update": s.Update(background, func(*store.Tx) error { t.Error("called"); return nil }),
				"Modify": func() error {
					_, err := g.Modify(background, "k", func(string, bool) (string, error) { return "x", nil })
					return err
				}(),
				"Increment":    func() error { _, err := store.Increment(background, numbers, "n", 1); return err }(),
				"PurgeExpired": func() error { _, err := s.PurgeExpired(); return err }(),
				"Watch":        lastError(g.Watch(background)),
				"Close":        s.Close(),
			} {
				if !errors.Is(err, store.ErrNested) {
					t.Errorf("%s in its own Update: %v", verb, err)
				}
			}
			// A read either answers with what was committed before, or says so.
			for verb, err := range map[string]error{
				"Get":    func() error { _, err := s.Get("g", "k"); return err }(),
				"Count":  func() error { _, err := s.Count("g"); return err }(),
				"GetAll": func() error { _, err := s.GetAll("g"); return err }(),
				"All":    lastError(g.All(background)),
				"View":   s.View(background, func(*store.Tx) error { return nil }),
			} {
				if err != nil && !errors.Is(err, store.ErrNested) && !errors.Is(err, store.ErrNotFound) {
					t.Errorf("%s: %v", verb, err)
				}
			}
			return nil
		}))
		wantValue(t, s, "g", "k", "v")
		ok(t, s.View(background, func(*store.Tx) error {
			fails(t, s.Close(), store.ErrNested)
			return s.View(background, func(*store.Tx) error {
				fails(t, s.Close(), store.ErrNested)
				return nil
			})
		}))
		if _, err := g.Modify(background, "k", func(old string, _ bool) (string, error) {
			fails(t, s.Close(), store.ErrNested)
			return old, nil
		}); err != nil {
			t.Error(err)
		}
		// The Close that was refused has left the sweeper at work.
		now.advance(time.Second)
		w := watch(t, g)
		wantAbsent(t, s, "g", "short")
		w.want("expire short")
	})
}

// errOtherStore is the error of a transaction in the wrong store.
func errOtherStore(t *testing.T, other *store.Store, tx *store.Tx) error {
	t.Helper()
	_, err := store.NewGroup[string](other, "g").WithTx(tx).Get(background, "k")
	var e *store.Error
	if !errors.As(err, &e) || errors.Is(err, store.ErrNotFound) {
		t.Fatalf("a transaction in another store: %v", err)
	}
	return e.Err
}

// Accounts that 16 goroutines move money between never lose or make any.
func TestUpdateIsSerializable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		const goroutines, accounts, each = 16, 4, 12
		s := open(store.WithDurability(store.Normal))
		g := store.NewGroup[int64](s, "accounts")
		for i := range accounts {
			ok(t, g.Set(background, fmt.Sprint(i), 100))
		}
		sum := func(g store.Group[int64]) (total int64) {
			for e, err := range g.All(background) {
				if err != nil {
					t.Error(err)
				}
				total += e.Value
			}
			return total
		}
		var all sync.WaitGroup
		for i := range goroutines {
			all.Go(func() {
				for j := range each {
					err := s.Update(background, func(tx *store.Tx) error {
						g := g.WithTx(tx)
						from, to := fmt.Sprint((i+j)%accounts), fmt.Sprint((i*j+1)%accounts)
						a, err := g.Get(background, from)
						if err != nil {
							return err
						}
						runtime.Gosched()
						if err := g.Set(background, from, a-1); err != nil {
							return err
						}
						_, err = store.Increment(background, g, to, 1)
						return err
					})
					if err != nil {
						t.Error(err)
					}
					if err := s.View(background, func(tx *store.Tx) error {
						if n := sum(g.WithTx(tx)); n != accounts*100 {
							t.Errorf("a view has %d", n)
						}
						return nil
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		if n := sum(g); n != accounts*100 {
			t.Errorf("%d are left", n)
		}
	})
}
