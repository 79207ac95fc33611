//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package walindex

import (
	"os"
	"path/filepath"
	"testing"
)

// TestRegistryKeepsWhatItCannotUse opens a file that is not an index. Its descriptor must
// stay open until the file is deleted, because closing it would drop locks that this
// process may hold on the file.
func TestRegistryKeepsWhatItCannotUse(t *testing.T) {
	t.Parallel()
	r := shmRegistry{files: map[inode]*shmFile{}}
	path := filepath.Join(t.TempDir(), "kv.db-shm")
	if f := r.acquire(path); f != nil || len(r.stray) != 0 {
		t.Fatalf("a missing file returns %v, and there are %d strays", f, len(r.stray))
	}
	if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if f := r.acquire(path); f != nil || len(r.stray) != 1 {
		t.Fatalf("a short file returns %v, and there are %d strays", f, len(r.stray))
	}
	stray := r.stray[0]
	if r.sweep(); len(r.stray) != 1 {
		t.Fatal("the descriptor was closed before the file was deleted")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if r.sweep(); len(r.stray) != 0 {
		t.Error("the descriptor of a deleted file is still a stray")
	}
	if _, err := stray.Stat(); err == nil {
		t.Error("the descriptor of a deleted file is still open")
	}
}

// TestRegistrySharesADescriptor acquires a file twice. Both must get the same descriptor,
// which must stay open until both have released it and the file is deleted.
func TestRegistrySharesADescriptor(t *testing.T) {
	t.Parallel()
	r := shmRegistry{files: map[inode]*shmFile{}}
	path := filepath.Join(t.TempDir(), "kv.db-shm")
	if err := os.WriteFile(path, make([]byte, 2*headerBytes), 0o600); err != nil {
		t.Fatal(err)
	}
	a, b := r.acquire(path), r.acquire(path)
	if a == nil || a != b {
		t.Fatalf("two descriptors of one file: %v and %v", a, b)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	r.release(a)
	if _, err := b.file.Stat(); err != nil {
		t.Errorf("the descriptor was closed while in use: %v", err)
	}
	r.release(b)
	if _, err := b.file.Stat(); err == nil || len(r.files) != 0 {
		t.Error("the descriptor of a deleted file is still open after the last release")
	}
}
