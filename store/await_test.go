package store_test

import (
	"runtime"
	"testing"
	"time"
)

// patience is how long a test waits for an event. A machine under load may need much of
// it, and only a broken store needs all of it.
const patience = 30 * time.Second

// await waits for an event that no channel reports.
func await(t testing.TB, what string, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !happened(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v without success: %s", patience, what)
		}
	}
}

// receive waits for a value from a channel.
func receive[V any](t testing.TB, what string, c <-chan V) V {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatalf("waited %v without success: %s", patience, what)
		panic("unreachable")
	}
}
