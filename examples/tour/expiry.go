package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

// ttl is short, but long enough that the keys do not expire before their first read
// on a busy machine.
const ttl = time.Second

// expiry sets keys that expire, and waits until they do.
func expiry(g *guide, s *store.Store) error {
	g.title("Keys that expire")
	for _, user := range []string{"alice", "bob"} {
		if err := s.SetWithTTL("session", user, "s3cret", ttl); err != nil {
			return err
		}
	}
	g.say("SetWithTTL for alice and bob", "they live for %v", ttl)

	// A Group reads whole entries, with the time at which they expire.
	sessions := store.NewGroup[string](s, "session")
	bob, err := sessions.Entry(context.Background(), "bob")
	if err != nil {
		return err
	}
	g.say(`Entry("bob")`, "%q, expires at a known moment", bob.Value)

	// The wall clock decides, and somebody may set it while this waits.
	for left := time.Until(bob.ExpiresAt); left > 0; left = time.Until(bob.ExpiresAt) {
		<-time.After(left)
	}
	n, err := s.Count("session")
	if err != nil {
		return err
	}
	g.say("Count at that moment", "%d: unreadable, although nothing has removed them yet", n)

	removed, err := s.PurgeExpired()
	if err != nil {
		return err
	}
	g.say("PurgeExpired()", "%d rows removed; a Store also does this by itself", removed)

	_, err = s.Get("session", "alice")
	if !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("an expired key returned %w, not ErrNotFound", err)
	}
	g.say(`Get("session", "alice")`, "%v", err)
	return nil
}
