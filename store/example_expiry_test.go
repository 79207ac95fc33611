package store_test

import (
	"context"
	"fmt"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

func ExampleSetOption() {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	s := newMemory(store.WithPurgeInterval(0), store.WithClock(func() time.Time { return now }))
	defer s.Close()

	ctx := context.Background()
	cache := store.NewGroup[string](s, "cache")
	must(cache.Set(ctx, "a", "1", store.TTL(time.Hour)))
	must(cache.Set(ctx, "b", "1", store.ExpireAt(now.Add(time.Minute))))
	must(cache.Set(ctx, "a", "2", store.KeepTTL()))
	must(cache.Set(ctx, "b", "2")) // without an option it does not expire

	fmt.Println(cache.TTL(ctx, "a"))
	fmt.Println(cache.TTL(ctx, "b"))
	// Output:
	// 1h0m0s <nil>
	// 0s <nil>
}

func ExampleGroup_GetAndTouch() {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	s := newMemory(store.WithPurgeInterval(0), store.WithClock(func() time.Time { return now }))
	defer s.Close()

	ctx := context.Background()
	sessions := store.NewGroup[string](s, "session")
	must(sessions.Set(ctx, "alice", "token", store.TTL(30*time.Minute)))
	for range 3 { // in all longer than the TTL, but never idle that long
		now = now.Add(20 * time.Minute)
		_, err := sessions.GetAndTouch(ctx, "alice", 30*time.Minute)
		must(err)
	}
	fmt.Println(sessions.TTL(ctx, "alice"))
	// Output: 30m0s <nil>
}

func ExampleGroup_Expire() {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	s := newMemory(store.WithPurgeInterval(0), store.WithClock(func() time.Time { return now }))
	defer s.Close()

	ctx := context.Background()
	files := store.NewGroup[string](s, "files")
	must(files.Set(ctx, "report", "…"))
	must(files.Expire(ctx, "report", time.Hour))
	fmt.Println(files.TTL(ctx, "report"))
	must(files.Persist(ctx, "report"))
	fmt.Println(files.TTL(ctx, "report")) // 0: does not expire
	// Output:
	// 1h0m0s <nil>
	// 0s <nil>
}
