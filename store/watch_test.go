package store_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/testprocess"
	"forge.lthn.ai/core/go-store/store"
)

// watched is a watcher from which a test pulls events.
type watched struct {
	t      *testing.T
	pull   func() (store.Event[string], error, bool)
	cancel func()
}

// watch watches a group until the test ends.
func watch(t *testing.T, g store.Group[string], opts ...store.WatchOption) watched {
	t.Helper()
	ctx, cancel := context.WithTimeout(background, patience)
	pull, stop := iter.Pull2(g.Watch(ctx, opts...))
	t.Cleanup(func() { stop(); cancel() })
	return watched{t, pull, cancel}
}

// want checks the next events, each given as "kind key" or, for a set, "set key=value".
func (w watched) want(want ...string) {
	w.t.Helper()
	for _, want := range want {
		e, err, _ := w.pull()
		got := e.Kind.String() + " " + e.Key
		if e.Kind == store.EventSet {
			got += "=" + e.Value
		}
		if err != nil || got != want {
			w.t.Fatalf("event %s, %v; want %s", got, err, want)
		}
	}
}

func (w watched) wantError(want error) {
	w.t.Helper()
	if e, err, _ := w.pull(); !errors.Is(err, want) {
		w.t.Fatalf("event %+v, %v; want %v", e, err, want)
	}
}

// Each verb of the Store or of a Namespace shows up in its group's watchers.
func TestWatchTellsEverything(t *testing.T) {
	t.Parallel()
	type watching struct {
		s         *store.Store
		now       *clock
		g         store.Group[string]
		name      string // of g in the store
		all, some watched
	}
	tests := map[string]func(t *testing.T, w watching){
		"writes": func(t *testing.T, w watching) {
			ok(t, w.g.Set(background, "a", "1", store.TTL(time.Second)))
			ok(t, w.s.Set(w.name, "a", "2"))
			w.all.want("set a=1", "set a=2")
			ok(t, w.s.Set("other", "a", "of another group"))
			ok(t, w.g.SetMany(background, map[string]string{"p1": "x", "p2": "y", "b": "z"}))
			w.all.want("set b=z", "set p1=x", "set p2=y")
			w.some.want("set p1=x", "set p2=y")
		},
		"a new expiry": func(t *testing.T, w watching) {
			ok(t, w.g.Set(background, "p1", "x"))
			w.all.want("set p1=x")
			w.some.want("set p1=x")
			ok(t, w.g.Expire(background, "p1", time.Second))
			e, err, _ := w.all.pull()
			if err != nil || e.Kind != store.EventSet || e.Value != "x" || !e.ExpiresAt.Equal(w.now.now().Add(time.Second)) {
				t.Errorf("%+v, %v", e, err)
			}
			entry, err := w.g.Entry(background, "p1")
			if err != nil || entry != e.Entry {
				t.Errorf("the event has %+v, the key %+v, %v", e.Entry, entry, err)
			}
			w.some.want("set p1=x")
		},
		"transactions": func(t *testing.T, w watching) {
			ok(t, w.g.Set(background, "b", "z"))
			w.all.want("set b=z")
			fails(t, w.s.Update(background, func(tx *store.Tx) error {
				ok(t, w.g.WithTx(tx).Set(background, "a", "undone"))
				return errFault
			}), errFault)
			ok(t, w.s.Update(background, func(tx *store.Tx) error {
				g := w.g.WithTx(tx)
				ok(t, g.Set(background, "a", "3"))
				_, err := g.Modify(background, "b", func(string, bool) (string, error) {
					return "", g.Set(background, "b", "overwritten")
				})
				ok(t, err)
				_, err = g.Take(background, "b")
				return err
			}))
			w.all.want("set a=3", "set b=overwritten", "set b=", "delete b")
		},
		"a purge": func(t *testing.T, w watching) {
			ok(t, w.g.Set(background, "p1", "x", store.TTL(time.Second)))
			w.now.advance(time.Second)
			_, err := w.s.PurgeExpired()
			ok(t, err)
			w.all.want("set p1=x", "expire p1")
			w.some.want("set p1=x", "expire p1")
		},
		"a read of an expired key": func(t *testing.T, w watching) {
			ok(t, w.g.Set(background, "q", "v", store.TTL(time.Second)))
			w.now.advance(time.Second)
			wantAbsent(t, w.s, w.name, "q") // queues the row for removal
			w.all.want("set q=v", "expire q")
		},
		"deletes": func(t *testing.T, w watching) {
			ok(t, w.g.SetMany(background, map[string]string{"a": "3", "p2": "y"}))
			ok(t, w.s.Delete(w.name, "none"))
			ok(t, w.s.Delete(w.name, "a"))
			entry, err := w.g.Entry(background, "p2")
			ok(t, err)
			ok(t, w.g.CompareAndDelete(background, "p2", entry.Revision))
			w.all.want("set a=3", "set p2=y", "delete a", "delete p2")
			w.some.want("set p2=y", "delete p2")
		},
		"deletes of the group": func(t *testing.T, w watching) {
			ok(t, w.g.Set(background, "c", "v"))
			ok(t, w.s.DeleteGroup(w.name))
			w.all.want("set c=v", "delete before", "delete c")
			ok(t, w.g.Set(background, "d", "v"))
			wantNumber(t, 1)(w.g.Clear(background))
			w.all.want("set d=v", "delete d")
		},
		"nothing": func(*testing.T, watching) {},
	}
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		for name, test := range tests {
			for _, at := range []string{"Store", "Namespace"} {
				t.Run(name+", "+at, func(t *testing.T) {
					now := newClock()
					s := open(now.option(), store.WithPurgeInterval(0), store.WithDurability(store.Normal))
					w := watching{s: s, now: now, g: store.NewGroup[string](s, "g"), name: "g"}
					if at == "Namespace" {
						w.g, w.name = store.NewGroup[string](namespace(t, s, "n", store.WithMaxKeys(100)), "g"), "n:g"
					}
					ok(t, w.g.Set(background, "before", "v"))
					w.all, w.some = watch(t, w.g), watch(t, w.g, store.WithPrefix("p"))
					test(t, w)
					// There are no events besides.
					ok(t, w.g.Set(background, "p end", "v"))
					w.all.want("set p end=v")
					w.some.want("set p end=v")
					w.all.cancel()
					w.all.wantError(context.Canceled)
				})
			}
		}
	})
}

