package sqlite

import (
	"os"
	process "os/exec"
	"testing"

	"go.uber.org/goleak"
)

// children are what this test binary does as another process: what childEnv
// names, with the arguments given. Each returns an exit code.
var children = map[string]func(args []string) int{}

const childEnv = "GO_STORE_TEST_CHILD"

func TestMain(m *testing.M) {
	if run, ok := children[os.Getenv(childEnv)]; ok {
		os.Exit(run(os.Args[1:]))
	}
	goleak.VerifyTestMain(m)
}

// child is a command that runs children[name] in a process of its own.
func child(t *testing.T, name string, args ...string) *process.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := process.CommandContext(t.Context(), self, args...)
	cmd.Env = append(os.Environ(), childEnv+"="+name)
	cmd.Stderr = os.Stderr
	return cmd
}
