package sqlite

import (
	"os"
	process "os/exec"
	"testing"

	"forge.lthn.ai/core/go-store/internal/testprocess"
)

// roles are the functions that other processes of this test binary can run. The files that
// define them add them here.
var roles = map[string]testprocess.Role{}

func TestMain(m *testing.M) { testprocess.Main(m, roles) }

// child returns a command that runs a role in a process of its own.
func child(t *testing.T, role string, args ...string) *process.Cmd {
	t.Helper()
	cmd := testprocess.Command(t.Context(), t, role, args...)
	cmd.Stderr = os.Stderr
	return cmd
}
