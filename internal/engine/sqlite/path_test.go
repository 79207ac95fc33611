package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// TestPathNames opens files whose names have characters that are special in a URL or in a
// shell. Each must create the file of that name and no other.
func TestPathNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"plain.db", "a?b", "?", "a?mode=memory", "a#b", "#", "a%b", "a%41b", "%", "%3F", "%00", "with space", " ",
		"a&b=c", "a+b", "日本語", "é", "e\u0301", "🙂", "\xff\xfe", "a\nb", `"quoted"`, "it's", ";", "~", "$HOME", "-x",
		":memory:.db", ":memory", "file:x", "http:", "a:b", `back\slash`, "[x]", "kv.db-wal-not", strings.Repeat("n", 200),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, name)
			e := start(t, path, options())
			set(t, e, "g", "k", "v")
			stop(t, e)
			e = start(t, path, reading())
			if v := get(t, e, "g", "k"); v != "v" {
				t.Errorf("value is %q", v)
			}
			stop(t, e)
			for _, side := range []string{"-wal", "-shm"} { // a reader cannot remove them
				os.Remove(path + side)
			}
			if got := list(t, dir); !slices.Equal(got, []string{name}) {
				t.Errorf("the folder holds %q, want %q", got, name)
			}
		})
	}
}

func list(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// TestPathFolder opens a file in a folder with such a name.
func TestPathFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a?b#c%20d", "日本 語")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	e := open(t, filepath.Join(dir, "kv.db"), options())
	set(t, e, "g", "k", "v")
	if got := list(t, dir); !slices.Contains(got, "kv.db") {
		t.Errorf("the folder holds %q", got)
	}
}

// TestPathRelative changes the working directory before an open store opens more
// connections.
func TestPathRelative(t *testing.T) {
	home, elsewhere := t.TempDir(), t.TempDir()
	t.Chdir(home)
	e := open(t, "kv.db", options())
	set(t, e, "g", "k", "v")
	t.Chdir(elsewhere)
	var nest func(depth int) error
	nest = func(depth int) error {
		return e.View(t.Context(), func(r engine.Reader) error {
			if v := get(t, r, "g", "k"); v != "v" {
				t.Errorf("value is %q", v)
			}
			if depth == 0 {
				return nil
			}
			return nest(depth - 1)
		})
	}
	if err := nest(20); err != nil {
		t.Error(err)
	}
	set(t, e, "g", "k", "v2")
	if got := list(t, elsewhere); got != nil {
		t.Errorf("the other folder holds %q", got)
	}
	if got := list(t, home); !slices.Contains(got, "kv.db") {
		t.Errorf("the folder holds %q", got)
	}
}

func TestPathRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	one := filepath.Join(dir, "one byte")
	if err := os.WriteFile(one, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := list(t, dir)
	for name, test := range map[string]struct {
		path string
		want error
	}{
		"empty":           {"", fs.ErrInvalid},
		"NUL":             {file + "\x00.db", fs.ErrInvalid},
		"folder":          {dir, fs.ErrInvalid},
		"root":            {string(filepath.Separator), fs.ErrInvalid},
		"device":          {os.DevNull, fs.ErrInvalid},
		"missing folder":  {filepath.Join(dir, "none", "kv.db"), fs.ErrNotExist},
		"folder is file":  {filepath.Join(file, "kv.db"), nil},
		"name too long":   {filepath.Join(dir, strings.Repeat("n", 300)), nil},
		"one-byte file":   {one, engine.ErrCorrupt},
		"nothing to read": {filepath.Join(dir, "none.db"), fs.ErrNotExist},
	} {
		opts := options()
		opts.ReadOnly = name == "nothing to read"
		e, err := Open(t.Context(), test.path, opts)
		if err == nil {
			stop(t, e)
		}
		if err == nil || test.want != nil && !errors.Is(err, test.want) {
			t.Errorf("%s: error is %v, want %v", name, err, test.want)
		}
	}
	if after := list(t, dir); !slices.Equal(after, before) {
		t.Errorf("the folder went from %q to %q", before, after)
	}
}

// TestOpenTogether opens one new file from many goroutines at once.
func TestOpenTogether(t *testing.T) {
	t.Parallel()
	for range 5 {
		path := filepath.Join(t.TempDir(), "kv.db")
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				e, err := Open(t.Context(), path, options())
				if err != nil {
					t.Error(err)
					return
				}
				defer stop(t, e)
				for range 10 {
					if err := e.Set(t.Context(), engine.SetParams{Grp: "g", Key: string(rune('a' + i))}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		current(t, path, "goose_db_version")
		if n := value[int64](t, path, "SELECT COUNT(*) FROM kv"); n != 8 {
			t.Errorf("%d rows are left of 8", n)
		}
	}
}
