package workload

import (
	"context"
	"fmt"
	"iter"
	"time"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/fixture"
)

// bulkShare is what part of the keys is loaded by a contender that has to set each of them: enough for a time per key,
// and no more than the patience of whoever waits for it.
const bulkShare = 10

func bulk(s Scale) Workload {
	return Workload{
		ID: "Bulk", Section: Groups, Needs: contender.Bulk, Writes: true,
		About: "An empty store takes " + thousands(s.BulkKeys) + " keys in no order, in whatever way it offers for many keys; " +
			"an operation is one key. The previous version offered none: it sets a tenth of them, one by one.",
		Rows: []Row{{"sec/op", "load " + thousands(s.BulkKeys) + " keys, per key"}},
		Measure: func(ctx context.Context, r *Run) (samples []Sample, err error) {
			err = r.onEmpty(func(store contender.Store) error {
				samples, err = r.load(ctx, store)
				return err
			})
			return samples, err
		},
	}
}

// load measures the loading of all pairs. They are made beforehand.
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
			return fmt.Errorf("%s loads nothing", r.Contender.Name)
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

// prepared keeps what pairs yields, so that yielding it again costs nothing.
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
