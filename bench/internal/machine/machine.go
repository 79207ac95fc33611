// Package machine describes the machine and the code of a run, for the head of its results.
package machine

import (
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
)

// Fact is one line of that head: a configuration line of the Go benchmark format.
type Fact struct{ Key, Value string }

// Facts describes the machine and the file system of dir.
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

// Load returns the machine's load average over the last minute, or "" where it is unknown. If it is above zero before a run,
// other programs were running.
func Load() string { return load() }

// Version returns the version of a module that this program is built with, or "".
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
