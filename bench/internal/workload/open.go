package workload

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/fixture"
	"forge.lthn.ai/core/go-store/bench/internal/measure"
)

// openChunk is how many values are loaded at a time, so that no contender holds the whole large file in memory.
const openChunk = 10_000

func open(s Scale) Workload {
	return Workload{
		ID: "Open", Section: Opening, Needs: contender.File, Once: true,
		About: fmt.Sprintf("A file with %d MiB of values of %s bytes, which was closed cleanly, is opened and one key is read; "+
			"the file is in the page cache of the operating system.", s.OpenBytes>>20, Thousands(s.OpenValue)),
		Rows:    []Row{{"sec/op", fmt.Sprintf("open %d MiB and Get", s.OpenBytes>>20)}},
		Measure: measureOpen,
	}
}

func measureOpen(ctx context.Context, r *Run) (samples []Sample, err error) {
	dir, remove, err := r.Shelf.Scratch()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	keys := r.Many.First(min(r.Many.Len(), r.Scale.OpenBytes/r.Scale.OpenValue))
	err = r.opened(dir, 0, 0, func(store contender.Store) error { return r.loadLarge(ctx, store, keys) })
	if err != nil {
		return nil, err
	}
	for range r.Samples {
		// A contender that reads the whole file leaves a large heap, which the next opening should not pay for.
		debug.FreeOSMemory()
		settle()
		began := time.Now()
		var elapsed time.Duration
		err := r.opened(dir, 0, 0, func(store contender.Store) error {
			_, err := store.Get(fixture.Group, keys.At(keys.Len()-1))
			elapsed = time.Since(began)
			return err
		})
		if err != nil {
			return nil, err
		}
		samples = append(samples, perOp(1, elapsed)...)
	}
	return samples, nil
}

func (r *Run) loadLarge(ctx context.Context, store contender.Store, keys measure.Keys) error {
	loader, ok := store.(contender.Loader)
	if !ok {
		return fmt.Errorf("%s has no call for many keys", r.Contender.Name)
	}
	values := measure.NewValues(r.Scale.OpenValue)
	for chunk := range keys.Chunks(openChunk) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := loader.Load(fixture.Group, values.Pairs(chunk), 0); err != nil {
			return err
		}
	}
	return nil
}
