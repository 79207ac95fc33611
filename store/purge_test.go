package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/store"
)

func TestPurgeExpiredCounts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		now := newClock()
		s := open(now.option(), store.WithPurgeInterval(0))
		for i := range 10 {
			// Expire after 1 s, 2 s … 10 s, in three groups.
			if err := s.SetWithTTL(fmt.Sprint("g", i%3), fmt.Sprint(i), "v", time.Duration(i+1)*time.Second); err != nil {
				t.Fatal(err)
			}
			set(t, s, fmt.Sprint("g", i%3), fmt.Sprint("live", i), "v")
		}
		wantPurged := func(want int64) {
			t.Helper()
			if n, err := s.PurgeExpired(); n != want || err != nil {
				t.Errorf("PurgeExpired = %d, %v; want %d", n, err, want)
			}
		}
		wantPurged(0)
		now.advance(time.Second - 1)
		wantPurged(0)
		now.advance(1)
		wantPurged(1)
		wantPurged(0)
		now.advance(4 * time.Second)
		wantPurged(4)
		now.advance(time.Hour)
		wantPurged(5)
		wantPurged(0)
		for g, want := range []int{4, 3, 3} {
			wantCount(t, s, fmt.Sprint("g", g), want)
		}
	})
}

// A purge works in batches, and other writers get a turn between two of them. A write that
// had to wait for the whole purge would wait here for ever.
func TestWritersGetInBetweenBatches(t *testing.T) {
	t.Parallel()
	const expired, mostRows = 6000, 5000
	for _, backend := range backends {
		t.Run(backend, func(t *testing.T) {
			t.Parallel()
			path, now := ":memory:", newClock()
			if backend == "file" {
				path = newPath(t)
			}
			var batches, written atomic.Int64
			var s *store.Store
			s, _ = openHooked(t, path, func(_ context.Context, method string, arg any) error {
				if method != "PurgeExpired" {
					return nil
				}
				if n := arg.(engine.PurgeExpiredParams).MaxRows; n < 1 || n > mostRows {
					t.Errorf("a batch of %d rows", n)
				}
				set := make(chan error, 1)
				go func() { set <- s.Set("live", fmt.Sprint(batches.Add(1)), "v") }()
				if err := receive(t, "a write between two batches", set); err != nil {
					return err
				}
				written.Add(1)
				return nil
			}, now.option(), store.WithPurgeInterval(0), store.WithDurability(store.Normal))
			fill(t, s, "old", expired, time.Second)
			now.advance(time.Second)
			if n, err := s.PurgeExpired(); n != expired || err != nil {
				t.Fatalf("PurgeExpired = %d, %v; want %d", n, err, expired)
			}
			if batches.Load() < 2 {
				t.Errorf("%d batches for %d rows", batches.Load(), expired)
			}
			wantCount(t, s, "live", int(written.Load()))
			wantCount(t, s, "old", 0)
		})
	}
}

// fill sets keys with a TTL from several goroutines, which share commits.
func fill(t testing.TB, s *store.Store, group string, keys int, ttl time.Duration) {
	t.Helper()
	const writers = 32
	errs := make(chan error, writers)
	for w := range writers {
		go func() {
			for i := w; i < keys; i += writers {
				if err := s.SetWithTTL(group, fmt.Sprintf("k%06d", i), "v", ttl); err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	for range writers {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
}

// A purge during which the store is closed returns the number of rows that it has removed.
func TestPurgeWhileClosing(t *testing.T) {
	t.Parallel()
	const expired = 3000
	path, now := newPath(t), newClock()
	batches := 0
	closed := make(chan error, 1)
	var s *store.Store
	s, _ = openHooked(t, path, func(_ context.Context, method string, _ any) error {
		if method == "PurgeExpired" {
			if batches++; batches == 2 {
				go func() { closed <- s.Close() }()
			}
		}
		return nil
	}, now.option(), store.WithPurgeInterval(0), store.WithDurability(store.Normal))
	fill(t, s, "old", expired, time.Second)
	now.advance(time.Second)
	n, err := s.PurgeExpired()
	if err := receive(t, "Close", closed); err != nil {
		t.Fatal(err)
	}
	if n <= 0 || n < expired && err == nil || err != nil && !errors.Is(err, store.ErrClosed) {
		t.Errorf("PurgeExpired = %d, %v", n, err)
	}
	if left := number(t, raw(t, path), "SELECT COUNT(*) FROM kv"); left != expired-n {
		t.Errorf("PurgeExpired = %d, %v; and %d rows of %d are left", n, err, left, expired)
	}
}
