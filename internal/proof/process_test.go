package proof

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"testing"
)

// process is another process of this test binary.
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
	// The race detector would make each process wait for a second at its end.
	p.Env = append(os.Environ(), roleVariable+"="+role, "GORACE=atexit_sleep_ms=0")
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

// finish waits until the process has ended by itself, and well. Its output has
// been read by then.
func (p *process) finish(t *testing.T) {
	t.Helper()
	if err := p.Wait(); err != nil {
		t.Fatalf("process: %v\n%s", err, &p.stderr)
	}
}
