package proof

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"forge.lthn.ai/core/go-store/store"
)

// On a full disk a write returns ErrFull, and no acknowledged write is lost, neither then
// nor after the file is closed and opened again. Once there is space, the same store
// works again.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	for name, mount := range map[string]func(t *testing.T) string{
		"tmpfs": mountTmpfs,
		"ext4":  mountExt4,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diskFull(t, mount(t))
		})
	}
}

func diskFull(t *testing.T, dir string) {
	// The ballast is larger than the rest of the disk: the pages in the WAL must fit into
	// the database as well before the WAL can be reset.
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 5<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "store.db")
	s, err := store.New(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if s != nil {
			_ = s.Close()
		}
	}()
	acknowledged := map[string]string{}
	fillUp(t, s, "before", acknowledged)
	check := func(when string) {
		t.Helper()
		for key, value := range acknowledged {
			if got, err := s.Get("g", key); err != nil || got != value {
				t.Errorf("%s: %s is lost: %d bytes, %v", when, key, len(got), err)
			}
		}
		all, err := s.GetAll("g")
		if err != nil || len(all) != len(acknowledged) {
			t.Errorf("%s: %d keys, %v; want %d", when, len(all), err, len(acknowledged))
		}
	}
	check("while the disk is full")
	again := func() error {
		t.Helper()
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		s, err = store.New(path)
		return err
	}
	// Closing the store frees the space of the WAL index, and opening it may fail for lack
	// of that space. If it opens, the checkpoint may have freed space for more writes.
	if err := again(); err != nil {
		t.Logf("a full disk does not let a store open: %v", err)
		var cause *store.Error
		if !errors.As(err, &cause) {
			t.Errorf("%v is not a *store.Error", err)
		}
	} else {
		check("after opening again")
		fillUp(t, s, "again", acknowledged)
		check("full again")
	}

	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if s == nil {
		if s, err = store.New(path); err != nil {
			t.Fatalf("with space again: %v", err)
		}
		check("opened with space again")
	}
	for i := range 20 {
		key := fmt.Sprint("space ", i)
		if err := s.Set("g", key, key); err != nil {
			t.Fatalf("with space again: %v", err)
		}
		acknowledged[key] = key
	}
	check("with space again")
	if err := again(); err != nil {
		t.Fatal(err)
	}
	check("at the end")
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	wantIntact(t, path)
}

// fillUp writes from several goroutines until each has received ErrFull three times: a
// write may still succeed where another one did not.
func fillUp(t *testing.T, s *store.Store, prefix string, acknowledged map[string]string) {
	t.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for i, failures := 0, 0; failures < 3; i++ {
				key := fmt.Sprint(prefix, g, " ", i)
				value := strings.Repeat(strconv.Itoa(i%10), 8000)
				switch err := s.Set("g", key, value); {
				case err == nil:
					mu.Lock()
					acknowledged[key] = value
					mu.Unlock()
				case errors.Is(err, store.ErrFull):
					failures++
				default:
					t.Errorf("on a full disk: %v", err)
					return
				}
			}
		})
	}
	all.Wait()
}

// mountTmpfs mounts a small file system in memory.
func mountTmpfs(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=8m"); err != nil {
		t.Skipf("may not mount a file system: %v", err)
	}
	t.Cleanup(func() { unmount(t, dir) })
	return dir
}

// mountExt4 mounts a small file system from an image file.
func mountExt4(t *testing.T) string {
	t.Helper()
	image := filepath.Join(t.TempDir(), "image")
	dir := t.TempDir()
	for _, command := range [][]string{
		{"truncate", "--size=8M", image},
		{"mkfs.ext4", "-q", "-m", "0", "-O", "^has_journal", image},
		{"mount", "-o", "loop", image, dir},
	} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Skipf("may not mount a file system: %v: %v %s", command, err, out)
		}
	}
	t.Cleanup(func() { unmount(t, dir) })
	return dir
}

func unmount(t *testing.T, dir string) {
	t.Helper()
	// A descriptor of the WAL index may be open until the next store is opened, so the
	// unmount is lazy.
	if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
		t.Errorf("unmount: %v", err)
	}
}
