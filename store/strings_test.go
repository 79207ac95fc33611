package store_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

func TestVerbs(t *testing.T) {
	t.Parallel()
	type state = map[string]map[string]string // group, key, value
	tests := []struct {
		name string
		do   func(s *store.Store) error
		want state
	}{
		{
			"nothing", func(*store.Store) error { return nil },
			state{"config": {"theme": "dark", "lang": "en-GB"}, "miner": {"theme": "light"}},
		},
		{
			"Set a new key", func(s *store.Store) error { return s.Set("config", "size", "12") },
			state{"config": {"theme": "dark", "lang": "en-GB", "size": "12"}, "miner": {"theme": "light"}},
		},
		{
			"Set over a key", func(s *store.Store) error { return s.Set("config", "theme", "blue") },
			state{"config": {"theme": "blue", "lang": "en-GB"}, "miner": {"theme": "light"}},
		},
		{
			"Set the same again", func(s *store.Store) error { return s.Set("config", "theme", "dark") },
			state{"config": {"theme": "dark", "lang": "en-GB"}, "miner": {"theme": "light"}},
		},
		{
			"Set to nothing", func(s *store.Store) error { return s.Set("config", "theme", "") },
			state{"config": {"theme": "", "lang": "en-GB"}, "miner": {"theme": "light"}},
		},
		{
			"Set in a new group", func(s *store.Store) error { return s.Set("new", "theme", "x") },
			state{"config": {"theme": "dark", "lang": "en-GB"}, "miner": {"theme": "light"}, "new": {"theme": "x"}},
		},
		{
			"SetWithTTL a new key", func(s *store.Store) error { return s.SetWithTTL("miner", "pool", "eu", time.Hour) },
			state{"config": {"theme": "dark", "lang": "en-GB"}, "miner": {"theme": "light", "pool": "eu"}},
		},
		{
			"SetWithTTL over a key", func(s *store.Store) error { return s.SetWithTTL("miner", "theme", "eu", time.Hour) },
			state{"config": {"theme": "dark", "lang": "en-GB"}, "miner": {"theme": "eu"}},
		},
		{
			"Delete", func(s *store.Store) error { return s.Delete("config", "theme") },
			state{"config": {"lang": "en-GB"}, "miner": {"theme": "light"}},
		},
		{
			"Delete twice", func(s *store.Store) error {
				return firstError(s.Delete("config", "theme"), s.Delete("config", "theme"))
			},
			state{"config": {"lang": "en-GB"}, "miner": {"theme": "light"}},
		},
		{
			"Delete an absent key", func(s *store.Store) error { return s.Delete("config", "nope") },
			state{"config": {"theme": "dark", "lang": "en-GB"}, "miner": {"theme": "light"}},
		},
		{
			"Delete in an absent group", func(s *store.Store) error { return s.Delete("nope", "theme") },
			state{"config": {"theme": "dark", "lang": "en-GB"}, "miner": {"theme": "light"}},
		},
		{
			"Delete and Set", func(s *store.Store) error {
				return firstError(s.Delete("config", "theme"), s.Set("config", "theme", "back"))
			},
			state{"config": {"theme": "back", "lang": "en-GB"}, "miner": {"theme": "light"}},
		},
		{
			"DeleteGroup", func(s *store.Store) error { return s.DeleteGroup("config") },
			state{"config": {}, "miner": {"theme": "light"}},
		},
		{
			"DeleteGroup twice", func(s *store.Store) error {
				return firstError(s.DeleteGroup("config"), s.DeleteGroup("config"))
			},
			state{"config": {}, "miner": {"theme": "light"}},
		},
		{
			"DeleteGroup of an absent one", func(s *store.Store) error { return s.DeleteGroup("conf") },
			state{"config": {"theme": "dark", "lang": "en-GB"}, "miner": {"theme": "light"}},
		},
		{
			"DeleteGroup with a wildcard", func(s *store.Store) error { return s.DeleteGroup("%") },
			state{"config": {"theme": "dark", "lang": "en-GB"}, "miner": {"theme": "light"}},
		},
		{
			"PurgeExpired of nothing", func(s *store.Store) error {
				n, err := s.PurgeExpired()
				if n != 0 {
					err = fmt.Errorf("purged %d", n)
				}
				return err
			},
			state{"config": {"theme": "dark", "lang": "en-GB"}, "miner": {"theme": "light"}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
				s := open()
				set(t, s, "config", "theme", "dark")
				set(t, s, "config", "lang", "en-GB")
				set(t, s, "miner", "theme", "light")
				if err := test.do(s); err != nil {
					t.Fatal(err)
				}
				for group, keys := range test.want {
					wantAll(t, s, group, keys)
					wantCount(t, s, group, len(keys))
					for key, value := range keys {
						wantValue(t, s, group, key, value)
					}
				}
				for _, key := range []string{"theme", "lang"} {
					if _, ok := test.want["config"][key]; !ok {
						wantAbsent(t, s, "config", key)
					}
				}
			})
		})
	}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestReadsOfAnAbsentGroup(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open()
		wantAbsent(t, s, "nope", "nope")
		wantAll(t, s, "nope", map[string]string{}) // and not nil
		wantCount(t, s, "nope", 0)
		if got, err := s.Render("empty", "nope"); got != "empty" || err != nil {
			t.Fatalf("Render = %q, %v", got, err)
		}
	})
}

