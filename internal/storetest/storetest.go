// Package storetest has what the tests of a store, of its engines and of the proof
// share: a new file, the file as plain SQLite sees it, and the verbs that most tests
// begin and end with.
//
// It imports neither package store nor an engine, so that the tests of both can use
// it.
package storetest

import (
	"fmt"
	"io"
	"testing"
)

// T is the part of testing.TB that the checks need. *rapid.T has it too.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Store is the part of a store that the checks need. A Tx and a Namespace have it too.
type Store interface {
	Set(group, key, value string) error
	Get(group, key string) (string, error)
}

// Opened returns s, which it closes at the end of the test. It fails the test if err,
// the error of opening s, is not nil, and if s does not close.
func Opened[S io.Closer](t testing.TB, s S, err error) S {
	t.Helper()
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

// Set sets a value.
func Set(t T, s Store, group, key, value string) {
	t.Helper()
	if err := s.Set(group, key, value); err != nil {
		t.Fatalf("Set(%.64q, %.64q): %v", group, key, err)
	}
}

// WantValue fails the test if the key does not have the value.
func WantValue(t T, s Store, group, key, want string) {
	t.Helper()
	got, err := s.Get(group, key)
	if err != nil {
		t.Fatalf("Get(%.64q, %.64q): %v", group, key, err)
	}
	if got != want {
		t.Fatalf("Get(%.64q, %.64q) = %s, want %s", group, key, Brief(got), Brief(want))
	}
}

// Brief quotes a value, which may be megabytes long, and shortens it.
func Brief(s string) string {
	if len(s) > 64 {
		return fmt.Sprintf("%q… (%d bytes)", s[:64], len(s))
	}
	return fmt.Sprintf("%q", s)
}
