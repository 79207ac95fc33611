// Package testprocess lets tests do things in other processes: a test binary starts
// itself again, to play a role instead of running its tests.
package testprocess

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"go.uber.org/goleak"
)

// variable names the role that a process of a test binary is to play.
const variable = "GO_STORE_TEST_ROLE"

// Role is what a process does, with the arguments it was started with. It exits with
// code 0, or with 1 after printing the error.
type Role func(args []string) error

// Main is the TestMain of a package that has roles. In a process that a test has
// started it plays the role and exits. Else it runs the tests, after which no
// goroutine may be left.
func Main(m *testing.M, roles map[string]Role) {
	name, ok := os.LookupEnv(variable)
	if !ok {
		goleak.VerifyTestMain(m)
		return
	}
	role, ok := roles[name]
	if !ok {
		fmt.Fprintf(os.Stderr, "there is no role %q\n", name)
		os.Exit(2)
	}
	if err := role(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, name+":", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// Command is the process that will play a role, for who wants to start it himself.
func Command(ctx context.Context, t testing.TB, role string, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, exe, args...)
	// The race detector would make each process wait for a second at its end.
	cmd.Env = append(os.Environ(), variable+"="+role, "GORACE=atexit_sleep_ms=0")
	return cmd
}

// Process is a process that plays a role.
type Process struct {
	*exec.Cmd
	In     io.WriteCloser
	Out    io.Reader
	Errors bytes.Buffer // what it has printed as errors, once it has ended
}

// Start starts a process in a role. It does not outlive the test.
func Start(t testing.TB, role string, args ...string) *Process {
	t.Helper()
	p := &Process{Cmd: Command(context.Background(), t, role, args...)}
	p.Stderr = &p.Errors
	var err error
	if p.In, err = p.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if p.Out, err = p.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	if err := p.Cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.ProcessState == nil {
			_ = p.Process.Kill()
			_ = p.Wait()
		}
	})
	return p
}

// Finish waits until the process has ended by itself, and well. Its output has been
// read by then.
func (p *Process) Finish(t testing.TB) {
	t.Helper()
	if err := p.Wait(); err != nil {
		t.Fatalf("process: %v\n%s", err, &p.Errors)
	}
}
