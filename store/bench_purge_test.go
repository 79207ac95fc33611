package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

// BenchmarkPurgeExpired_WhileWriting purges 100,000 expired keys among 1,000,000 live
// ones while one goroutine writes. It reports how long the writes and the purge take. Run
// it with -benchtime 1x: making the file takes a while, and happens once.
func BenchmarkPurgeExpired_WhileWriting(b *testing.B) {
	live, expired := 1_000_000, 100_000
	if testing.Short() {
		live, expired = live/10, expired/10
	}
	path := newPath(b)
	now := newClock()
	s := open(b, path, now.option(), store.WithPurgeInterval(0))
	load(b, path, live, func(i int) (string, any) { return fmt.Sprintf("key-%07d", i), nil })
	var all []time.Duration
	var longest time.Duration
	b.ResetTimer()
	for n := range b.N {
		b.StopTimer()
		// The expired keys lie among the live ones, and not in the order of their expiry.
		load(b, path, expired, func(i int) (string, any) {
			return fmt.Sprintf("key-%07d-old", i*(live/expired)), now.milli() - rand.Int64N(3_600_000)
		})
		var purging, stop atomic.Bool
		writing, done := make(chan struct{}), make(chan error, 1)
		var times []time.Duration
		go func() {
			for i := 0; !stop.Load(); i++ {
				key := fmt.Sprintf("key-%07d", rand.IntN(live))
				value := benchValue(n<<30 + i)
				began := time.Now()
				if err := s.Set("g", key, value); err != nil {
					done <- err
					return
				}
				if purging.Load() {
					times = append(times, time.Since(began))
				}
				if i == 100 { // at full speed
					close(writing)
				}
			}
			done <- nil
		}()
		<-writing
		b.StartTimer()
		purging.Store(true)
		removed, err := s.PurgeExpired()
		b.StopTimer()
		stop.Store(true)
		if writeErr := <-done; writeErr != nil || err != nil || removed != int64(expired) {
			b.Fatalf("purged %d, %v; writer: %v", removed, err, writeErr)
		}
		all = append(all, times...)
		longest = max(longest, slices.Max(times))
	}
	slices.Sort(all)
	milliseconds := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	b.ReportMetric(milliseconds(all[len(all)*99/100]), "p99-ms")
	b.ReportMetric(milliseconds(longest), "max-ms")
	b.ReportMetric(float64(len(all))/b.Elapsed().Seconds(), "writes/s")
}

// load writes keys to the file with plain SQL, in one transaction.
func load(b *testing.B, path string, keys int, key func(i int) (key string, expires any)) {
	b.Helper()
	db := raw(b, path)
	execute(b, db, "BEGIN IMMEDIATE")
	insert, err := db.Prepare(previousSet)
	if err != nil {
		b.Fatal(err)
	}
	for i := range keys {
		key, expires := key(i)
		if _, err := insert.Exec("g", key, benchValue(i), expires); err != nil {
			b.Fatal(err)
		}
	}
	if err := insert.Close(); err != nil {
		b.Fatal(err)
	}
	execute(b, db, "COMMIT")
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
}
