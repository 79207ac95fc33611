package workload

import (
	"context"

	"golang.org/x/perf/benchfmt"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/fixture"
)

func size(s Scale) Workload {
	return Workload{
		ID: "Size", Section: Opening, Needs: contender.Size, Once: true,
		About: "How much the memory of a process of its own grows when it opens a file of " + Thousands(s.ManyKeys) +
			" keys and gets as many random keys (or as many as three seconds allow); and the space that the file takes on disk.",
		Rows: []Row{
			{"heap-B", "Go heap, " + Thousands(s.ManyKeys) + " keys"},
			{"rss-anon-B", "resident memory, without files"},
			{"rss-file-B", "resident memory, of mapped files"},
			{"disk-B", "space on disk"},
		},
		Measure: measureSize,
	}
}

func measureSize(ctx context.Context, r *Run) ([]Sample, error) {
	dir, err := r.Shelf.Shared(r.Contender, r.Many.Len())
	if err != nil {
		return nil, err
	}
	space, err := fixture.Space(dir)
	if err != nil {
		return nil, err
	}
	memory, err := r.Probe(ctx, ProbeRequest{
		Contender: r.Contender.Name,
		Dir:       dir,
		Keys:      r.Many.Len(),
		ValueSize: r.Scale.ValueSize,
	})
	if err != nil {
		return nil, err
	}
	values := []benchfmt.Value{
		{Value: float64(memory.Heap), Unit: "heap-B"},
		{Value: float64(memory.Anon), Unit: "rss-anon-B"},
		{Value: float64(memory.File), Unit: "rss-file-B"},
	}
	if !r.Contender.Volatile {
		values = append(values, benchfmt.Value{Value: float64(space), Unit: "disk-B"})
	}
	return []Sample{{Iters: 1, Values: values}}, nil
}
