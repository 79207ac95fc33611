//go:build unix

package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

func init() {
	roles["read"] = readAsOther
}

// readAsOther opens a file for reading and prints the number of keys of two groups.
func readAsOther(args []string) error {
	ctx := context.Background()
	if f, err := os.Create(filepath.Join(filepath.Dir(args[0]), "probe")); err == nil {
		f.Close()
		return errors.New("the folder is writable")
	}
	e, err := Open(ctx, args[0], reading())
	if err != nil {
		return err
	}
	for _, grp := range []string{"bulk", "hot"} {
		n, err := e.Count(ctx, engine.CountParams{Grp: grp, Now: today})
		if err != nil {
			return err
		}
		fmt.Println(grp, n)
	}
	return e.Close()
}

// TestReadOnlyFolder reads files in a folder that is not writable. SQLite cannot create the
// -shm file there that it needs to read a database in WAL mode.
func TestReadOnlyFolder(t *testing.T) {
	t.Parallel()
	for _, name := range []string{preTTL, ttl} {
		for path, want := range map[string]string{
			inMode(t, "DELETE", name): "bulk 1000\nhot 0\n",
			inMode(t, "WAL", name):    "bulk 1000\nhot 0\n",
			// Its WAL cannot be read there, so Open must fail.
			hotWAL(t, fixture(t, name)): "",
		} {
			protect(t, path)
			before := folder(t, path)
			cmd := child(t, "read", path)
			if os.Getuid() == 0 { // root may write whatever the mode is
				cmd.Path = "/proc/self/exe" // other users cannot enter the folder of the binary
				if _, err := os.Stat(cmd.Path); err != nil {
					t.Skip(err)
				}
				cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
				cmd.Dir = "/"
			}
			cmd.Stderr = nil
			out, err := cmd.Output()
			if got := string(out); (err != nil) != (want == "") || got != want {
				t.Errorf("%s: %v, output is %q, want %q", path, err, got, want)
			}
			sameFiles(t, before, folder(t, path))
		}
	}
}

// protect lets every user read a file, and none write to it or its folder.
func protect(t *testing.T, path string) {
	t.Helper()
	dir := filepath.Dir(path)
	for _, side := range []string{"", "-wal"} {
		if err := os.Chmod(path+side, 0o444); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	// Only the owner can enter the folders that the test has created.
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(dir, 0o755) }) // so that the test can remove it
}
