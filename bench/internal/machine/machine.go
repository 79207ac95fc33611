// Package machine tells what a run was made on and of, for the head of its results.
package machine

import (
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
)

// Fact is one line of it, named as the Go benchmark format names configuration.
type Fact struct{ Key, Value string }

// Facts describes the machine and the file system that dir is on.
func Facts(dir string) ([]Fact, error) {
	fs, err := FileSystem(dir)
	if err != nil {
		return nil, err
	}
	return []Fact{
		{"goos", runtime.GOOS},
		{"goarch", runtime.GOARCH},
		{"cpu", cpu()},
		{"cores", strconv.Itoa(runtime.NumCPU())},
		{"memory", memory()},
		{"kernel", kernel()},
		{"filesystem", fs},
		{"go", strings.TrimPrefix(runtime.Version(), "go")},
	}, nil
}

// Load is the machine's load average over the last minute, or empty where it is not known: above zero before a run, others
// were at work.
func Load() string { return load() }

// Version is the version of a module that this program is built with.
func Version(module string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, dep := range info.Deps {
		if dep.Path == module && dep.Replace == nil {
			return dep.Version
		}
	}
	return ""
}
