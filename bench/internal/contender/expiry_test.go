package contender

import (
	"errors"
	"testing"
	"time"
)

func (s *suite) expiry(t *testing.T) {
	loader := s.store.(Loader)
	err := loader.Load("short", numbered(100, "short"), time.Millisecond)
	if errors.Is(err, errNoTTL) && !s.c.Has(Purge) {
		t.Skip("has no expiry")
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := loader.Load("long", numbered(100, "long"), time.Hour); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); ; {
		if _, err := s.store.Get("short", "key099"); errors.Is(err, ErrNotFound) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("did not expire")
		}
	}
	s.want(t, "long", "key099", "long99")
	if !s.c.Has(Purge) {
		return
	}
	if waiter, ok := s.store.(interface{ AwaitExpiry(n int) error }); ok {
		if err := waiter.AwaitExpiry(100); err != nil {
			t.Fatal(err)
		}
	}
	n, err := s.store.(Purger).PurgeExpired()
	if err != nil || n != 100 {
		t.Fatalf("PurgeExpired() = %d, %v; want 100", n, err)
	}
	s.want(t, "long", "key099", "long99")
	s.wantNone(t, "short", "key000")
}
