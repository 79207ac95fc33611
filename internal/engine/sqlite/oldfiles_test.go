package sqlite

import (
	"fmt"
	"maps"
	"path/filepath"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"forge.lthn.ai/core/go-store/db"
	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/storetest"
)

// The statements with which earlier releases and goose create their tables.
const (
	preTTLTable = `CREATE TABLE kv (grp TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (grp, key))`
	ttlTable    = `CREATE TABLE kv (grp TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires_at INTEGER, PRIMARY KEY (grp, key))`
	gooseTable  = `CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL, is_applied INTEGER NOT NULL, tstamp TIMESTAMP DEFAULT (datetime('now')))`
)

// marks returns SQL that creates goose's table with these versions marked as applied, after
// goose's own version 0.
func marks(versions ...int64) string {
	s := gooseTable + "; INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1)"
	for _, v := range versions {
		s += fmt.Sprintf(", (%d, 1)", v)
	}
	return s
}

// These helpers are shared with the tests of package store.
var (
	raw    = storetest.Raw
	folder = storetest.Folder
)

// fixture copies a file of testdata to a folder of its own.
func fixture(t *testing.T, name string) string {
	t.Helper()
	return storetest.Copy(t, filepath.Join("testdata", name))
}

// build creates a file with plain SQL, in a folder of its own, and returns its path.
func build(t *testing.T, statements ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "old.db")
	alter(t, path, statements...)
	return path
}

// alter runs statements on a file.
func alter(t *testing.T, path string, statements ...string) {
	t.Helper()
	conn := raw(t, path)
	for _, s := range statements {
		if _, err := conn.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
}

// value returns the result of a query that has one row of one column.
func value[T any](t *testing.T, path, statement string, args ...any) T {
	t.Helper()
	conn := raw(t, path)
	defer conn.Close()
	return storetest.Value[T](t, conn, statement, args...)
}

// migrate brings a file to a version as the goose command does.
func migrate(t *testing.T, path string, version int64) {
	t.Helper()
	conn := raw(t, path)
	defer conn.Close()
	p, err := goose.NewProvider(goose.DialectSQLite3, conn, db.SQLite(), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if now, err := p.GetDBVersion(t.Context()); err != nil {
		t.Fatal(err)
	} else if now > version {
		_, err = p.DownTo(t.Context(), version)
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	if _, err := p.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
}

// inMode is fixture, with the file in a journal mode.
func inMode(t *testing.T, mode, name string) string {
	t.Helper()
	path := fixture(t, name)
	alter(t, path, "PRAGMA journal_mode = "+mode)
	return path
}

const (
	preTTL = "legacy-pre-ttl.db"
	ttl    = "legacy-ttl.db"
)

// fixtureRows returns the rows that both files of testdata have, by group, without group
// miner.
func fixtureRows() map[string]map[string]string {
	bulk := map[string]string{}
	for i := range 1000 {
		bulk[fmt.Sprintf("k%04d", i)] = fmt.Sprintf("v%d", i)
	}
	return map[string]map[string]string{
		"bulk":    bulk,
		"config":  {"theme": "dark", "language": "en-GB"},
		"ünïcode": {"日本語": "مرحبا"},
		"bin":     {"nul": "a\x00b"},
		"":        {"": ""},
		"quote":   {"'; DROP TABLE kv; --": "x"},
	}
}

// today is a time at which the expired rows of the fixtures have expired and the others have
// not.
var today = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()

// checkFixture checks every row and TTL of a fixture through the engine.
func checkFixture(t *testing.T, r engine.Reader, name string) {
	t.Helper()
	want := fixtureRows()
	if name == ttl {
		want["session"] = map[string]string{"long-lived": "token-a"}
		want["cache"] = map[string]string{}
		for i := range 100 {
			want["cache"][fmt.Sprintf("live%04d", i)] = "fresh"
		}
	}
	for grp, rows := range want {
		got, err := r.GetAll(t.Context(), engine.GetAllParams{Grp: grp, Now: today})
		if err != nil {
			t.Fatalf("GetAll %q: %v", grp, err)
		}
		if !maps.Equal(got, rows) {
			t.Errorf("group %q is %.300s, want %.300s", grp, fmt.Sprintf("%q", got), fmt.Sprintf("%q", rows))
		}
	}
	miner, err := r.GetAll(t.Context(), engine.GetAllParams{Grp: "miner", Now: today})
	if err != nil || len(miner) != 2 {
		t.Errorf("group miner has %d rows, want pool and wallet (%v)", len(miner), err)
	}
	if name == ttl {
		checkExpiries(t, r)
	}
}

// checkExpiries checks the expiry of each row of the TTL fixture that has one.
func checkExpiries(t *testing.T, r engine.Reader) {
	t.Helper()
	year := func(grp, key string) int {
		row, err := r.Get(t.Context(), engine.GetParams{Grp: grp, Key: key})
		if err != nil || row.ExpiresAt == engine.Never {
			t.Errorf("%s/%s: %+v, %v", grp, key, row, err)
		}
		return row.ExpiresAt.Time().UTC().Year()
	}
	live := []string{"session/long-lived"}
	dead := []string{"session/expired"}
	for i := range 200 {
		dead = append(dead, fmt.Sprintf("cache/k%04d", i))
	}
	for i := range 100 {
		live = append(live, fmt.Sprintf("cache/live%04d", i))
	}
	for _, name := range live {
		if y := year(filepath.Dir(name), filepath.Base(name)); y != 2126 {
			t.Errorf("%s expires in %d, want 2126", name, y)
		}
	}
	for _, name := range dead {
		if y := year(filepath.Dir(name), filepath.Base(name)); y > 2026 {
			t.Errorf("%s expires in %d, want the past", name, y)
		}
	}
}

// untouched returns a function that checks that a file and its folder have not changed since.
func untouched(t *testing.T, path string) func() {
	t.Helper()
	before := folder(t, path)
	return func() {
		t.Helper()
		sameFiles(t, before, folder(t, path))
	}
}

func sameFiles(t *testing.T, before, after map[string]string) {
	t.Helper()
	for name, data := range before {
		if after[name] != data {
			t.Errorf("%s was changed: %d bytes, then %d", name, len(data), len(after[name]))
		}
	}
	for name := range after {
		if _, ok := before[name]; !ok {
			t.Errorf("%s was left behind", name)
		}
	}
}
