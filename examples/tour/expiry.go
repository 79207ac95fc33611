package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

// ttl is short, but not so short that a busy machine could let the keys expire
// before they are read once.
const ttl = time.Second

// expiry sets keys that expire and waits for the moment at which they do.
func expiry(g *guide, s *store.Store) error {
	g.title("Keys that expire")
	for _, user := range []string{"alice", "bob"} {
		if err := s.SetWithTTL("session", user, "s3cret", ttl); err != nil {
			return err
		}
	}
	g.say("SetWithTTL for alice and bob", "they live for %v", ttl)

	// A group of a type reads whole entries, with the time at which they expire.
	sessions := store.NewGroup[string](s, "session")
	bob, err := sessions.Entry(context.Background(), "bob")
	if err != nil {
		return err
	}
	g.say(`Entry("bob")`, "%q, expires at a known moment", bob.Value)

	// The wall clock decides, and it may be set while we wait.
	for left := time.Until(bob.ExpiresAt); left > 0; left = time.Until(bob.ExpiresAt) {
		<-time.After(left)
	}
	n, err := s.Count("session")
	if err != nil {
		return err
	}
	g.say("Count at that moment", "%d: gone, though nothing removed them yet", n)

	removed, err := s.PurgeExpired()
	if err != nil {
		return err
	}
	g.say("PurgeExpired()", "%d rows removed; a Store does it by itself too", removed)

	_, err = s.Get("session", "alice")
	if !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("an expired key gave %w, not ErrNotFound", err)
	}
	g.say(`Get("session", "alice")`, "%v", err)
	return nil
}
