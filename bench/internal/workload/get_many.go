package workload

import (
	"context"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
)

// manyKeysCache is a cache size, in bytes, that holds every key and value of the large group.
const manyKeysCache = 1 << 30

func getMany(s Scale) Workload {
	return Workload{
		ID: "GetMany", Section: Reads, Needs: contender.ReadMany,
		About: "One goroutine gets random keys out of " + Thousands(s.ManyKeys) +
			"; go-store has a cache of 1 GiB, which holds all of them.",
		Rows: []Row{{"sec/op", "Get, " + Thousands(s.ManyKeys) + " keys"}},
		Measure: func(ctx context.Context, r *Run) (samples []Sample, err error) {
			err = r.onShared(manyKeysCache, func(store contender.Store) error {
				samples, err = r.readsFrom(ctx, store, r.Many, 1)
				return err
			})
			return samples, err
		},
	}
}
