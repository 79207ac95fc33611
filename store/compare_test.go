package store_test

import (
	"errors"
	"maps"

	"forge.lthn.ai/core/go-store/store"
)

func wantAbsent(t tester, s *store.Store, group, key string) {
	t.Helper()
	got, err := s.Get(group, key)
	if !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("Get(%q, %q) = %s, %v; want ErrNotFound", group, key, brief(got), err)
	}
	if got != "" {
		t.Fatalf("Get(%q, %q) returned the value %s with ErrNotFound", group, key, brief(got))
	}
}

func wantAll(t tester, s *store.Store, group string, want map[string]string) {
	t.Helper()
	got, err := s.GetAll(group)
	if err != nil {
		t.Fatalf("GetAll(%q): %v", group, err)
	}
	if got == nil {
		t.Fatalf("GetAll(%q) returned a nil map", group)
	}
	if !maps.Equal(got, want) {
		t.Fatalf("GetAll(%q) = %.512q, want %.512q", group, got, want)
	}
}
