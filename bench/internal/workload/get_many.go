package workload

import (
	"context"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
)

// manyKeysCache is enough for every key of the large group and its value.
const manyKeysCache = 1 << 30

func getMany(s Scale) Workload {
	return Workload{
		ID: "GetMany", Section: Reads, Needs: contender.ReadMany,
		About: "One goroutine gets keys at random out of " + thousands(s.ManyKeys) +
			"; go-store has been given a cache of 1 GiB, which holds them all.",
		Rows: []Row{{"sec/op", "Get, " + thousands(s.ManyKeys) + " keys"}},
		Measure: func(ctx context.Context, r *Run) (samples []Sample, err error) {
			err = r.onShared(manyKeysCache, func(store contender.Store) error {
				samples, err = r.readsFrom(ctx, store, r.Many, 1)
				return err
			})
			return samples, err
		},
	}
}
