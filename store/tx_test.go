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
					t.Errorf("Get of a key that was live when the View began = %q, %v", v, err)
				}
				wantNumber(t, 2)(g.Count(background))
				if n := len(keysOf(t, g.All(background))); n != 2 {
					t.Errorf("All yields %d keys", n)
				}
				// On the same goroutine, and through the Store.
				set(t, s, "g", "k", "new")
				set(t, s, "g", "more", "new")
				now.advance(time.Second)
				wantValue(t, s, "g", "k", "new")
			}
			return nil
		}))
		wantAll(t, s, "g", map[string]string{"k": "new", "more": "new"})
	})
}

func TestViewRefusesWrites(t *testing.T) {
	t.Parallel()
	writes := map[string]func(tx *store.Tx, g store.Group[string]) error{
		"Set":         func(tx *store.Tx, _ store.Group[string]) error { return tx.Set("g", "k", "x") },
		"SetWithTTL":  func(tx *store.Tx, _ store.Group[string]) error { return tx.SetWithTTL("g", "k", "x", time.Second) },
		"Delete":      func(tx *store.Tx, _ store.Group[string]) error { return tx.Delete("g", "k") },
		"DeleteGroup": func(tx *store.Tx, _ store.Group[string]) error { return tx.DeleteGroup("g") },
		"Group.Set":   func(_ *store.Tx, g store.Group[string]) error { return g.Set(background, "k", "x") },
		"Add":         func(_ *store.Tx, g store.Group[string]) error { return g.Add(background, "new", "x") },
		"SetMany": func(_ *store.Tx, g store.Group[string]) error {
			return g.SetMany(background, map[string]string{"k": "x"})
		},
		"Persist": func(_ *store.Tx, g store.Group[string]) error { return g.Persist(background, "k") },
		"Take":    func(_ *store.Tx, g store.Group[string]) error { _, err := g.Take(background, "k"); return err },
		"Clear":   func(_ *store.Tx, g store.Group[string]) error { _, err := g.Clear(background); return err },
	}
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open()
		set(t, s, "g", "k", "v")
		for verb, write := range writes {
			t.Run(verb, func(t *testing.T) {
				ok(t, s.View(background, func(tx *store.Tx) error {
					fails(t, write(tx, store.NewGroup[string](tx, "g")), store.ErrReadOnly)
					return nil
				}))
			})
		}
		wantAll(t, s, "g", map[string]string{"k": "v"})
	})
}

// sliceError is an error that Go cannot compare.
type sliceError []string

func (e sliceError) Error() string { return fmt.Sprint([]string(e)) }

