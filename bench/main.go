// Command bench measures go-store and its peers side by side, and writes the report.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/report"
	"forge.lthn.ai/core/go-store/bench/internal/runner"
	"forge.lthn.ai/core/go-store/bench/internal/workload"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

// run does what the arguments ask for.
func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	switch {
	case err != nil:
		return err
	case o.probe != "":
		return answer(ctx, o.probe)
	case o.out == "":
		return unkept(ctx, o)
	}
	return measureAndReport(ctx, o)
}

// answer runs the program as a probe: it measures the memory of one contender and prints the outcome.
func answer(ctx context.Context, asked string) error {
	text, err := workload.AnswerProbe(ctx, asked)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(text)
	return err
}

// unkept measures and writes the report into a temporary directory, and removes it.
func unkept(ctx context.Context, o options) (err error) {
	if o.out, err = os.MkdirTemp("", "bench-report-"); err != nil {
		return fmt.Errorf("directory for the report: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(o.out)) }()
	return measureAndReport(ctx, o)
}

// measureAndReport writes the report even if a contender failed: the report says so, and so does the error.
func measureAndReport(ctx context.Context, o options) error {
	var failures error
	if !o.reportOnly {
		if failures = measureAll(ctx, o); ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return errors.Join(failures, writeReport(o))
}

func writeReport(o options) error {
	results, err := report.Read(map[contender.Durability]string{
		contender.Synced: runner.FileOf(o.resultsDir(), contender.Synced),
		contender.Own:    runner.FileOf(o.resultsDir(), contender.Own),
	})
	if err != nil {
		return err
	}
	return report.Write(o.out, results)
}
