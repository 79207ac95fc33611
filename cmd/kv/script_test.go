package main

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/schema"
)

var update = flag.Bool("update", false, "rewrite the golden output of the scripts")

// scriptTime is the clock of the scripts, so that the times to live are the same in
// every run. By then the short-lived keys of the fixtures have expired.
const scriptTime = "2027-01-01T00:00:00Z"

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"kv": func() {
			a := system()
			a.now = func() time.Time {
				now, err := time.Parse(time.RFC3339, a.env("KV_TEST_NOW"))
				if err != nil {
					panic(err)
				}
				return now
			}
			os.Exit(a.run(os.Args[1:]))
		},
	})
}

func TestScripts(t *testing.T) {
	fixtures, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	latest := schema.Latest()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("FIXTURES", fixtures)
			env.Setenv("LATEST", strconv.FormatInt(latest, 10))
			env.Setenv("NEWER", strconv.FormatInt(latest+1, 10))
			env.Setenv("KV_TEST_NOW", scriptTime)
			// Otherwise the race detector waits a second at the end of each process.
			env.Setenv("GORACE", "atexit_sleep_ms=0")
			env.Values[watchersKey{}] = map[string]*watcher{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exit":    exitCommand,
			"bytes":   bytesCommand,
			"sql":     sqlCommand,
			"watch":   watchCommand,
			"events":  eventsCommand,
			"unwatch": unwatchCommand,
		},
	})
}

// exitCommand runs a program and wants an exit code: exit 2 kv get.
func exitCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exit code program [arg...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// bytesCommand writes a file of any bytes, given as a Go string without its
// quotes: bytes file a\x00b.
func bytesCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bytes file text")
	}
	s, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(s), 0o600))
}
