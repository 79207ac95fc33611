package runner

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/perf/benchfmt"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/machine"
)

// Results writes measurements in the Go benchmark format, a file for each durability, so that benchstat reads them too.
type Results struct {
	files   []*os.File
	writers map[contender.Durability]*benchfmt.Writer
	facts   []benchfmt.Config
}

// FileOf returns the path of the results of a durability, under dir.
func FileOf(dir string, d contender.Durability) string {
	return filepath.Join(dir, string(d)+".txt")
}

// NewResults creates dir, and in it the files of results. The facts become the head of each file.
func NewResults(dir string, facts []machine.Fact) (*Results, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("results: %w", err)
	}
	r := &Results{writers: make(map[contender.Durability]*benchfmt.Writer)}
	for _, fact := range facts {
		r.facts = append(r.facts, benchfmt.Config{Key: fact.Key, Value: []byte(fact.Value), File: true})
	}
	for _, d := range []contender.Durability{contender.Synced, contender.Own} {
		file, err := os.Create(FileOf(dir, d))
		if err != nil {
			return nil, errors.Join(fmt.Errorf("results: %w", err), r.Close())
		}
		r.files = append(r.files, file)
		r.writers[d] = benchfmt.NewWriter(file)
	}
	return r, nil
}

// Record writes one measurement. Nothing stays in a buffer, so that an interrupted run keeps what it has measured.
func (r *Results) Record(d contender.Durability, m Measurement) error {
	result := &benchfmt.Result{
		Config: r.facts,
		Name:   benchfmt.Name(m.Workload + "/db=" + m.Contender),
		Iters:  m.Sample.Iters,
		Values: m.Sample.Values,
	}
	if m.Failed {
		result.Iters, result.Values = 1, []benchfmt.Value{{Value: 1, Unit: "failed"}}
	}
	if err := r.writers[d].Write(result); err != nil {
		return fmt.Errorf("results: %w", err)
	}
	return nil
}

// Close closes the files.
func (r *Results) Close() error {
	var errs []error
	for _, file := range r.files {
		errs = append(errs, file.Close())
	}
	return errors.Join(errs...)
}
