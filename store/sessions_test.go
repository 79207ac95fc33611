package store_test

import (
	"testing"

	"forge.lthn.ai/core/go-store/store"
)

// place is where a verb can work. in runs fn there: in a new transaction each time, or with
// the same store or namespace.
type place struct {
	store *store.Store
	group string // what "g" of the session is called in the store
	in    func(fn func(store.Session))
}

// run runs a subtest in the place.
func (p place) run(t *testing.T, name string, test func(t *testing.T, at store.Session)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		p.in(func(at store.Session) { test(t, at) })
	})
}

// onEachPlace runs a test on a store, in transactions, and in a namespace with and without
// limits, each in a file and in memory. A verb does the same in all of them.
func onEachPlace(t *testing.T, test func(t *testing.T, p place, now *clock)) {
	t.Helper()
	places := map[string]func(t *testing.T, s *store.Store) place{
		"Store": func(_ *testing.T, s *store.Store) place {
			return place{s, "g", func(fn func(store.Session)) { fn(s) }}
		},
		"Tx": func(t *testing.T, s *store.Store) place {
			return place{s, "g", func(fn func(store.Session)) {
				t.Helper()
				if err := s.Update(background, func(tx *store.Tx) error { fn(tx); return nil }); err != nil {
					t.Fatalf("Update: %v", err)
				}
			}}
		},
		"Namespace": func(t *testing.T, s *store.Store) place {
			n := namespace(t, s, "tenant")
			return place{s, "tenant:g", func(fn func(store.Session)) { fn(n) }}
		},
		"limited Namespace": func(t *testing.T, s *store.Store) place {
			n := namespace(t, s, "tenant", store.WithMaxKeys(1000), store.WithMaxBytes(1_000_000))
			return place{s, "tenant:g", func(fn func(store.Session)) { fn(n) }}
		},
	}
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		for name, at := range places {
			t.Run(name, func(t *testing.T) {
				now := newClock()
				s := open(now.option(), store.WithPurgeInterval(0), store.WithDurability(store.Normal))
				test(t, at(t, s), now)
			})
		}
	})
}

func namespace(t testing.TB, s *store.Store, name string, opts ...store.NamespaceOption) *store.Namespace {
	t.Helper()
	n, err := s.Namespace(name, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
