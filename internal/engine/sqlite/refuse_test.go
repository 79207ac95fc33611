package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// kv returns SQL that creates a table kv with these columns and constraints.
func kv(columns string) string { return "CREATE TABLE kv (" + columns + ")" }

const cols = "grp TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL"

// TestRefuse opens files that do not belong to this store. Each must be refused and stay as
// it was, whatever the options.
func TestRefuse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		want error
		sql  []string
	}{
		"newer version":        {engine.ErrSchemaTooNew, append(newer(t, 1), "ALTER TABLE kv ADD COLUMN novelty TEXT")},
		"much newer version":   {engine.ErrSchemaTooNew, newer(t, 4)},
		"no value":             {engine.ErrSchema, []string{kv("grp TEXT, key TEXT, PRIMARY KEY (grp, key)")}},
		"other columns":        {engine.ErrSchema, []string{kv("k TEXT PRIMARY KEY, v BLOB")}},
		"blob value":           {engine.ErrSchema, []string{kv("grp TEXT, key TEXT, value BLOB, PRIMARY KEY (grp, key)")}},
		"integer key":          {engine.ErrSchema, []string{kv("grp TEXT, key INTEGER, value TEXT, PRIMARY KEY (grp, key)")}},
		"text expiry":          {engine.ErrSchema, []string{kv(cols + ", expires_at TEXT, PRIMARY KEY (grp, key)")}},
		"compulsory expiry":    {engine.ErrSchema, []string{kv(cols + ", expires_at INTEGER NOT NULL, PRIMARY KEY (grp, key)")}},
		"no primary key":       {engine.ErrSchema, []string{kv(cols)}},
		"one-column key":       {engine.ErrSchema, []string{kv(cols + ", PRIMARY KEY (key)")}},
		"key the other way":    {engine.ErrSchema, []string{kv(cols + ", PRIMARY KEY (key, grp)")}},
		"wider key":            {engine.ErrSchema, []string{kv(cols + ", tenant TEXT, PRIMARY KEY (grp, key, tenant)")}},
		"unique instead":       {engine.ErrSchema, []string{kv("id INTEGER PRIMARY KEY, " + cols + ", UNIQUE (grp, key)")}},
		"unique value":         {engine.ErrSchema, []string{kv(cols + ", PRIMARY KEY (grp, key), UNIQUE (value)")}},
		"unique index":         {engine.ErrSchema, []string{ttlTable, "CREATE UNIQUE INDEX mine ON kv (key)"}},
		"nocase key":           {engine.ErrSchema, []string{kv("grp TEXT NOT NULL, key TEXT NOT NULL COLLATE NOCASE, value TEXT NOT NULL, PRIMARY KEY (grp, key)")}},
		"nocase group":         {engine.ErrSchema, []string{kv("grp TEXT NOT NULL COLLATE NOCASE, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (grp, key)")}},
		"rtrim index":          {engine.ErrSchema, []string{kv(cols + ", PRIMARY KEY (grp, key COLLATE RTRIM)")}},
		"binary index only":    {engine.ErrSchema, []string{kv("grp TEXT NOT NULL, key TEXT NOT NULL COLLATE NOCASE, value TEXT NOT NULL, PRIMARY KEY (grp, key COLLATE BINARY)")}},
		"compulsory extra":     {engine.ErrSchema, []string{kv(cols + ", owner TEXT NOT NULL, PRIMARY KEY (grp, key)")}},
		"view":                 {engine.ErrSchema, []string{"CREATE TABLE t (grp TEXT, key TEXT, value TEXT)", "CREATE VIEW kv AS SELECT grp, key, value FROM t"}},
		"view of another case": {engine.ErrSchema, []string{"CREATE TABLE t (grp TEXT, key TEXT, value TEXT)", "CREATE VIEW Kv AS SELECT grp, key, value FROM t"}},
		"index of that name":   {engine.ErrSchema, []string{"CREATE TABLE t (a)", "CREATE INDEX kv ON t (a)"}},
		"their expiry index":   {engine.ErrSchema, []string{ttlTable, "CREATE TABLE t (a)", "CREATE INDEX kv_expires_at ON t (a)"}},
		"another expiry index": {engine.ErrSchema, []string{ttlTable, "CREATE INDEX kv_expires_at ON kv (value)"}},
		"index name for table": {engine.ErrSchema, []string{ttlTable, "CREATE TABLE kv_expires_at (a)"}},
		"their goose":          {engine.ErrSchema, []string{marks(1, 2, 3), "CREATE TABLE users (id INTEGER)"}},
		"their goose, far on":  {engine.ErrSchema, []string{marks(20240101120000), "CREATE TABLE users (id INTEGER)"}},
		"their goose, our kv":  {engine.ErrSchema, []string{ttlTable, marks(1), "CREATE TABLE users (id INTEGER)"}},
		"their goose beyond":   {engine.ErrSchema, []string{ttlTable, marks(1, 2, 3, 4), "CREATE TABLE users (id INTEGER)"}},
		"no goose table":       {engine.ErrSchema, []string{ttlTable, "CREATE TABLE goose_db_version (name TEXT)"}},
		"view for goose":       {engine.ErrSchema, []string{ttlTable, "CREATE VIEW goose_db_version AS SELECT 1 AS version_id"}},
		"UTF-16":               {engine.ErrSchema, []string{"PRAGMA encoding = 'UTF-16'", ttlTable}},
		"UTF-16 big-endian":    {engine.ErrSchema, []string{"PRAGMA encoding = 'UTF-16be'", "CREATE TABLE other (a)"}},
	} {
		for _, mode := range []string{"DELETE", "WAL"} {
			t.Run(name+", "+mode, func(t *testing.T) {
				t.Parallel()
				// The encoding can only be set before anything else.
				encoding, rest := "", test.sql
				if strings.HasPrefix(name, "UTF-16") {
					encoding, rest = rest[0], rest[1:]
				}
				path := build(t, append([]string{encoding, "PRAGMA journal_mode = " + mode}, rest...)...)
				check := untouched(t, path)
				for _, opts := range []Options{options(), manual(), reading()} {
					if opts.ReadOnly && mode == "WAL" {
						continue // a read-only connection leaves an empty -wal
					}
					refused(t, path, opts, test.want)
					check()
				}
			})
		}
	}
}