func TestCallerOwnsTheMapOfGetAll(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open()
		set(t, s, "g", "k", "v")
		want := map[string]string{"k": "v"}
		for range 2 {
			all, err := s.GetAll("g")
			if err != nil || !maps.Equal(all, want) {
				t.Fatalf("GetAll = %q, %v", all, err)
			}
			all["k"], all["other"] = "changed", "added"
		}
		wantAll(t, s, "g", want)
		wantValue(t, s, "g", "k", "v")
	})
}

func TestCountOfManyKeys(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open(store.WithDurability(store.Normal))
		want := map[string]string{}
		for i := range 600 {
			key := fmt.Sprintf("k%04d", i)
			want[key] = strings.Repeat("v", i%7)
			set(t, s, "g", key, want[key])
		}
		wantCount(t, s, "g", len(want))
		wantAll(t, s, "g", want)
	})
}

func TestStoresInMemoryAreApart(t *testing.T) {
	t.Parallel()
	a, b := open(t, ":memory:"), open(t, ":memory:")
	set(t, a, "g", "k", "of a")
	wantAbsent(t, b, "g", "k")
	set(t, b, "g", "k", "of b")
	wantValue(t, a, "g", "k", "of a")
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	wantValue(t, a, "g", "k", "of a")
}

func TestAFileIsKept(t *testing.T) {
	t.Parallel()
	for _, d := range []store.Durability{store.Full, store.Normal} {
		t.Run(fmt.Sprint(d), func(t *testing.T) {
			t.Parallel()
			path := newPath(t)
			for i := range 3 {
				s := open(t, path, store.WithDurability(d))
				if i > 0 {
					wantValue(t, s, "g", "k", fmt.Sprint(i-1))
				}
				set(t, s, "g", "k", fmt.Sprint(i))
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// Neither of two stores on one file reads a stale value from its cache.
func TestTwoStoresOnOneFile(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	a, b := open(t, path), open(t, path)
	for i := range 100 {
		set(t, a, "g", "k", fmt.Sprint("a", i))
		wantValue(t, b, "g", "k", fmt.Sprint("a", i))
		set(t, b, "g", "k", fmt.Sprint("b", i))
		wantValue(t, a, "g", "k", fmt.Sprint("b", i))
		if err := a.Delete("g", "k"); err != nil {
			t.Fatal(err)
		}
		wantAbsent(t, b, "g", "k")
	}
}