func TestUpdateCommitsOrNot(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		// prepare opens a store and returns what an Update in it does.
		prepare := func(t *testing.T) (s *store.Store, change func(tx *store.Tx)) {
			s = open()
			set(t, s, "g", "k", "old")
			wantValue(t, s, "g", "k", "old")
			return s, func(tx *store.Tx) {
				ok(t, tx.Set("g", "k", "new"))
				ok(t, tx.Set("g", "more", "new"))
				if v, err := store.NewGroup[string](s, "g").WithTx(tx).Get(background, "k"); err != nil || v != "new" {
					t.Errorf("Get = %q, %v; want what was written", v, err)
				}
				wantNumber(t, 2)(store.NewGroup[string](tx, "g").Count(background))
				wantValue(t, s, "g", "k", "old") // from the cache, also in memory
			}
		}
		rollsBack := func(name string, update func(t *testing.T, s *store.Store, change func(tx *store.Tx))) {
			t.Run(name, func(t *testing.T) {
				s, change := prepare(t)
				update(t, s, change)
				wantAll(t, s, "g", map[string]string{"k": "old"})
			})
		}
		rollsBack("error", func(t *testing.T, s *store.Store, change func(*store.Tx)) {
			if err := s.Update(background, func(tx *store.Tx) error { change(tx); return errFault }); err != errFault {
				t.Errorf("Update: %v, want fn's own error unchanged", err)
			}
		})
		rollsBack("error that Go cannot compare", func(t *testing.T, s *store.Store, change func(*store.Tx)) {
			var own sliceError
			if err := s.Update(background, func(tx *store.Tx) error { change(tx); return sliceError{"a"} }); !errors.As(err, &own) {
				t.Errorf("Update: %v", err)
			}
		})
		rollsBack("panic", func(t *testing.T, s *store.Store, change func(*store.Tx)) {
			if got := panics(func() {
				_ = s.Update(background, func(tx *store.Tx) error { change(tx); panic("in fn") })
			}); got != "in fn" {
				t.Errorf("panicked with %v", got)
			}
		})
		rollsBack("Goexit", func(_ *testing.T, s *store.Store, change func(*store.Tx)) {
			var gone sync.WaitGroup
			gone.Go(func() {
				_ = s.Update(background, func(tx *store.Tx) error { change(tx); runtime.Goexit(); return nil })
			})
			gone.Wait()
		})
		rollsBack("canceled context", func(t *testing.T, s *store.Store, change func(*store.Tx)) {
			ctx, cancel := context.WithCancel(background)
			fails(t, s.Update(ctx, func(tx *store.Tx) error { change(tx); cancel(); return nil }), context.Canceled)
		})
		t.Run("commit", func(t *testing.T) {
			s, change := prepare(t)
			ok(t, s.Update(background, func(tx *store.Tx) error { change(tx); return nil }))
			wantAll(t, s, "g", map[string]string{"k": "new", "more": "new"})
		})
		t.Run("Tx after its end", func(t *testing.T) {
			s, _ := prepare(t)
			var ended *store.Tx
			ok(t, s.Update(background, func(tx *store.Tx) error { ended = tx; return nil }))
			_, err := ended.Get("g", "k")
			g := store.NewGroup[string](ended, "g")
			for verb, err := range map[string]error{
				"Get": err, "Set": ended.Set("g", "k", "x"), "Delete": ended.Delete("g", "k"),
				"Group.Set": g.Set(background, "k", "x"), "Add": g.Add(background, "n", "x"), "All": lastError(g.All(background)),
			} {
				if !errors.Is(err, store.ErrClosed) {
					t.Errorf("%s: %v, want ErrClosed", verb, err)
				}
			}
			wantAll(t, s, "g", map[string]string{"k": "old"})
		})
	})
}

// A verb that fails within a transaction undoes its own changes and no others.
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

