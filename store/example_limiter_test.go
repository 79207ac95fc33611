package store_test

import (
	"context"
	"fmt"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

// A limit of calls per minute that holds across processes. The minute is part of the
// key, so each minute has a counter of its own; the expiry only removes old counters.
func Example_rateLimiter() {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	s := newMemory(store.WithClock(func() time.Time { return now }), store.WithPurgeInterval(0))
	defer s.Close()

	const most = 2
	calls := store.NewGroup[int64](s, "calls")
	allow := func(ctx context.Context, user string) (bool, error) {
		minute := now.Truncate(time.Minute)
		n, err := store.Increment(ctx, calls, user+"/"+minute.Format("15:04"), 1, store.ExpireAt(minute.Add(time.Minute)))
		return n <= most, err
	}

	ctx := context.Background()
	for range 3 {
		fmt.Println(allow(ctx, "alice"))
	}
	now = now.Add(time.Minute)
	fmt.Println(allow(ctx, "alice"))
	// Output:
	// true <nil>
	// true <nil>
	// false <nil>
	// true <nil>
}
