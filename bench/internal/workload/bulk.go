package workload

import (
	"context"
	"fmt"
	"iter"
	"time"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/fixture"
)

// bulkShare divides the number of keys for a contender that has to set each of them. A tenth is enough for a time per key;
// all of them would take half a minute.
const bulkShare = 10

func bulk(s Scale) Workload {
	return Workload{
		ID: "Bulk", Section: Groups, Needs: contender.Bulk, Writes: true,
		About: "An empty store loads " + Thousands(s.BulkKeys) + " keys in random order, by whatever call it has for many keys; " +
			"an operation is one key. The previous release had no such call: it sets a tenth of the keys, one by one.",
		Rows: []Row{{"sec/op", "load " + Thousands(s.BulkKeys) + " keys, per key"}},
		Measure: func(ctx context.Context, r *Run) (samples []Sample, err error) {
			err = r.onEmpty(func(store contender.Store) error {
				samples, err = r.load(ctx, store)
				return err
			})
			return samples, err
		},
	}
}

// load measures how long the pairs take to load. It makes them beforehand.
func (r *Run) load(ctx context.Context, store contender.Store) ([]Sample, error) {
	n := r.Scale.BulkKeys
	if r.Contender.NoBulk {
		n /= bulkShare
	}
	pairs := prepared(r.Values.Scattered(r.Many.First(n)))
	settle()
	began := time.Now()
	if err := r.take(ctx, store, pairs); err != nil {
		return nil, err
	}
	return perOp(int64(n), time.Since(began)), nil
}

func (r *Run) take(ctx context.Context, store contender.Store, pairs iter.Seq2[string, string]) error {
	if !r.Contender.NoBulk {
		loader, ok := store.(contender.Loader)
		if !ok {
			return fmt.Errorf("%s has no call for many keys", r.Contender.Name)
		}
		return loader.Load(fixture.Group, pairs, 0)
	}
	for key, value := range pairs {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := store.Set(fixture.Group, key, value); err != nil {
			return err
		}
	}
	return nil
}

// prepared collects the pairs, so that making them is no part of the measurement.
func prepared(pairs iter.Seq2[string, string]) iter.Seq2[string, string] {
	var keys, values []string
	for key, value := range pairs {
		keys, values = append(keys, key), append(values, value)
	}
	return func(yield func(string, string) bool) {
		for i, key := range keys {
			if !yield(key, values[i]) {
				return
			}
		}
	}
}
