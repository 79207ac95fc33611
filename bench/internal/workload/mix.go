package workload

import (
	"context"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/measure"
)

// mixers is the number of goroutines of the mixed workload.
const mixers = 16

func mix(s Scale) Workload {
	return Workload{
		ID: "Mix", Section: Writes, Needs: contender.Write, Writes: true,
		About: "16 goroutines use " + Thousands(s.Keys) + " keys at random; an operation is a Get nine times out of ten, " +
			"otherwise a Set.",
		Rows: []Row{{"sec/op", "90 % Get, 10 % Set, 16 goroutines"}},
		Measure: func(ctx context.Context, r *Run) (samples []Sample, err error) {
			err = r.onCopy(r.Keys.Len(), func(store contender.Store) error {
				if err := r.warmCommits(ctx, store); err != nil {
					return err
				}
				if err := r.warm(ctx, store, r.Keys); err != nil {
					return err
				}
				settle()
				count, err := measure.Loop(ctx, r.Time, workers(mixers, func(worker int) measure.Op {
					return r.mixer(store, worker)
				})...)
				if err != nil {
					return err
				}
				samples = perOp(count.Total(0, mixers), count.Elapsed)
				return nil
			})
			return samples, err
		},
	}
}

func (r *Run) mixer(store contender.Store, worker int) measure.Op {
	dice := measure.NewPicker(r.Keys, worker+mixers)
	read, write := r.reader(store, r.Keys, worker), r.writer(store, r.Keys, worker)
	return func() error {
		if dice.OneIn(10) {
			return write()
		}
		return read()
	}
}
