package workload

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/measure"
)

const (
	purgeWriters = 4         // goroutines that keep writing while the purge is under way
	purgeGroup   = "session" // whose keys all expire
)

func purge(s Scale) Workload {
	return Workload{
		ID: "Purge", Section: Purging, Needs: contender.Purge, Writes: true,
		About: "Of " + Thousands(s.ManyKeys+s.Expired) + " keys, " + Thousands(s.Expired) +
			" have expired and are removed, while four goroutines keep setting other keys; an operation is the whole purge. " +
			"badger has expiry but no call to purge.",
		Rows: []Row{
			{"sec/op", "purge of " + Thousands(s.Expired) + " keys"},
			{"p99-sec", "… the 99th percentile of the writes meanwhile"},
			{"max-sec", "… the slowest of them"},
		},
		Measure: func(ctx context.Context, r *Run) (samples []Sample, err error) {
			err = r.onShared(0, func(store contender.Store) error {
				samples, err = r.purge(ctx, store)
				return err
			})
			return samples, err
		},
	}
}

func (r *Run) purge(ctx context.Context, store contender.Store) ([]Sample, error) {
	purger, ok := store.(contender.Purger)
	if !ok {
		return nil, fmt.Errorf("%s has no call to purge", r.Contender.Name)
	}
	if err := r.warmCommits(ctx, store); err != nil {
		return nil, err
	}
	if err := r.expire(store); err != nil {
		return nil, err
	}
	settle()

	var (
		meanwhile, stop = context.WithCancel(ctx)
		purging         atomic.Bool
		took            = make([]measure.Latencies, purgeWriters)
		writing         = make(chan error, 1)
	)
	go func() {
		_, err := measure.LoopUntil(meanwhile, workers(purgeWriters, func(worker int) measure.Op {
			return during(&purging, &took[worker], r.writer(store, r.Keys, worker))
		})...)
		writing <- err
	}()
	time.Sleep(r.Time / 5) // until the writers are at full speed
	purging.Store(true)
	began := time.Now()
	removed, err := purger.PurgeExpired()
	elapsed := time.Since(began)
	stop()
	if writeErr := <-writing; writeErr != nil {
		return nil, fmt.Errorf("writing during the purge: %w", writeErr)
	}
	if err != nil {
		return nil, err
	}
	if removed != int64(r.Scale.Expired) {
		return nil, fmt.Errorf("purged %d keys of %d", removed, r.Scale.Expired)
	}
	all := measure.Merge(took...)
	return perOp(1, elapsed,
		nanoseconds(all.Percentile(99), "p99-ns"),
		nanoseconds(all.Max(), "max-ns")), nil
}

// expire adds the keys to be purged and returns when they have expired.
func (r *Run) expire(store contender.Store) error {
	loader, ok := store.(contender.Loader)
	if !ok {
		return fmt.Errorf("%s has no call for many keys", r.Contender.Name)
	}
	if err := loader.Load(purgeGroup, r.Values.Pairs(r.Many.First(r.Scale.Expired)), time.Millisecond); err != nil {
		return err
	}
	if waiter, ok := store.(interface{ AwaitExpiry(n int) error }); ok {
		return waiter.AwaitExpiry(r.Scale.Expired)
	}
	time.Sleep(5 * time.Millisecond)
	return nil
}

// during returns op with the time of a call appended to l if the flag is set when the call ends.
func during(flag *atomic.Bool, l *measure.Latencies, op measure.Op) measure.Op {
	return func() error {
		began := time.Now()
		err := op()
		if flag.Load() {
			*l = append(*l, time.Since(began))
		}
		return err
	}
}
