package workload

import (
	"context"
	"fmt"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/fixture"
	"forge.lthn.ai/core/go-store/bench/internal/measure"
)

func getAllHot(s Scale) Workload {
	return Workload{
		ID: "GetAllHot", Section: Groups, Needs: contender.Group,
		About:   "One goroutine reads a group of " + Thousands(s.Keys) + " keys into a new map; an operation is the whole group.",
		Rows:    []Row{{"sec/op", "GetAll, " + Thousands(s.Keys) + " keys"}},
		Measure: measureGetAll,
	}
}

func getAllCold(s Scale) Workload {
	w := getAllHot(s)
	w.ID, w.Needs = "GetAllCold", contender.GroupCold
	w.About = "As GetAllHot, with go-store's cache off."
	w.Rows = []Row{{"sec/op", "GetAll, no cache of values"}}
	return w
}

func measureGetAll(ctx context.Context, r *Run) (samples []Sample, err error) {
	err = r.onCopy(r.Keys.Len(), func(store contender.Store) error {
		reader, ok := store.(contender.GroupReader)
		if !ok {
			return fmt.Errorf("%s cannot read a whole group", r.Contender.Name)
		}
		whole := func() error {
			all, err := reader.GetAll(fixture.Group)
			if err != nil {
				return err
			}
			if len(all) != r.Keys.Len() {
				return fmt.Errorf("read %d keys of %d", len(all), r.Keys.Len())
			}
			return nil
		}
		if err := whole(); err != nil {
			return err
		}
		settle()
		count, err := measure.Loop(ctx, r.Time, whole)
		if err != nil {
			return err
		}
		samples = perOp(count.Total(0, 1), count.Elapsed)
		return nil
	})
	return samples, err
}