// A consumer that is too slow delays no writer. It receives the events before the loss,
// then ErrLagged, and then what is written afterwards.
func TestWatchLags(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open(store.WithDurability(store.Normal))
		g := store.NewGroup[string](s, "g")
		w := watch(t, g, store.WithBuffer(3))
		for round := range 3 {
			for i := range 10 {
				ok(t, g.Set(background, fmt.Sprint(i), fmt.Sprint(round)))
			}
			for i := range 3 {
				w.want(fmt.Sprintf("set %d=%d", i, round))
			}
			w.wantError(store.ErrLagged)
			ok(t, g.Set(background, "after", "v"))
			w.want("set after=v")
		}
		for i := range 10 {
			ok(t, g.Set(background, fmt.Sprint(i), "last"))
		}
		ok(t, s.Close())
		w.want("set 0=last", "set 1=last", "set 2=last")
		w.wantError(store.ErrLagged)
		w.wantError(store.ErrClosed)
		if _, _, more := w.pull(); more {
			t.Error("goes on after the end")
		}
	})
}

// With many writers, a consumer receives every write once and in order, or ErrLagged in
// place of what it missed.
func TestWatchUnderLoad(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		const writers = 8
		each := 800
		if testing.Short() {
			each = 300
		}
		s := open(store.WithDurability(store.Normal))
		g := store.NewGroup[int64](s, "g")
		ctx, cancel := context.WithTimeout(background, patience)
		defer cancel()
		events := g.Watch(ctx, store.WithBuffer(256))
		var all sync.WaitGroup
		defer all.Wait() // also if the test has failed by then
		for i := range writers {
			all.Go(func() {
				for j := range each {
					if err := g.Set(background, fmt.Sprint(i), int64(j)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		go func() {
			all.Wait()
			// Repeated until the watcher receives it, since it may be lost too.
			for i := int64(0); ctx.Err() == nil; i++ {
				if g.Set(background, "end", i) != nil {
					return
				}
			}
		}()
		last, lagged := map[string]int64{}, map[string]bool{}
		for e, err := range events {
			if errors.Is(err, store.ErrLagged) {
				for i := range writers {
					lagged[fmt.Sprint(i)] = true
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if e.Key == "end" {
				break
			}
			// last is the value plus one, so that 0 means none.
			if e.Value < last[e.Key] || e.Value > last[e.Key] && !lagged[e.Key] {
				t.Fatalf("%s: %d follows %d without an ErrLagged", e.Key, e.Value, last[e.Key]-1)
			}
			last[e.Key], lagged[e.Key] = e.Value+1, false
		}
		cancel()
	})
}

// The writes of another store on the same file, as of another process, arrive as the latest
// state of each key. The store's own writes arrive one by one and in order.
func TestWatchOthers(t *testing.T) {
	t.Parallel()
	now := newClock()
	path := newPath(t)
	s := open(t, path, now.option(), store.WithPurgeInterval(0), store.WithDurability(store.Normal))
	other := open(t, path, now.option(), store.WithPurgeInterval(0), store.WithDurability(store.Normal))
	reader := open(t, path, store.WithReadOnly(), now.option())
	set(t, s, "g", "gone", "v")
	ok(t, s.SetWithTTL("g", "short", "v", time.Second))
	ws := []watched{watch(t, store.NewGroup[string](s, "g")), watch(t, store.NewGroup[string](reader, "g"))}
	each := func(want ...string) {
		t.Helper()
		for _, w := range ws {
			w.want(want...)
		}
	}
	set(t, other, "g", "k", "theirs")
	each("set k=theirs")
	ok(t, other.Delete("g", "gone"))
	each("delete gone")
	now.advance(time.Second)
	_, err := other.PurgeExpired()
	ok(t, err)
	each("expire short")
	ok(t, other.Update(background, func(tx *store.Tx) error {
		return store.NewGroup[string](tx, "g").Expire(background, "k", time.Hour)
	}))
	each("set k=theirs")
	p := openPrevious(t, path)
	ok(t, p.Set("g", "k", "of the previous release"))
	each("set k=of the previous release")

	// Own writes among theirs.
	const own = 300
	var both sync.WaitGroup
	both.Go(func() {
		for i := range own {
			set(t, other, "g", "theirs", fmt.Sprint(i))
		}
	})
	for i := range own {
		set(t, s, "g", "ours", fmt.Sprint(i))
	}
	both.Wait()
	set(t, s, "g", "end", "v")
	next, theirs := 0, ""
	for next < own || theirs != fmt.Sprint(own-1) {
		e, err, _ := ws[0].pull()
		ok(t, err)
		switch e.Key {
		case "ours":
			if e.Value != fmt.Sprint(next) {
				t.Fatalf("own write %d shows as %s", next, e.Value)
			}
			next++
		case "theirs":
			theirs = e.Value
		}
	}
}

// What the store itself commits after another process's commit, and before the watcher
// compares the group, arrives one by one and before the result of the comparison.
func TestWatchKeepsItsOwnApart(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	var s *store.Store
	comparisons := 0
	s, _ = openHooked(t, path, func(_ context.Context, method string, _ any) error {
		if method == "Align" {
			if comparisons++; comparisons == 1 {
				set(t, s, "g", "k", "1")
				set(t, s, "g", "k", "2")
				ok(t, s.Delete("g", "k"))
				set(t, s, "g", "k", "3")
			}
		}
		return nil
	})
	w := watch(t, store.NewGroup[string](s, "g"))
	set(t, open(t, path), "g", "a", "theirs")
	w.want("set k=1", "set k=2", "delete k", "set k=3", "set a=theirs")
	if err := s.Set("g", "end", "v"); err != nil {
		t.Fatal(err)
	}
	w.want("set end=v")
}

// A comparison that fails ends the iteration, after the events that are known.
func TestWatchFails(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	var armed atomic.Bool
	s, _ := openHooked(t, path, func(_ context.Context, method string, _ any) error {
		if method == "Align" && armed.Load() {
			return errFault
		}
		return nil
	})
	g := store.NewGroup[string](s, "g")
	foreign, lagged := watch(t, g), watch(t, g, store.WithBuffer(1))
	armed.Store(true)
	set(t, s, "g", "a", "1")
	set(t, s, "g", "b", "2")
	lagged.want("set a=1")
	lagged.wantError(store.ErrLagged)
	lagged.wantError(errFault)
	set(t, open(t, path), "g", "c", "theirs")
	foreign.want("set a=1", "set b=2")
	foreign.wantError(errFault)
}

// Lost events do not arrive with the next commit of another process. A key that another
// process deletes and creates again arrives even if its revision is lower.
func TestWatchAfterALoss(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := open(t, path)
	w := watch(t, store.NewGroup[string](s, "g"), store.WithBuffer(1))
	for i := range 5 {
		set(t, s, "g", fmt.Sprint(i), "v")
	}
	w.want("set 0=v")
	w.wantError(store.ErrLagged)
	db := raw(t, path)
	execute(t, db, "INSERT OR REPLACE INTO kv (grp, key, value) VALUES ('g', '3', 'again')")
	w.want("set 3=again")
	execute(t, db, "DELETE FROM kv WHERE key = '4'")
	w.want("delete 4")
}

func TestWatchEnds(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		start := func() (*store.Store, store.Group[string]) {
			s := open()
			return s, store.NewGroup[string](s, "g", store.WithCodec(picky{}))
		}
		t.Run("not at a bad value", func(t *testing.T) {
			s, g := start()
			events := g.Watch(background)
			ok(t, s.Set("g", "u", "undecodable"))
			ok(t, s.Set("g", "k", "v"))
			visits := 0
			for e, err := range events {
				if visits++; visits == 1 {
					var bad *store.Error
					if !errors.Is(err, errPicky) || !errors.As(err, &bad) || bad.Key != "u" || e.Key != "u" {
						t.Errorf("%+v, %v", e, err)
					}
					continue
				}
				if err != nil || e.Key != "k" || e.Value != "v" {
					t.Errorf("%+v, %v", e, err)
				}
				break
			}
		})
		t.Run("after one loop", func(t *testing.T) {
			s, g := start()
			events := g.Watch(background)
			ok(t, s.Set("g", "k", "v"))
			for range events {
				break
			}
			if err := lastError(events); err == nil {
				t.Error("a second loop has no error")
			}
		})
		t.Run("with its context", func(t *testing.T) {
			_, g := start()
			ctx, cancel := context.WithCancel(background)
			never := g.Watch(ctx)
			cancel()
			fails(t, lastError(never), context.Canceled)
			fails(t, lastError(g.Watch(ctx)), context.Canceled)
		})
		t.Run("in a transaction", func(t *testing.T) {
			s, g := start()
			ok(t, s.Update(background, func(tx *store.Tx) error {
				if err := lastError(g.WithTx(tx).Watch(background)); err == nil || errors.Is(err, store.ErrNested) {
					t.Errorf("Watch in a transaction: %v", err)
				}
				return nil
			}))
		})
		t.Run("without a buffer", func(t *testing.T) {
			_, g := start()
			if err := lastError(g.Watch(background, store.WithBuffer(0))); err == nil {
				t.Error("a buffer for nothing was not refused")
			}
		})
		t.Run("with its store", func(t *testing.T) {
			s, g := start()
			unread := g.Watch(background)
			blocked := make(chan error)
			live := g.Watch(background)
			go func() { blocked <- lastError(live) }()
			ok(t, s.Close())
			fails(t, receive(t, "the end of a watcher", blocked), store.ErrClosed)
			fails(t, lastError(unread), store.ErrClosed)
			fails(t, lastError(g.Watch(background)), store.ErrClosed)
		})
	})
}

// The writes of another process arrive in this one.
func TestWatchProcesses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "kv.db")
	s := open(t, path)
	w := watch(t, store.NewGroup[string](s, "0"))
	p := testprocess.Start(t, "write and read", path, "0", "20")
	latest := map[string]string{}
	for len(latest) < 20 {
		e, err, _ := w.pull()
		ok(t, err)
		latest[e.Key] = e.Value
	}
	p.Finish(t)
	wantAll(t, s, "0", latest)
}
