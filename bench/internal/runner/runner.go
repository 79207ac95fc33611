// Package runner runs the workloads on the contenders, interleaved, and records every measurement.
package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"time"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/fixture"
	"forge.lthn.ai/core/go-store/bench/internal/measure"
	"forge.lthn.ai/core/go-store/bench/internal/workload"
)

// Options is what to run and how.
type Options struct {
	Contenders []contender.Contender
	Only       *regexp.Regexp // workloads whose ID it matches; nil for all
	Scale      workload.Scale
	Count      int           // repetitions
	Time       time.Duration // of one measurement
	Dir        string        // for the database files
	Progress   io.Writer
	Record     func(contender.Durability, Measurement) error
	Probe      func(context.Context, workload.ProbeRequest) (workload.Memory, error)
}

// Measurement is one measured sample, or the failure to get one.
type Measurement struct {
	Workload  string
	Contender string
	Sample    workload.Sample
	Failed    bool
}

// Run measures everything. If a contender fails in a workload, Run records that, goes on with the others and returns all
// failures at the end. Only a cancelled context or an error of Record ends it early.
func Run(ctx context.Context, o Options) error {
	values := measure.NewValues(o.Scale.ValueSize)
	many := measure.NewKeys(o.Scale.ManyKeys)
	base := workload.Run{
		Scale:   o.Scale,
		Time:    o.Time,
		Samples: o.Count,
		Shelf: fixture.NewShelf(o.Dir, func(n int) iter.Seq2[string, string] {
			return values.Pairs(many.First(n))
		}),
		Keys:   many.First(o.Scale.Keys),
		Many:   many,
		Values: values,
		Probe:  o.Probe,
	}
	var failures []error
	for step := range schedule(o) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		run := base
		run.Contender, run.Durability = step.contender, step.durability
		began := time.Now()
		samples, err := step.workload.Measure(ctx, &run)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		took := time.Since(began).Round(time.Millisecond)
		if err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", step, err))
			fmt.Fprintf(o.Progress, "%s: FAILED after %v: %v\n", step, took, err)
		} else {
			fmt.Fprintf(o.Progress, "%s: %v\n", step, took)
		}
		if err := record(o, step, samples, err != nil); err != nil {
			return err
		}
	}
	return errors.Join(failures...)
}

func record(o Options, step step, samples []workload.Sample, failed bool) error {
	m := Measurement{Workload: step.workload.ID, Contender: step.contender.Name, Failed: failed}
	if failed {
		return o.Record(step.durability, m)
	}
	for _, m.Sample = range samples {
		if err := o.Record(step.durability, m); err != nil {
			return err
		}
	}
	return nil
}
