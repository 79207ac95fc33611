package main

import (
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/workload"
)

// options are the parsed command line.
type options struct {
	only       *regexp.Regexp
	contenders []contender.Contender
	scale      workload.Scale
	count      int
	time       time.Duration
	out        string
	dir        string
	smoke      bool
	reportOnly bool
	probe      string
	command    string // the command line, without what only means something on this machine
}

// fullCount is the fewest repetitions that give a median a 95 % confidence interval.
const fullCount = 6

func parse(args []string) (options, error) {
	var (
		o          = options{scale: workload.Full()}
		only, list string
		flags      = flag.NewFlagSet("bench", flag.ContinueOnError)
	)
	flags.StringVar(&only, "run", "", "measure only workloads whose name matches this `regexp`")
	flags.StringVar(&list, "contenders", "", "measure only the contenders in this comma-separated `list`")
	flags.IntVar(&o.count, "count", fullCount, "`repetitions`; fewer than 6 give no confidence intervals")
	flags.DurationVar(&o.time, "time", 400*time.Millisecond, "how long to repeat an operation for one measurement")
	flags.StringVar(&o.out, "out", ".", "`directory` for README.md, results/ and plots/")
	flags.StringVar(&o.dir, "dir", "", "`directory` for the database files, on a real disk (default: a new one among temporary files)")
	flags.BoolVar(&o.smoke, "smoke", false, "run everything once with little data, as a check; keeps nothing unless -out is given")
	flags.BoolVar(&o.reportOnly, "report", false, "do not measure: make the report again from the results")
	flags.StringVar(&o.probe, workload.ProbeFlag, "", "used by the program itself, to measure memory in a process of its own")
	if err := flags.Parse(args); err != nil {
		return options{}, err
	}
	if flags.NArg() > 0 {
		return options{}, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if o.smoke {
		small(&o, flags)
	}
	if o.count < 1 || o.time <= 0 {
		return options{}, errors.New("-count and -time must be above 0")
	}
	var err error
	if only != "" {
		if o.only, err = regexp.Compile(only); err != nil {
			return options{}, fmt.Errorf("-run: %w", err)
		}
	}
	if o.contenders, err = contender.Named(list); err != nil {
		return options{}, fmt.Errorf("-contenders: %w", err)
	}
	o.command = command(flags)
	return o, nil
}

// small sets the options of a smoke run, except those given as flags.
func small(o *options, flags *flag.FlagSet) {
	o.scale = workload.Smoke()
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if !given["count"] {
		o.count = 1
	}
	if !given["time"] {
		o.time = 5 * time.Millisecond
	}
	if !given["out"] {
		o.out = ""
	}
}

func (o options) resultsDir() string { return filepath.Join(o.out, "results") }

// command returns the command line without the flags that name directories of this machine.
func command(flags *flag.FlagSet) string {
	parts := []string{"go run ."}
	flags.Visit(func(f *flag.Flag) {
		switch value := f.Value.String(); {
		case f.Name == "dir" || f.Name == "out":
		case value == "true":
			parts = append(parts, "-"+f.Name)
		default:
			parts = append(parts, "-"+f.Name+" '"+value+"'")
		}
	})
	return strings.Join(parts, " ")
}
