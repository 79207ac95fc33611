// Package testprocess lets tests run code in other processes: a test binary starts
// itself again, in a role, instead of running its tests.
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

// variable is the environment variable that names the role of a process.
const variable = "GO_STORE_TEST_ROLE"

// Role is the code of a process. It receives the arguments of the process, which exits
// with code 0 if the role returns nil, and otherwise prints the error and exits with 1.
type Role func(args []string) error

// Main is the TestMain of a package with roles. In a process that a test has started in
// a role, it runs the role and exits; an unknown role exits with 2. Otherwise it runs
// the tests, and fails if they leave a goroutine behind.
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

// Command returns the command of a process in a role, for tests that start it
// themselves. The process is killed when ctx is done.
func Command(ctx context.Context, t testing.TB, role string, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, exe, args...)
	// By default the race detector makes each process wait for a second when it exits.
	cmd.Env = append(os.Environ(), variable+"="+role, "GORACE=atexit_sleep_ms=0")
	return cmd
}

// Process is a process in a role. In and Out are its standard input and output.
type Process struct {
	*exec.Cmd
	In     io.WriteCloser
	Out    io.Reader
	Errors bytes.Buffer // its standard error; to be read after Wait or Finish
}

// Start starts a process in a role. The process is killed at the end of the test if it
// still runs. The test must read Out to its end before it calls Wait or Finish.
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

// Finish waits for the process to end and fails the test if it does not exit with 0.
func (p *Process) Finish(t testing.TB) {
	t.Helper()
	if err := p.Wait(); err != nil {
		t.Fatalf("process: %v\n%s", err, &p.Errors)
	}
}
