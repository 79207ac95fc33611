package workload

import (
	"context"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
)

func getParallel(Scale) Workload {
	return Workload{
		ID: "GetParallel", Section: Reads, Needs: contender.Read,
		About: "As GetHot, with eight goroutines; the time is the elapsed time divided by the number of their Gets.",
		Rows:  []Row{{"sec/op", "Get, 8 goroutines"}},
		Measure: func(ctx context.Context, r *Run) ([]Sample, error) {
			return r.reads(ctx, 8)
		},
	}
}
