package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/store"
)

// The tests below are about an expired row that a Get has found.

func TestGetHasAnExpiredRowRemoved(t *testing.T) {
	t.Parallel()
	for name, interval := range map[string]time.Duration{"with purge": time.Hour, "without purge": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, now := newPath(t), newClock()
			s := open(t, path, now.option(), store.WithPurgeInterval(interval))
			for _, key := range []string{"read", "not read"} {
				if err := s.SetWithTTL("g", key, "v", time.Second); err != nil {
					t.Fatal(err)
				}
			}
			set(t, s, "g", "live", "v")
			now.advance(time.Second)
			wantAbsent(t, s, "g", "read")
			db := raw(t, path)
			await(t, "the row is removed", func() bool { return rows(t, db, "g", "read") == 0 })
			for _, key := range []string{"not read", "live"} {
				if rows(t, db, "g", key) != 1 {
					t.Errorf("the row of %q was removed too", key)
				}
			}
		})
	}
}

// A value that is set between a Get of an expired row and the removal of that row stays.
// In the previous release the Get removed it: it deleted the row without a second check.
func TestAValueSetBeforeTheRemovalStays(t *testing.T) {
	t.Parallel()
	now := newClock()
	tests := map[string]engine.Expiry{
		"without TTL":          engine.Never,
		"with TTL":             engine.ExpireAt(now.milli() + 60_000),
		"with TTL, just alive": engine.ExpireAt(now.milli() + 1001),
	}
	for _, backend := range backends {
		for name, expiry := range tests {
			t.Run(backend+", "+name, func(t *testing.T) {
				t.Parallel()
				path, now := ":memory:", newClock()
				if backend == "file" {
					path = newPath(t)
				}
				removed := make(chan int64, 1)
				var s *store.Store
				var h *hooked
				s, h = openHooked(t, path, func(ctx context.Context, method string, arg any) error {
					if method != "DeleteExpired" {
						return nil
					}
					// Get has found the row expired. Now the key is set again.
					key := arg.(engine.DeleteExpiredParams)
					err := h.Engine.Set(ctx, engine.SetParams{Grp: key.Grp, Key: key.Key, Value: "new", ExpiresAt: expiry})
					if err != nil {
						return err
					}
					n, err := h.Engine.DeleteExpired(ctx, key)
					removed <- n
					return err
				}, now.option(), store.WithPurgeInterval(0))

				if err := s.SetWithTTL("g", "k", "old", time.Second); err != nil {
					t.Fatal(err)
				}
				now.advance(time.Second)
				wantAbsent(t, s, "g", "k")
				if n := receive(t, "the removal is tried", removed); n != 0 {
					t.Errorf("removed %d rows", n)
				}
				wantValue(t, s, "g", "k", "new")
			})
		}
	}
}

// Readers and a writer meet at keys that expire, in whatever order they run.
func TestReadsOfExpiredKeysLoseNoWrite(t *testing.T) {
	t.Parallel()
	path, now := newPath(t), newClock()
	s := open(t, path, now.option(), store.WithPurgeInterval(time.Millisecond), store.WithDurability(store.Normal))
	rounds := 200
	if testing.Short() {
		rounds = 50
	}
	for round := range rounds {
		key := fmt.Sprint("k", round)
		if err := s.SetWithTTL("g", key, "old", time.Millisecond); err != nil {
			t.Fatal(err)
		}
		now.advance(time.Millisecond)
		var wg sync.WaitGroup
		begin := make(chan struct{})
		for range 4 {
			wg.Go(func() {
				<-begin
				if got, err := s.Get("g", key); err == nil && got != "new" {
					t.Errorf("Get(%s) = %q after its expiry", key, got)
				} else if err != nil && !errors.Is(err, store.ErrNotFound) {
					t.Error(err)
				}
			})
		}
		wg.Go(func() {
			<-begin
			if err := s.Set("g", key, "new"); err != nil {
				t.Error(err)
			}
		})
		close(begin)
		wg.Wait()
		wantValue(t, s, "g", key, "new")
	}
	if err := s.Close(); err != nil { // with or without the remaining removals
		t.Fatal(err)
	}
	wantCount(t, open(t, path, now.option()), "g", rounds)
}

// A Get of an expired key does not wait for a writer of another process or of this one.
func TestGetOfAnExpiredKeyNeverWaits(t *testing.T) {
	t.Parallel()
	const expired = 600
	path, now := newPath(t), newClock()
	s := open(t, path, now.option(), store.WithPurgeInterval(0), store.WithBusyTimeout(time.Hour))
	for i := range expired { // more than the queue for removal holds
		if err := s.SetWithTTL("g", fmt.Sprint(i), "v", time.Second); err != nil {
			t.Fatal(err)
		}
	}
	now.advance(time.Second)
	db := raw(t, path)
	execute(t, db, "BEGIN IMMEDIATE")
	read := make(chan struct{})
	go func() {
		defer close(read)
		for i := range expired {
			if _, err := s.Get("g", fmt.Sprint(i)); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("Get = %v, want ErrNotFound", err)
			}
		}
	}()
	receive(t, "Gets return while the file is locked", read)
	if n := number(t, db, "SELECT COUNT(*) FROM kv"); n != expired {
		t.Errorf("%d rows are left while the file is locked", n)
	}
	execute(t, db, "COMMIT")
	await(t, "a row is removed", func() bool { return number(t, db, "SELECT COUNT(*) FROM kv") < expired })
	// The purge removes the rows that did not fit into the queue.
	if _, err := s.PurgeExpired(); err != nil {
		t.Fatal(err)
	}
	if n := number(t, db, "SELECT COUNT(*) FROM kv"); n != 0 {
		t.Errorf("%d rows are left after the purge", n)
	}
}

// Close cancels a removal that waits for a lock, so it does not wait for the busy timeout.
func TestCloseDoesNotWaitForARemoval(t *testing.T) {
	t.Parallel()
	path, now := newPath(t), newClock()
	removing := make(chan struct{}, 1)
	s, _ := openHooked(t, path, func(_ context.Context, method string, _ any) error {
		if method == "DeleteExpired" {
			removing <- struct{}{}
		}
		return nil
	}, now.option(), store.WithPurgeInterval(0))
	if err := s.SetWithTTL("g", "k", "v", time.Second); err != nil {
		t.Fatal(err)
	}
	now.advance(time.Second)
	db := raw(t, path)
	execute(t, db, "BEGIN IMMEDIATE")
	wantAbsent(t, s, "g", "k")
	receive(t, "the removal begins", removing)
	began := time.Now()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("Close took %v, which is about the engine's busy timeout", took)
	}
	execute(t, db, "COMMIT")
	if rows(t, db, "g", "k") != 1 {
		t.Error("the row was removed although the file was locked")
	}
}
