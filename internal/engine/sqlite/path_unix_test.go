//go:build unix

package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

func TestFileMode(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "kv.db")
	check := func(want fs.FileMode) {
		t.Helper()
		e := start(t, path, options())
		defer stop(t, e)
		set(t, e, "g", "k", "v")
		for _, side := range []string{"", "-wal", "-shm"} {
			info, err := os.Stat(path + side)
			if err != nil {
				t.Fatal(err)
			}
			if mode := info.Mode().Perm(); mode != want {
				t.Errorf("kv.db%s has mode %o, want %o", side, mode, want)
			}
		}
	}
	check(0o600)
	// The mode of an existing file stays.
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	check(0o640)
}

func TestSymlink(t *testing.T) {
	t.Parallel()
	for name, exists := range map[string]bool{"to a file": true, "to nothing": false} {
		t.Run(name, func(t *testing.T) {
			home, links := t.TempDir(), t.TempDir()
			target, link := filepath.Join(home, "kv.db"), filepath.Join(links, "link.db")
			relative, err := filepath.Rel(links, target)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(os.Symlink(relative, filepath.Join(links, "second.db")), os.Symlink("second.db", link)); err != nil {
				t.Fatal(err)
			}
			if exists {
				stop(t, start(t, target, options()))
			}
			direct := open(t, link, options())
			set(t, direct, "g", "k", "v")
			// Both paths are the same database.
			e := open(t, target, options())
			if v := get(t, e, "g", "k"); v != "v" {
				t.Errorf("value is %q", v)
			}
			if got := list(t, links); !slices.Equal(got, []string{"link.db", "second.db"}) {
				t.Errorf("the links' folder holds %q", got)
			}
			if got := list(t, home); !slices.Equal(got, []string{"kv.db", "kv.db-shm", "kv.db-wal"}) {
				t.Errorf("the file's folder holds %q", got)
			}
		})
	}
}

func TestSymlinkLoop(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "loop.db")
	if err := os.Symlink("loop.db", path); err != nil {
		t.Fatal(err)
	}
	if e, err := Open(t.Context(), path, options()); err == nil {
		stop(t, e)
		t.Error("a loop of links was opened")
	}
	// A link into a missing folder.
	path = filepath.Join(dir, "dangling.db")
	if err := os.Symlink(filepath.Join("none", "kv.db"), path); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path, options()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error is %v, want ErrNotExist", err)
	}
}

func TestPipeRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	if _, err := Open(t.Context(), path, options()); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("error is %v, want ErrInvalid", err)
	}
}
