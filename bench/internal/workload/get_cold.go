package workload

import (
	"context"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
)

func getCold(Scale) Workload {
	return Workload{
		ID: "GetCold", Section: Reads, Needs: contender.ReadCold,
		About: "As GetHot, with go-store's cache off: the cost of a cache miss. " +
			"The file is still in the page cache of the operating system.",
		Rows: []Row{{"sec/op", "Get, no cache of values"}},
		Measure: func(ctx context.Context, r *Run) ([]Sample, error) {
			return r.reads(ctx, 1)
		},
	}
}
