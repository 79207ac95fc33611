package store_test

import (
	"testing"

	"forge.lthn.ai/core/go-store/store"
)

// backends are the places of a store. A program must not see a difference.
var backends = []string{"file", "memory"}

// onEach runs a test on every backend. open opens a new store there.
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
