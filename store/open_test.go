package store_test

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"forge.lthn.ai/core/go-store/internal/storetest"
	"forge.lthn.ai/core/go-store/store"
)

// wantRefused checks that New returned the error, as an *Error of one line.
func wantRefused(t *testing.T, err, want error) {
	t.Helper()
	var e *store.Error
	if !errors.Is(err, want) || !errors.As(err, &e) || e.Op != "New" {
		t.Fatalf("got %v, want a *store.Error of New that wraps %v", err, want)
	}
	if strings.ContainsAny(err.Error(), "\r\n") {
		t.Errorf("not one line: %q", err)
	}
}

// wantUntouched checks that do does not change the file. To read a file in WAL mode, SQLite
// may create an empty -wal file and a -shm file beside it. No store may have the file open:
// closing a descriptor of a file drops the locks that SQLite holds on it.
func wantUntouched(t *testing.T, path string, do func()) {
	t.Helper()
	name := filepath.Base(path)
	before := storetest.Folder(t, path)[name]
	do()
	after := storetest.Folder(t, path)
	if before != after[name] {
		t.Errorf("%s changed", name)
	}
	if wal := after[name+"-wal"]; len(wal) > 0 {
		t.Errorf("%s-wal has %d bytes", name, len(wal))
	}
}

func TestNewRefusesPaths(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	tests := []struct {
		name, path string
		want       error
	}{
		{"empty", "", fs.ErrInvalid},
		{"NUL", filepath.Join(dir, "a\x00b"), fs.ErrInvalid},
		{"directory", dir, fs.ErrInvalid},
		{"missing parent", filepath.Join(dir, "nope", "kv.db"), fs.ErrNotExist},
		{"missing parent with a newline", filepath.Join(dir, "no\npe", "kv.db"), fs.ErrNotExist},
		{"long name", filepath.Join(dir, strings.Repeat("n", 10_000)), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, opts := range [][]store.Option{nil, {store.WithReadOnly()}, {store.WithManualMigrations()}} {
				s, err := store.New(test.path, opts...)
				if err == nil {
					_ = s.Close()
					t.Fatal("New accepted it")
				}
				if s != nil {
					t.Error("New returned a store with the error")
				}
				if test.want != nil {
					wantRefused(t, err, test.want)
				}
			}
		})
	}
	if left := storetest.Folder(t, filepath.Join(dir, "x")); len(left) > 0 {
		t.Errorf("there are files: %q", slices.Sorted(maps.Keys(left)))
	}
}

func TestNewTakesPaths(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"plain", "with space", "a?b", "a?mode=memory", "a#b", "a%b", "a%20b", "a%00b", "a&b=c", "a+b", "ünïcode-日本語",
		"a'b", `a"b`, "file:x", ":memory:x", "-x", ".hidden", "no\nline",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if runtime.GOOS == "windows" && strings.ContainsAny(name, "?\":\n") {
				t.Skip("no file can have this name")
			}
			path := filepath.Join(t.TempDir(), name)
			s := open(t, path)
			set(t, s, "g", "k", name)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			left := storetest.Folder(t, path)
			if len(left) != 1 || left[name] == "" {
				t.Errorf("files: %q, want %q alone", slices.Sorted(maps.Keys(left)), name)
			}
			wantValue(t, open(t, path), "g", "k", name)
		})
	}
}

func TestNewFilesArePrivate(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no such modes")
	}
	path := newPath(t)
	set(t, open(t, path), "g", "k", "v")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode(); mode != 0o600 {
			t.Errorf("%s: mode %v, want 0600", info.Name(), mode)
		}
	}
}

func TestNewRefusesDamage(t *testing.T) {
	t.Parallel()
	whole := fixtureBytes(t, "legacy-ttl.db")
	tests := map[string][]byte{
		"text":      []byte(strings.Repeat("This is no database. ", 500)),
		"two bytes": {0, 0},
		"cut short": whole[:len(whole)/2],
		"header":    append([]byte("SQLite format 4\x00"), whole[16:]...),
		"schema":    append(slices.Clone(whole[:100]), slices.Concat(bytes.Repeat([]byte{0xff}, 4000), whole[4100:])...),
		"content":   append(slices.Clone(whole[:8192]), slices.Concat(bytes.Repeat([]byte{0xff}, 8192), whole[16384:])...),
	}
	for name, content := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := newPath(t)
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			wantUntouched(t, path, func() {
				_, err := store.New(path)
				wantRefused(t, err, store.ErrCorrupt)
			})
		})
	}
}

// A read reports damage that New did not find.
func TestReadsReportDamage(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := open(t, path, store.WithDurability(store.Normal))
	value := strings.Repeat("v", 500)
	for i := range 200 {
		set(t, s, "g", string(rune('a'+i)), value)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	for i := 8 * page; i < len(content); i += page {
		copy(content[i:], bytes.Repeat([]byte{0xaa}, 200))
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	_, err = s.GetAll("g")
	var e *store.Error
	if !errors.Is(err, store.ErrCorrupt) || !errors.As(err, &e) || e.Op != "GetAll" {
		t.Errorf("GetAll: %v, want ErrCorrupt", err)
	}
}

func TestNewRefusesForeignSchemas(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		prepare []string // run on a file of the current schema
		want    error
	}{
		{"a newer version", []string{"INSERT INTO goose_db_version (version_id, is_applied) VALUES (100000, 1)"}, store.ErrSchemaTooNew},
		{"another kv", []string{"DROP TABLE kv", "DROP TABLE goose_db_version", "CREATE TABLE kv (k PRIMARY KEY, v)"}, store.ErrSchema},
		{"another key", []string{
			"DROP TABLE kv", "DROP TABLE goose_db_version",
			"CREATE TABLE kv (grp TEXT NOT NULL, key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
		}, store.ErrSchema},
		{"a view", []string{"ALTER TABLE kv RENAME TO x", "CREATE VIEW kv AS SELECT * FROM x"}, store.ErrSchema},
		{"another goose", []string{
			"DROP TABLE kv", "DELETE FROM goose_db_version WHERE version_id > 1",
			"CREATE TABLE users (id INTEGER)",
		}, store.ErrSchema},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := newPath(t)
			if err := open(t, path).Close(); err != nil {
				t.Fatal(err)
			}
			db := raw(t, path)
			for _, statement := range test.prepare {
				execute(t, db, statement)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			for _, opts := range [][]store.Option{nil, {store.WithReadOnly()}, {store.WithManualMigrations()}} {
				wantUntouched(t, path, func() {
					_, err := store.New(path, opts...)
					wantRefused(t, err, test.want)
				})
			}
		})
	}
}
