package store_test

import (
	"errors"
	"fmt"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

func ExampleStore_SetWithTTL() {
	// A clock that the example sets.
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	s := newMemory(store.WithPurgeInterval(0), store.WithClock(func() time.Time { return now }))
	defer s.Close()

	must(s.SetWithTTL("session", "alice", "token", 30*time.Minute))
	fmt.Println(s.Get("session", "alice"))

	now = now.Add(30 * time.Minute)
	_, err := s.Get("session", "alice")
	fmt.Println(errors.Is(err, store.ErrNotFound))
	// Output:
	// token <nil>
	// true
}

func ExampleStore_SetWithTTL_invalid() {
	s := newMemory()
	defer s.Close()

	err := s.SetWithTTL("session", "alice", "token", 0)
	fmt.Println(errors.Is(err, store.ErrInvalidTTL))
	// Output: true
}

func ExampleStore_PurgeExpired() {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	s := newMemory(store.WithPurgeInterval(0), store.WithClock(func() time.Time { return now }))
	defer s.Close()

	must(s.SetWithTTL("session", "alice", "token", time.Minute))
	must(s.SetWithTTL("session", "bob", "token", time.Hour))
	must(s.Set("session", "admin", "token"))

	now = now.Add(time.Minute)
	fmt.Println(s.Count("session")) // alice's row is still there, but cannot be read
	fmt.Println(s.PurgeExpired())   // how many rows it removed
	// Output:
	// 2 <nil>
	// 1 <nil>
}
