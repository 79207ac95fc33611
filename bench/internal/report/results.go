// Package report turns results into tables, plots and the README that shows them. It reads the files that a run
// wrote, so the report can be made again without measuring again.
package report

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
)

// confidence is the level of every interval in the report.
const confidence = 0.95

// Results are all measurements of a run.
type Results struct {
	values map[figure][]float64
	facts  map[string]string
}

// figure names one of the things that were measured.
type figure struct {
	durability contender.Durability
	workload   string
	contender  string
	unit       string
}

// Read reads the results of each durability from its file.
func Read(files map[contender.Durability]string) (*Results, error) {
	r := &Results{values: make(map[figure][]float64), facts: make(map[string]string)}
	for d, path := range files {
		if err := r.read(d, path); err != nil {
			return nil, err
		}
	}
	if len(r.values) == 0 {
		return nil, errors.New("there are no results to report")
	}
	return r, nil
}

func (r *Results) read(d contender.Durability, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("results: %w", err)
	}
	defer file.Close()
	reader := benchfmt.NewReader(file, path)
	for reader.Scan() {
		switch record := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			return fmt.Errorf("results: %w", record)
		case *benchfmt.Result:
			r.add(d, record)
		}
	}
	if err := reader.Err(); err != nil {
		return fmt.Errorf("results: %w", err)
	}
	return nil
}

func (r *Results) add(d contender.Durability, result *benchfmt.Result) {
	for _, fact := range result.Config {
		if fact.File {
			r.facts[fact.Key] = string(fact.Value)
		}
	}
	workload, name, _ := strings.Cut(result.Name.String(), "/db=")
	for _, value := range result.Values {
		f := figure{d, workload, name, value.Unit}
		r.values[f] = append(r.values[f], value.Value)
	}
}

// Fact returns the value of a line in the head of the results.
func (r *Results) Fact(key string) string { return r.facts[key] }

// sample returns what was measured for a figure, or nil. A contender that syncs every write by default was not measured twice:
// its synced figures count for both durabilities.
func (r *Results) sample(f figure) *benchmath.Sample {
	values, ok := r.values[f]
	if !ok && f.durability == contender.Own {
		if c, err := contender.Find(f.contender); err == nil && c.Default == "" {
			f.durability = contender.Synced
			values = r.values[f]
		}
	}
	if len(values) == 0 {
		return nil
	}
	return benchmath.NewSample(append([]float64(nil), values...), &benchmath.DefaultThresholds)
}

// failed reports whether the contender failed in the workload at least once.
func (r *Results) failed(f figure) bool {
	f.unit = "failed"
	return r.sample(f) != nil
}

// summary returns the median of a figure with its confidence interval, if the figure was measured.
func (r *Results) summary(f figure) (benchmath.Summary, bool) {
	sample := r.sample(f)
	if sample == nil {
		return benchmath.Summary{}, false
	}
	return benchmath.AssumeNothing.Summary(sample, confidence), true
}
