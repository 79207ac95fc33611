package workload

import (
	"context"
	"fmt"

	"golang.org/x/perf/benchfmt"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/measure"
)

func getWhileWriting(s Scale, readers int) Workload {
	who := "16 goroutines get"
	if readers == 1 {
		who = "One goroutine gets"
	}
	return Workload{
		ID: fmt.Sprintf("GetWhileWriting/g=%d", readers), Section: Reads, Needs: contender.Read, Writes: true,
		About: fmt.Sprintf("%s random keys out of %s while another sets them without a pause; "+
			"the time is the elapsed time divided by the number of reads.", who, Thousands(s.Keys)),
		Rows: []Row{
			{"sec/op", fmt.Sprintf("Get while writing, %d reading", readers)},
			{"sec/write", "… the writes meanwhile"},
		},
		Measure: func(ctx context.Context, r *Run) ([]Sample, error) {
			return r.readsDuringWrites(ctx, readers)
		},
	}
}

func (r *Run) readsDuringWrites(ctx context.Context, readers int) (samples []Sample, err error) {
	err = r.onCopy(r.Keys.Len(), func(store contender.Store) error {
		if err := r.warmCommits(ctx, store); err != nil {
			return err
		}
		if err := r.warm(ctx, store, r.Keys); err != nil {
			return err
		}
		settle()
		ops := workers(readers, func(worker int) measure.Op { return r.reader(store, r.Keys, worker) })
		ops = append(ops, r.writer(store, r.Keys, readers))
		count, err := measure.Loop(ctx, r.Time, ops...)
		if err != nil {
			return err
		}
		writes := count.Total(readers, readers+1)
		samples = perOp(count.Total(0, readers), count.Elapsed, benchfmt.Value{
			Value: float64(count.Elapsed.Nanoseconds()) / float64(writes), Unit: "ns/write",
		})
		return nil
	})
	return samples, err
}
