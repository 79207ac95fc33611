package workload

import (
	"context"
	"fmt"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/measure"
)

func set(goroutines int) Workload {
	w := Workload{
		ID: fmt.Sprintf("Set/g=%d", goroutines), Section: Writes, Needs: contender.Write, Writes: true,
		About: fmt.Sprintf("%d goroutines set existing keys, each waiting for its write before the next; "+
			"the time is the elapsed time divided by the number of their writes.", goroutines),
		Rows: []Row{
			{"sec/op", fmt.Sprintf("Set, %d goroutines", goroutines)},
			{"p99-sec", "… the 99th percentile of one write's own time"},
		},
		Measure: func(ctx context.Context, r *Run) ([]Sample, error) {
			return r.sets(ctx, goroutines)
		},
	}
	if goroutines == 1 {
		w.Needs |= contender.Sync
		w.About = "One goroutine sets random existing keys to values they did not have."
		w.Rows[0].Label = "Set, one goroutine"
	}
	return w
}

func (r *Run) sets(ctx context.Context, goroutines int) (samples []Sample, err error) {
	err = r.onCopy(r.Keys.Len(), func(store contender.Store) error {
		if err := r.warmCommits(ctx, store); err != nil {
			return err
		}
		settle()
		took := make([]measure.Latencies, goroutines)
		count, err := measure.Loop(ctx, r.Time, workers(goroutines, func(worker int) measure.Op {
			return measure.Timed(&took[worker], r.writer(store, r.Keys, worker))
		})...)
		if err != nil {
			return err
		}
		all := measure.Merge(took...)
		samples = perOp(count.Total(0, goroutines), count.Elapsed,
			nanoseconds(all.Percentile(50), "p50-ns"),
			nanoseconds(all.Percentile(99), "p99-ns"),
			nanoseconds(all.Max(), "max-ns"))
		return nil
	})
	return samples, err
}
