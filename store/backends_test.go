package store_test

import (
	"path/filepath"
	"testing"

	"forge.lthn.ai/core/go-store/store"
)

// backends are where a store can live. What a program sees must not depend on it.
var backends = []string{"file", "memory"}

// onEach runs a test on every backend. open gives it a store of its own.
func onEach(t *testing.T, test func(t *testing.T, open func(opts ...store.Option) *store.Store)) {
	t.Helper()
	for _, backend := range backends {
		t.Run(backend, func(t *testing.T) {
			t.Parallel()
			test(t, func(opts ...store.Option) *store.Store {
				t.Helper()
				path := ":memory:"
				if backend == "file" {
					path = newPath(t)
				}
				return open(t, path, opts...)
			})
		})
	}
}

// newPath is the path of a file that does not exist yet.
func newPath(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "kv.db")
}

// open opens a store that is closed with the test, if not before.
func open(t testing.TB, path string, opts ...store.Option) *store.Store {
	t.Helper()
	s, err := store.New(path, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

// tester is *testing.T, *testing.B, *testing.F and *rapid.T.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

func set(t tester, s *store.Store, group, key, value string) {
	t.Helper()
	if err := s.Set(group, key, value); err != nil {
		t.Fatalf("Set(%q, %q): %v", group, key, err)
	}
}

func wantValue(t tester, s *store.Store, group, key, want string) {
	t.Helper()
	got, err := s.Get(group, key)
	if err != nil {
		t.Fatalf("Get(%q, %q): %v", group, key, err)
	}
	if got != want {
		t.Fatalf("Get(%q, %q) = %s, want %s", group, key, brief(got), brief(want))
	}
}

func wantCount(t tester, s *store.Store, group string, want int) {
	t.Helper()
	got, err := s.Count(group)
	if err != nil {
		t.Fatalf("Count(%q): %v", group, err)
	}
	if got != want {
		t.Fatalf("Count(%q) = %d, want %d", group, got, want)
	}
}
