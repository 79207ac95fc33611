package store_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/storetest"
	"forge.lthn.ai/core/go-store/store"
)

func TestClosedStore(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open()
		set(t, s, "g", "k", "v")
		for range 3 {
			if err := s.Close(); err != nil {
				t.Fatalf("Close: %v", err)
			}
			for _, verb := range verbs(s, "g", "k") {
				if err := verb.do(); !errors.Is(err, store.ErrClosed) {
					t.Errorf("%s: %v, want ErrClosed", verb.op, err)
				}
			}
		}
		if all, err := s.GetAll("g"); all != nil {
			t.Errorf("GetAll = %q, %v", all, err)
		}
		// An error of the arguments takes precedence over ErrClosed.
		if err := s.SetWithTTL("g", "k", "v", 0); !errors.Is(err, store.ErrInvalidTTL) {
			t.Errorf("SetWithTTL: %v, want ErrInvalidTTL", err)
		}
		if _, err := s.Render("{{", "g"); err == nil || errors.Is(err, store.ErrClosed) {
			t.Errorf("Render: %v, want an error of the template", err)
		}
	})
}

func TestCloseLeavesOneFile(t *testing.T) {
	t.Parallel()
	for name, use := range map[string]func(t *testing.T, s *store.Store){
		"unused":  func(*testing.T, *store.Store) {},
		"written": func(t *testing.T, s *store.Store) { set(t, s, "g", "k", "v") },
		"read": func(t *testing.T, s *store.Store) {
			set(t, s, "g", "k", "v")
			var wg sync.WaitGroup
			for range 16 {
				wg.Go(func() {
					for range 10 {
						if _, err := s.GetAll("g"); err != nil {
							t.Error(err)
						}
					}
				})
			}
			wg.Wait()
		},
		"purged": func(t *testing.T, s *store.Store) {
			if _, err := s.PurgeExpired(); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := newPath(t)
			s := open(t, path)
			use(t, s)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if files := slices.Sorted(maps.Keys(storetest.Folder(t, path))); !slices.Equal(files, []string{"kv.db"}) {
				t.Errorf("after Close there are %q", files)
			}
		})
	}
}

func TestCloseFromManyGoroutines(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open()
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
				if err := s.Set("g", "k", "v"); !errors.Is(err, store.ErrClosed) {
					t.Errorf("Set after Close: %v", err)
				}
			})
		}
		wg.Wait()
	})
}

// slow is an engine that can block a Set or a GetAll inside an open transaction.
type slow struct {
	engine.Engine
	inside chan struct{} // a call is inside
	goOn   chan struct{} // it may go on
}

func (e slow) Set(ctx context.Context, arg engine.SetParams) error {
	return e.Update(ctx, func(tx engine.Tx) error {
		close(e.inside)
		<-e.goOn
		return tx.Set(ctx, arg)
	})
}

func (e slow) GetAll(ctx context.Context, arg engine.GetAllParams) (all map[string]string, err error) {
	err = e.View(ctx, func(r engine.Reader) error {
		close(e.inside)
		<-e.goOn
		all, err = r.GetAll(ctx, arg)
		return err
	})
	return all, err
}

func TestCloseWaitsForCallsUnderWay(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(s *store.Store) error{
		"a write": func(s *store.Store) error { return s.Set("g", "late", "v") },
		"a read": func(s *store.Store) error {
			all, err := s.GetAll("g")
			if err == nil && !maps.Equal(all, map[string]string{"early": "v"}) {
				t.Errorf("GetAll = %q", all)
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := newPath(t)
			eng := slow{openEngine(t, path), make(chan struct{}), make(chan struct{})}
			early := engine.SetParams{Grp: "g", Key: "early", Value: "v", ExpiresAt: engine.Never}
			if err := eng.Engine.Set(context.Background(), early); err != nil {
				t.Fatal(err)
			}
			s, err := store.NewOn(eng, store.WithPurgeInterval(0))
			if err != nil {
				t.Fatal(err)
			}
			called, closed := make(chan error, 1), make(chan error, 1)
			go func() { called <- call(s) }()
			receive(t, "the call is in progress", eng.inside)
			go func() { closed <- s.Close() }()
			// As soon as Close has begun, calls return ErrClosed.
			await(t, "Close begins", func() bool {
				ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
				defer cancel()
				_, err := eng.Delete(ctx, engine.DeleteParams{Grp: "absent"})
				return errors.Is(err, store.ErrClosed)
			})
			select {
			case err := <-closed:
				t.Fatalf("Close did not wait: %v", err)
			default:
			}
			close(eng.goOn)
			if err := receive(t, "the call returns", called); err != nil {
				t.Errorf("the call in progress: %v", err)
			}
			if err := receive(t, "Close returns", closed); err != nil {
				t.Errorf("Close: %v", err)
			}
			if name == "a write" {
				wantValue(t, open(t, path), "g", "late", "v")
			}
		})
	}
}

// After Close, the file holds every write that returned nil and none that returned
// ErrClosed.
func TestCloseUnderLoad(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := open(t, path, store.WithDurability(store.Normal))
	const writers = 16
	var wg sync.WaitGroup
	var written [writers]int
	started := make(chan struct{}, writers)
	for w := range writers {
		wg.Go(func() {
			for i := 0; ; i++ {
				err := s.Set("g", string(rune('a'+w))+string(rune('a'+i)), "v")
				if errors.Is(err, store.ErrClosed) {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				if written[w]++; i == 0 {
					started <- struct{}{}
				}
			}
		})
	}
	for range writers {
		receive(t, "a writer is at work", started)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	total := 0
	for _, n := range written {
		total += n
	}
	wantCount(t, open(t, path), "g", total)
}

// A Close in an Update is refused even if another Close waits for that Update.
func TestCloseInATransactionWhileAnotherCloses(t *testing.T) {
	t.Parallel()
	s := open(t, newPath(t))
	g := store.NewGroup[string](s, "g")
	closed := make(chan error, 1)
	err := s.Update(background, func(tx *store.Tx) error {
		go func() { closed <- s.Close() }()
		await(t, "Close begins", func() bool {
			refused := make(chan error)
			go func() {
				ctx, cancel := context.WithTimeout(background, time.Millisecond)
				defer cancel()
				refused <- g.Set(ctx, "k", "x")
			}()
			return errors.Is(<-refused, store.ErrClosed)
		})
		fails(t, s.Close(), store.ErrNested)
		return tx.Set("g", "k", "v")
	})
	ok(t, err)
	ok(t, receive(t, "Close returns", closed))
}
