package sqlite

import (
	"os"
	process "os/exec"
	"testing"

	"forge.lthn.ai/core/go-store/internal/testprocess"
)

// roles are what other processes of this test binary do. They are added where they
// are written.
var roles = map[string]testprocess.Role{}

func TestMain(m *testing.M) { testprocess.Main(m, roles) }

// child is a command that plays a role in a process of its own.
func child(t *testing.T, role string, args ...string) *process.Cmd {
	t.Helper()
	cmd := testprocess.Command(t.Context(), t, role, args...)
	cmd.Stderr = os.Stderr
	return cmd
}
