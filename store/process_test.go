package store_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"testing"
)

// roleVariable tells a process of the test binary which of the roles to play.
const roleVariable = "GO_STORE_TEST_ROLE"

var roles = map[string]func(args []string) error{
	"write and read": writeAndRead,
	"answer":         answer,
	"write for ever": writeForEver,
	"hold the lock":  holdLock,
}

// process is another process of this test binary, with the store's file open.
type process struct {
	*exec.Cmd
	in     io.WriteCloser
	out    io.Reader
	stderr bytes.Buffer
}

// start starts a process in one of the roles. It does not outlive the test.
func start(t *testing.T, role string, args ...string) *process {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: exec.Command(exe, args...)}
	p.Env = append(os.Environ(), roleVariable+"="+role)
	p.Stderr = &p.stderr
	if p.in, err = p.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if p.out, err = p.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
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

// finish waits until the process has ended by itself, and well.
func (p *process) finish(t *testing.T) {
	t.Helper()
	if err := p.Wait(); err != nil {
		t.Fatalf("process: %v\n%s", err, &p.stderr)
	}
}