func manual() Options {
	opts := options()
	opts.ManualMigrations = true
	return opts
}

func reading() Options {
	opts := options()
	opts.ReadOnly = true
	return opts
}

// refused checks that Open fails with want.
func refused(t *testing.T, path string, opts Options, want error) {
	t.Helper()
	e, err := Open(t.Context(), path, opts)
	if err == nil {
		stop(t, e)
	}
	if !errors.Is(err, want) {
		t.Errorf("error is %v, want %v", err, want)
	}
}

// TestRefuseHint checks that the error names WithMigrationsTable if the version table is not
// this store's.
func TestRefuseHint(t *testing.T) {
	t.Parallel()
	for _, statements := range [][]string{
		{marks(1, 2, 3), "CREATE TABLE users (id INTEGER)"},
		{marks(20240101120000), "CREATE TABLE users (id INTEGER)"},
		{ttlTable, "CREATE TABLE goose_db_version (name TEXT)"},
	} {
		_, err := Open(t.Context(), build(t, statements...), options())
		if err == nil || !strings.Contains(err.Error(), "WithMigrationsTable") {
			t.Errorf("error is %v, want a hint of WithMigrationsTable", err)
		}
	}
}

// TestRefuseDamaged opens damaged files that an upgrade would have to change.
func TestRefuseDamaged(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func([]byte) []byte{
		"text":               func([]byte) []byte { return []byte(strings.Repeat("no database, just text\n", 1000)) },
		"short text":         func([]byte) []byte { return []byte("x") },
		"zeros":              func(b []byte) []byte { return make([]byte, len(b)) },
		"header only":        func(b []byte) []byte { return b[:100] },
		"half a page":        func(b []byte) []byte { return b[:2048] },
		"truncated":          func(b []byte) []byte { return b[:len(b)/2/4096*4096] },
		"truncated in page":  func(b []byte) []byte { return b[:len(b)-1000] },
		"schema page":        func(b []byte) []byte { return fill(b, 100, 4096) },
		"root page of kv":    func(b []byte) []byte { return fill(b, 4096, 2*4096) },
		"root page of index": func(b []byte) []byte { return fill(b, 2*4096, 3*4096) },
		"page in the middle": func(b []byte) []byte { return fill(b, 7*4096, 8*4096) },
		"zeros in the middle": func(b []byte) []byte {
			clear(b[6*4096 : 9*4096])
			return b
		},
	} {
		for _, source := range []string{preTTL, ttl} {
			t.Run(name+", "+source, func(t *testing.T) {
				t.Parallel()
				data, err := os.ReadFile(filepath.Join("testdata", source))
				if err != nil {
					t.Fatal(err)
				}
				path := filepath.Join(t.TempDir(), "damaged.db")
				if err := os.WriteFile(path, damage(data), 0o644); err != nil {
					t.Fatal(err)
				}
				check := untouched(t, path)
				refused(t, path, options(), engine.ErrCorrupt)
				check()
			})
		}
	}
}

// fill overwrites bytes with a value that no page of SQLite begins with.
func fill(b []byte, from, to int) []byte {
	for i := range b[from:to] {
		b[from+i] = 0xa5
	}
	return b
}
