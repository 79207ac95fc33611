package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/machine"
	"forge.lthn.ai/core/go-store/bench/internal/runner"
	"forge.lthn.ai/core/go-store/bench/internal/workload"
)

// measureAll runs the chosen workloads and writes the results to files. It removes the database files before it returns.
func measureAll(ctx context.Context, o options) (err error) {
	dir, err := os.MkdirTemp(o.dir, "bench-")
	if err != nil {
		return fmt.Errorf("directory for the databases: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	facts, err := facts(ctx, o, dir)
	if err != nil {
		return err
	}
	results, err := runner.NewResults(o.resultsDir(), facts)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, results.Close()) }()
	return runner.Run(ctx, runner.Options{
		Contenders: o.contenders,
		Only:       o.only,
		Scale:      o.scale,
		Count:      o.count,
		Time:       o.time,
		Dir:        filepath.Clean(dir),
		Progress:   os.Stderr,
		Record:     results.Record,
		Probe:      workload.ProbeInChild,
	})
}

// facts returns the head of the results. It refuses a file system that is kept in memory, where a durable write costs nothing.
func facts(ctx context.Context, o options, dir string) ([]machine.Fact, error) {
	all, err := machine.Facts(dir)
	if err != nil {
		return nil, err
	}
	for _, fact := range all {
		if fact.Key == "filesystem" && machine.InMemory(fact.Value) && !o.smoke {
			return nil, fmt.Errorf("the databases would be kept in memory (%s); name a directory on a disk with -dir", fact.Value)
		}
	}
	commit := machine.Commit(ctx)
	all = append(all,
		machine.Fact{Key: "commit", Value: commit},
		machine.Fact{Key: "date", Value: time.Now().UTC().Format(time.DateOnly)},
		machine.Fact{Key: "load", Value: machine.Load()},
		machine.Fact{Key: "command", Value: o.command},
		machine.Fact{Key: "count", Value: strconv.Itoa(o.count)},
		machine.Fact{Key: "time", Value: o.time.String()})
	numbers := o.scale.Config()
	for _, key := range slices.Sorted(maps.Keys(numbers)) {
		all = append(all, machine.Fact{Key: key, Value: strconv.Itoa(numbers[key])})
	}
	for _, c := range o.contenders {
		version := machine.Version(c.Module)
		if c.Family == contender.GoStoreFamily {
			version = commit // it is this checkout
		}
		if version != "" {
			all = append(all, machine.Fact{Key: "version-" + c.Name, Value: version})
		}
	}
	return all, nil
}
