//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package walindex

import (
	"os"
	"path/filepath"
	"testing"
)

// TestRegistryKeepsWhatItCannotUse: a descriptor of a file that turns out to be no
// index must stay open as long as the file has its name, since closing it would drop
// the locks that this process may hold on the file.
func TestRegistryKeepsWhatItCannotUse(t *testing.T) {
	t.Parallel()
	r := shmRegistry{files: map[inode]*shmFile{}}
	path := filepath.Join(t.TempDir(), "kv.db-shm")
	if f := r.acquire(path); f != nil || len(r.stray) != 0 {
		t.Fatalf("a file that is not there gives %v, and %d strays", f, len(r.stray))
	}
	if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if f := r.acquire(path); f != nil || len(r.stray) != 1 {
		t.Fatalf("a short file gives %v, and %d strays", f, len(r.stray))
	}
	stray := r.stray[0]
	if r.sweep(); len(r.stray) != 1 {
		t.Fatal("the descriptor of a file that has its name was closed")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if r.sweep(); len(r.stray) != 0 {
		t.Error("the descriptor of a deleted file was kept")
	}
	if _, err := stray.Stat(); err == nil {
		t.Error("it was forgotten, but not closed")
	}
}

// TestRegistrySharesADescriptor: two users of one file get one descriptor, which
// stays until both are through and the file is gone.
func TestRegistrySharesADescriptor(t *testing.T) {
	t.Parallel()
	r := shmRegistry{files: map[inode]*shmFile{}}
	path := filepath.Join(t.TempDir(), "kv.db-shm")
	if err := os.WriteFile(path, make([]byte, 2*headerBytes), 0o600); err != nil {
		t.Fatal(err)
	}
	a, b := r.acquire(path), r.acquire(path)
	if a == nil || a != b {
		t.Fatalf("two descriptors for one file: %v and %v", a, b)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	r.release(a)
	if _, err := b.file.Stat(); err != nil {
		t.Errorf("closed while in use: %v", err)
	}
	r.release(b)
	if _, err := b.file.Stat(); err == nil || len(r.files) != 0 {
		t.Error("not closed when the last user was through and the file gone")
	}
}
