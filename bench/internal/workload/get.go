package workload

import (
	"context"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/measure"
)

func getHot(s Scale) Workload {
	return Workload{
		ID: "GetHot", Section: Reads, Needs: contender.Read,
		About: "One goroutine gets random keys out of " + Thousands(s.Keys) + ", each of which has been read before.",
		Rows:  []Row{{"sec/op", "Get, " + Thousands(s.Keys) + " keys"}},
		Measure: func(ctx context.Context, r *Run) ([]Sample, error) {
			return r.reads(ctx, 1)
		},
	}
}

// reads measures Gets of the small group by a number of goroutines.
func (r *Run) reads(ctx context.Context, goroutines int) (samples []Sample, err error) {
	err = r.onCopy(r.Keys.Len(), func(store contender.Store) error {
		samples, err = r.readsFrom(ctx, store, r.Keys, goroutines)
		return err
	})
	return samples, err
}

func (r *Run) readsFrom(ctx context.Context, store contender.Store, keys measure.Keys, n int) ([]Sample, error) {
	if err := r.warm(ctx, store, keys); err != nil {
		return nil, err
	}
	settle()
	count, err := measure.Loop(ctx, r.Time, workers(n, func(worker int) measure.Op {
		return r.reader(store, keys, worker)
	})...)
	if err != nil {
		return nil, err
	}
	return perOp(count.Total(0, n), count.Elapsed), nil
}