// Calls that would wait for their own caller return ErrNested. Others go on.
func TestStoreInsideUpdate(t *testing.T) {
	t.Parallel()
	writes := map[string]func(s *store.Store, g store.Group[string]) error{
		"Set":    func(s *store.Store, _ store.Group[string]) error { return s.Set("g", "k", "x") },
		"Delete": func(s *store.Store, _ store.Group[string]) error { return s.Delete("g", "k") },
		"Add":    func(_ *store.Store, g store.Group[string]) error { return g.Add(background, "n", "x") },
		"Update": func(s *store.Store, _ store.Group[string]) error {
			return s.Update(background, func(*store.Tx) error { return errors.New("called") })
		},
		"Modify": func(_ *store.Store, g store.Group[string]) error {
			_, err := g.Modify(background, "k", func(string, bool) (string, error) { return "", errors.New("called") })
			return err
		},
		"Increment": func(s *store.Store, _ store.Group[string]) error {
			_, err := store.Increment(background, store.NewGroup[int64](s, "n"), "n", 1)
			return err
		},
		"PurgeExpired": func(s *store.Store, _ store.Group[string]) error { _, err := s.PurgeExpired(); return err },
		"Watch":        func(_ *store.Store, g store.Group[string]) error { return lastError(g.Watch(background)) },
		"Close":        func(s *store.Store, _ store.Group[string]) error { return s.Close() },
	}
	reads := map[string]func(s *store.Store, g store.Group[string]) error{
		"Get":    func(s *store.Store, _ store.Group[string]) error { _, err := s.Get("g", "k"); return err },
		"Count":  func(s *store.Store, _ store.Group[string]) error { _, err := s.Count("g"); return err },
		"GetAll": func(s *store.Store, _ store.Group[string]) error { _, err := s.GetAll("g"); return err },
		"All":    func(_ *store.Store, g store.Group[string]) error { return lastError(g.All(background)) },
		"View": func(s *store.Store, _ store.Group[string]) error {
			return s.View(background, func(*store.Tx) error { return nil })
		},
	}
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		// inside runs a call in an Update, which still commits.
		inside := func(name string, call func(t *testing.T, s *store.Store, tx *store.Tx)) {
			t.Run(name, func(t *testing.T) {
				s := open(store.WithPurgeInterval(0))
				ok(t, s.Update(background, func(tx *store.Tx) error {
					ok(t, tx.Set("g", "k", "v"))
					call(t, s, tx)
					return nil
				}))
				wantValue(t, s, "g", "k", "v")
			})
		}
		for verb, write := range writes {
			inside(verb, func(t *testing.T, s *store.Store, _ *store.Tx) {
				fails(t, write(s, store.NewGroup[string](s, "g")), store.ErrNested)
			})
		}
		for verb, read := range reads {
			// It reads the state before the transaction, or returns ErrNested.
			inside(verb, func(t *testing.T, s *store.Store, _ *store.Tx) {
				err := read(s, store.NewGroup[string](s, "g"))
				if err != nil && !errors.Is(err, store.ErrNested) && !errors.Is(err, store.ErrNotFound) {
					t.Error(err)
				}
			})
		}
		other := open()
		inside("another store", func(t *testing.T, _ *store.Store, tx *store.Tx) {
			g := store.NewGroup[string](other, "g").WithTx(tx)
			fails(t, g.Set(background, "k", "x"), errOtherStore(t, other, tx))
		})
	})
}

// A Close inside a transaction of its own store is refused, and the store works on.
func TestCloseInsideATransaction(t *testing.T) {
	t.Parallel()
	transactions := map[string]func(s *store.Store, fn func()) error{
		"Update": func(s *store.Store, fn func()) error {
			return s.Update(background, func(*store.Tx) error { fn(); return nil })
		},
		"View": func(s *store.Store, fn func()) error {
			return s.View(background, func(*store.Tx) error { fn(); return nil })
		},
		"View in a View": func(s *store.Store, fn func()) error {
			return s.View(background, func(*store.Tx) error {
				return s.View(background, func(*store.Tx) error { fn(); return nil })
			})
		},
		"View after a View in it": func(s *store.Store, fn func()) error {
			return s.View(background, func(*store.Tx) error {
				err := s.View(background, func(*store.Tx) error { return nil })
				fn()
				return err
			})
		},
		"Modify": func(s *store.Store, fn func()) error {
			_, err := store.NewGroup[string](s, "g").Modify(background, "k", func(old string, _ bool) (string, error) { fn(); return old, nil })
			return err
		},
	}
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		for name, transaction := range transactions {
			t.Run(name, func(t *testing.T) {
				now := newClock()
				s := open(now.option(), store.WithPurgeInterval(0))
				set(t, s, "g", "k", "v")
				ok(t, s.SetWithTTL("g", "short", "v", time.Second))
				ok(t, transaction(s, func() { fails(t, s.Close(), store.ErrNested) }))
				wantValue(t, s, "g", "k", "v")
				// Its sweeper still works.
				now.advance(time.Second)
				w := watch(t, store.NewGroup[string](s, "g"))
				wantAbsent(t, s, "g", "short")
				w.want("expire short")
			})
		}
	})
}

// errOtherStore returns the error of a transaction that is used with another store.
func errOtherStore(t *testing.T, other *store.Store, tx *store.Tx) error {
	t.Helper()
	_, err := store.NewGroup[string](other, "g").WithTx(tx).Get(background, "k")
	var e *store.Error
	if !errors.As(err, &e) || errors.Is(err, store.ErrNotFound) {
		t.Fatalf("a transaction in another store: %v", err)
	}
	return e.Err
}

// 16 goroutines move money between accounts, and the sum never changes.
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
