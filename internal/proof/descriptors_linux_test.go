package proof

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/testprocess"
	"forge.lthn.ai/core/go-store/store"
)

// held counts this process's descriptors and memory mappings of files in a folder,
// including deleted files.
func held(t *testing.T, dir string) (descriptors, mappings int) {
	t.Helper()
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		if target, err := os.Readlink("/proc/self/fd/" + fd.Name()); err == nil && strings.HasPrefix(target, dir) {
			descriptors++
		}
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	return descriptors, strings.Count(string(maps), " "+dir)
}

// Stores that are opened and closed leave no descriptor and no mapping behind. The garbage
// collector releases a mapping, and then its descriptor is closed.
func TestNothingIsLeftOpen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	most := 0
	for i := range rounds(t, 25, 2000) {
		s, err := store.New(dir + "/store.db")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Set("g", "k", "v"); err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 {
			closeAtOnce(t, dir+"/store.db")
		}
		wantValue(t, s, "g", "k", "v")
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		descriptors, _ := held(t, dir)
		most = max(most, descriptors)
	}
	t.Logf("at most %d descriptors were open at once after a Close", most)
	for deadline := time.Now().Add(30 * time.Second); ; runtime.Gosched() {
		runtime.GC()
		// Opening a store, of any file, closes the descriptors of deleted files whose
		// mappings have been released.
		if s, err := store.New(newPath(t)); err != nil || s.Close() != nil {
			t.Fatal(err)
		}
		descriptors, mappings := held(t, dir)
		if descriptors == 0 && mappings == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d descriptors and %d mappings are left", descriptors, mappings)
		}
	}
}

// POSIX locks belong to the process: closing any descriptor of a file drops all locks that
// the process holds on it. Closing a store, or inspecting a file, must not drop the locks
// of another store of the process: during its Update, no other process can begin to write.
func TestLocksOutliveOtherStores(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := open(t, path)
	set(t, s, "g", "k", "v")
	p := testprocess.Start(t, "try to write", path)
	answers := bufio.NewScanner(p.Out)
	writable := func() bool {
		t.Helper()
		if _, err := fmt.Fprintln(p.In, "try"); err != nil || !answers.Scan() {
			t.Fatalf("no answer: %v, %v\n%s", err, answers.Err(), &p.Errors)
		}
		return answers.Text() == "written"
	}
	if !writable() {
		t.Error("another process cannot write to a store at rest")
	}
	others := map[string]func(t *testing.T){
		"nothing":         func(*testing.T) {},
		"a store":         func(t *testing.T) { closeAtOnce(t, path) },
		"a reader":        func(t *testing.T) { closeAtOnce(t, path, store.WithReadOnly()) },
		"without a cache": func(t *testing.T) { closeAtOnce(t, path, store.WithCacheSize(0)) },
		"a refusal": func(t *testing.T) {
			if other, err := store.New(path, store.WithMigrationsTable("none"), store.WithManualMigrations()); err == nil {
				t.Error("the store was opened")
				_ = other.Close()
			}
		},
		"a link": func(t *testing.T) {
			link := path + "-link"
			if err := os.Symlink(path, link); err != nil {
				t.Fatal(err)
			}
			closeAtOnce(t, link)
		},
		"the collector": func(t *testing.T) {
			closeAtOnce(t, path)
			runtime.GC()
			runtime.GC()
			closeAtOnce(t, path)
		},
	}
	for name, other := range others {
		err := s.Update(context.Background(), func(tx *store.Tx) error {
			if err := tx.Set("g", "k", name); err != nil {
				return err
			}
			other(t)
			if writable() {
				t.Errorf("after the closing of %s another process can write during an Update", name)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !writable() {
		t.Error("another process cannot write after the Updates")
	}
	if err := p.In.Close(); err != nil {
		t.Fatal(err)
	}
	p.Finish(t)
}

func closeAtOnce(t *testing.T, path string, opts ...store.Option) {
	t.Helper()
	s, err := store.New(path, append(opts, store.WithBusyTimeout(0), store.WithPurgeInterval(0))...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get("g", "k"); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func init() { roles["try to write"] = tryToWrite }

// tryToWrite tries to write once for each line of standard input, without waiting for
// other writers, and prints the result.
func tryToWrite(args []string) error {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		s, err := store.New(args[0], store.WithBusyTimeout(0), store.WithPurgeInterval(0))
		if err == nil {
			err = s.Set("g", "other", "v")
			err = errors.Join(err, s.Close())
		}
		switch {
		case err == nil:
			fmt.Println("written")
		case errors.Is(err, store.ErrBusy):
			fmt.Println("busy")
		default:
			return err
		}
	}
	return in.Err()
}
