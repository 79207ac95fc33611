package contender

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"testing"
)

// TestEachContenderIsAStore keeps the figures comparable: every adapter must return the same for the same calls, at either
// durability.
func TestEachContenderIsAStore(t *testing.T) {
	for _, c := range All() {
		if c.Roles == Sync {
			continue // only writes
		}
		for _, durability := range []Durability{Synced, Own} {
			t.Run(c.Name+"/"+string(durability), func(t *testing.T) {
				t.Parallel()
				check := suite{c: c, config: Config{Durability: durability}, dir: t.TempDir()}
				check.open(t)
				t.Run("set, get, overwrite", check.setGet)
				t.Run("load and whole group", check.group)
				t.Run("expiry", check.expiry)
				check.close(t)
				if !c.Volatile {
					t.Run("reopen", check.reopen)
				}
			})
		}
	}
}

type suite struct {
	c      Contender
	config Config
	dir    string
	store  Store
}

func (s *suite) open(t *testing.T) {
	t.Helper()
	store, err := s.c.Open(s.dir, s.config)
	if err != nil {
		t.Fatal(err)
	}
	s.store = store
}

func (s *suite) close(t *testing.T) {
	t.Helper()
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
}

func (s *suite) want(t *testing.T, group, key, want string) {
	t.Helper()
	got, err := s.store.Get(group, key)
	if err != nil || got != want {
		t.Fatalf("Get(%q, %q) = %q, %v; want %q", group, key, got, err, want)
	}
}

func (s *suite) wantNone(t *testing.T, group, key string) {
	t.Helper()
	if got, err := s.store.Get(group, key); !errors.Is(err, ErrNotFound) {
		t.Fatalf("Get(%q, %q) = %q, %v; want ErrNotFound", group, key, got, err)
	}
}

func (s *suite) setGet(t *testing.T) {
	s.wantNone(t, "single", "a")
	for _, value := range []string{"one", "two", "two"} {
		if err := s.store.Set("single", "a", value); err != nil {
			t.Fatal(err)
		}
		s.want(t, "single", "a", value)
	}
	if err := s.store.Set("other", "a", "elsewhere"); err != nil {
		t.Fatal(err)
	}
	s.want(t, "single", "a", "two")
	s.want(t, "other", "a", "elsewhere")
	s.wantNone(t, "single", "b")
}

func (s *suite) group(t *testing.T) {
	loader, ok := s.store.(Loader)
	if !ok {
		t.Fatal("not a Loader")
	}
	want := maps.Collect(numbered(250, "loaded"))
	if err := loader.Load("many", maps.All(want), 0); err != nil {
		t.Fatal(err)
	}
	s.want(t, "many", "key007", "loaded7")
	reader, ok := s.store.(GroupReader)
	if !ok {
		if s.c.Has(Group | GroupCold) {
			t.Fatal("not a GroupReader")
		}
		return
	}
	if err := s.store.Set("many", "key007", "changed"); err != nil {
		t.Fatal(err)
	}
	want["key007"] = "changed"
	got, err := reader.GetAll("many")
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(got, want) {
		t.Fatalf("GetAll returned %d keys, want %d, or a value differs", len(got), len(want))
	}
	if got, err := reader.GetAll("absent"); err != nil || len(got) != 0 {
		t.Fatalf("GetAll of an absent group = %v, %v", got, err)
	}
}

func (s *suite) reopen(t *testing.T) {
	s.open(t)
	defer s.close(t)
	s.want(t, "single", "a", "two")
	s.want(t, "other", "a", "elsewhere")
	s.want(t, "many", "key249", "loaded249")
	s.wantNone(t, "short", "key000")
}

// numbered yields n pairs in ascending order.
func numbered(n int, value string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for i := range n {
			if !yield(fmt.Sprintf("key%03d", i), fmt.Sprint(value, i)) {
				return
			}
		}
	}
}
