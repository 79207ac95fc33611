package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// newApp returns an app on buffers, with a file of its own.
func newApp(t *testing.T) (a *app, out, err *bytes.Buffer) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "notes.db")
	out, err = new(bytes.Buffer), new(bytes.Buffer)
	return &app{
		in: strings.NewReader(""), out: out, err: err,
		env: func(name string) string { return map[string]string{"KV_FILE": file}[name] },
		now: func() time.Time { return time.Unix(1_800_000_000, 0) },
	}, out, err
}

// wantCode runs a command line and wants an exit code.
func wantCode(t *testing.T, a *app, want int, args ...string) {
	t.Helper()
	if got := a.run(args); got != want {
		t.Fatalf("kv %q: exit code %d, want %d; standard error: %s", args, got, want, a.err)
	}
}

func TestTerminalGetsNewline(t *testing.T) {
	for _, tc := range []struct{ name, value, pipe, terminal string }{
		{"no newline", "dark", "dark", "dark\n"},
		{"newline", "line\n", "line\n", "line\n"},
		{"empty", "", "", "\n"},
	} {
		a, out, _ := newApp(t)
		wantCode(t, a, exitOK, "set", "g", "k", tc.value)
		for _, verb := range [][]string{{"get", "g", "k"}, {"render", "g", "{{.k}}"}} {
			for terminal, want := range map[bool]string{false: tc.pipe, true: tc.terminal} {
				t.Run(fmt.Sprintf("%s/%s/terminal=%t", verb[0], tc.name, terminal), func(t *testing.T) {
					out.Reset()
					a.outTerminal = terminal
					wantCode(t, a, exitOK, verb...)
					if out.String() != want {
						t.Errorf("%q, want %q", out, want)
					}
				})
			}
		}
	}
}

var errGone = errors.New("gone")

// gone is a stream whose other end has closed.
type gone struct{}

func (gone) Read([]byte) (int, error)  { return 0, errGone }
func (gone) Write([]byte) (int, error) { return 0, errGone }

func TestLostStreamIsFailure(t *testing.T) {
	a, _, stderr := newApp(t)
	wantCode(t, a, exitOK, "set", "g", "k", "v")
	a.out = gone{}
	for _, args := range [][]string{
		{"get", "g", "k"},
		{"get", "g", "k", "--json"},
		{"ttl", "g", "k"},
		{"incr", "g", "n"},
		{"compact"},
		{"ls", "g"},
		{"ls", "g", "--json"},
		{"groups"},
		{"groups", "--json"},
		{"render", "g", "x"},
		{"purge"},
		{"migrate", "status"},
		{"migrate", "status", "--json"},
		{"migrate", "up"},
		{"migrate", "down-to", "2"},
		{"version"},
		{"completion", "bash"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			stderr.Reset()
			wantCode(t, a, exitFailure, args...)
			if stderr.String() != "kv: gone\n" {
				t.Errorf("standard error %q", stderr)
			}
		})
	}
}

func TestLostInputStoresNothing(t *testing.T) {
	a, _, stderr := newApp(t)
	a.in = io.MultiReader(strings.NewReader("half a val"), gone{})
	wantCode(t, a, exitFailure, "set", "g", "k")
	if want := "kv: read the value from standard input: gone\n"; stderr.String() != want {
		t.Errorf("standard error %q, want %q", stderr, want)
	}
	wantCode(t, a, exitUsage, "get", "g", "k") // not even a file
}
