// Package workload defines what is measured, one workload a file.
package workload

import (
	"context"

	"golang.org/x/perf/benchfmt"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
)

// Section is the part of the report that a workload belongs to.
type Section string

const (
	Reads   Section = "Reads"
	Writes  Section = "Writes"
	Groups  Section = "Whole groups and many keys"
	Purging Section = "Purge"
	Opening Section = "Opening, memory and space"
)

// Sections returns every Section, in the order of the report.
func Sections() []Section { return []Section{Reads, Writes, Groups, Purging, Opening} }

// Row is one line of the report's tables: one of the figures of a workload.
type Row struct {
	Unit  string // as in the results when they are read back, in base units
	Label string
}

// Workload is one thing to measure.
type Workload struct {
	ID      string // as in results and flags
	Section Section
	About   string // one sentence for the report: what is done, and what an operation is
	Rows    []Row
	Needs   contender.Role // who takes part: a contender with any of these
	Writes  bool           // durability makes a difference to it
	Once    bool           // too costly to prepare for each repetition: all samples are taken in the first
	Measure func(context.Context, *Run) ([]Sample, error)
}

// Sample is the outcome of one measurement.
type Sample struct {
	Iters  int
	Values []benchfmt.Value
}

// All returns the workloads at a scale, in the order of a run. Opening comes last, because what it leaves in memory would
// disturb the others; size comes before the purge, which leaves free space in the files.
func All(s Scale) []Workload {
	return []Workload{
		getHot(s),
		getParallel(s),
		getCold(s),
		getWhileWriting(s, 1),
		getWhileWriting(s, 16),
		set(1),
		set(16),
		set(64),
		set(256),
		mix(s),
		getAllHot(s),
		getAllCold(s),
		bulk(s),
		getMany(s),
		size(s),
		purge(s),
		open(s),
	}
}
