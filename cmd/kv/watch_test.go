package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// watcher is a kv watch that runs in a process of its own.
type watcher struct {
	cmd    *exec.Cmd
	events *bufio.Reader
}

// watchersKey is the key of a script's watchers, which are kept by name.
type watchersKey struct{}

func watchers(ts *testscript.TestScript) map[string]*watcher {
	return ts.Value(watchersKey{}).(map[string]*watcher)
}

// watchCommand starts a watcher and waits until it misses no further write: watch
// name arg...
func watchCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: watch name [arg...]")
	}
	path, err := exec.LookPath("kv")
	ts.Check(err)
	w := &watcher{cmd: exec.Command(path, append([]string{"watch"}, args[1:]...)...)}
	w.cmd.Dir = ts.MkAbs(".")
	w.cmd.Env = append(os.Environ(),
		"KV_FILE="+ts.Getenv("KV_FILE"), "KV_TEST_NOW="+ts.Getenv("KV_TEST_NOW"), "GORACE="+ts.Getenv("GORACE"))
	out, err := w.cmd.StdoutPipe()
	ts.Check(err)
	messages, err := w.cmd.StderrPipe()
	ts.Check(err)
	w.events = bufio.NewReader(out)
	ts.Check(w.cmd.Start())
	watchers(ts)[args[0]] = w
	ts.Defer(func() { _ = w.cmd.Process.Kill() }) // in case the script did not end it
	line, err := bufio.NewReader(messages).ReadString('\n')
	ts.Check(err)
	if !strings.Contains(line, "watching") {
		ts.Fatalf("kv watch: %s", line)
	}
}

// eventsCommand waits for a number of events of a watcher and prints them: events
// name 2.
func eventsCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: events name count")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	for range n {
		line, err := watchers(ts)[args[0]].events.ReadString('\n')
		ts.Check(err)
		_, err = fmt.Fprint(ts.Stdout(), line)
		ts.Check(err)
	}
}

// unwatchCommand ends a watcher by a signal, as a person or a system does. The
// watcher must have no further events and must succeed: unwatch name interrupt.
func unwatchCommand(ts *testscript.TestScript, neg bool, args []string) {
	signals := map[string]os.Signal{"interrupt": os.Interrupt, "terminate": syscall.SIGTERM}
	if neg || len(args) != 2 || signals[args[1]] == nil {
		ts.Fatalf("usage: unwatch name interrupt|terminate")
	}
	w := watchers(ts)[args[0]]
	ts.Check(w.cmd.Process.Signal(signals[args[1]]))
	rest, err := io.ReadAll(w.events)
	ts.Check(err)
	if len(rest) > 0 {
		ts.Fatalf("more events: %s", rest)
	}
	if err := w.cmd.Wait(); err != nil {
		ts.Fatalf("kv watch ended with %v", err)
	}
}
