package store_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

// A session lives as long as it is used: each read postpones its expiry.
func Example_sessions() {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	s := newMemory(store.WithClock(func() time.Time { return now }), store.WithPurgeInterval(0))
	defer s.Close()

	type session struct{ User, Theme string }
	const idle = 30 * time.Minute
	ctx := context.Background()
	sessions := store.NewGroup[session](s, "session")
	must(sessions.Set(ctx, "5f1c", session{User: "alice", Theme: "light"}, store.TTL(idle)))

	now = now.Add(20 * time.Minute)
	v, err := sessions.GetAndTouch(ctx, "5f1c", idle) // one step: it cannot expire in between
	fmt.Println(v.User, err)

	// A change that keeps the expiry of the session.
	_, err = sessions.Modify(ctx, "5f1c", func(old session, found bool) (session, error) {
		if !found {
			return old, store.ErrNotFound
		}
		old.Theme = "dark"
		return old, nil
	}, store.KeepTTL())
	must(err)

	now = now.Add(idle)
	_, err = sessions.GetAndTouch(ctx, "5f1c", idle) // too late: the session has expired
	fmt.Println(errors.Is(err, store.ErrNotFound))
	// Output:
	// alice <nil>
	// true
}
