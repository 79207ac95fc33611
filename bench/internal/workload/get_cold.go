package workload

import (
	"context"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
)

func getCold(s Scale) Workload {
	return Workload{
		ID: "GetCold", Section: Reads, Needs: contender.ReadCold,
		About: "The same as Get of " + thousands(s.Keys) + " keys, with go-store's cache off: what a miss costs. " +
			"The file is in the operating system's memory all the same.",
		Rows: []Row{{"sec/op", "Get, no cache of values"}},
		Measure: func(ctx context.Context, r *Run) ([]Sample, error) {
			return r.reads(ctx, 1)
		},
	}
}
