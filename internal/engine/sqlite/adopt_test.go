package sqlite

import (
	"errors"
	"strings"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/schema"
)

// current checks that a file is fully upgraded and that each migration is recorded once.
func current(t *testing.T, path, table string) {
	t.Helper()
	latest := schema.Latest()
	conn := raw(t, path)
	defer conn.Close()
	var rows, distinct, newest, columns, indexes int64
	var integrity string
	if err := conn.QueryRow(`SELECT
		(SELECT COUNT(*) FROM `+table+`),
		(SELECT COUNT(DISTINCT version_id) FROM `+table+` WHERE is_applied),
		(SELECT MAX(version_id) FROM `+table+`),
		(SELECT COUNT(*) FROM pragma_table_info('kv') WHERE name IN ('grp', 'key', 'value', 'expires_at')),
		(SELECT COUNT(*) FROM sqlite_schema WHERE name = 'kv_expires_at' AND lower(tbl_name) = 'kv'),
		(SELECT integrity_check FROM pragma_integrity_check)`,
	).Scan(&rows, &distinct, &newest, &columns, &indexes, &integrity); err != nil {
		t.Fatal(err)
	}
	if rows != latest+1 || distinct != latest+1 || newest != latest {
		t.Errorf("%s has %d rows for %d versions up to %d, want one for each of 0 to %d", table, rows, distinct, newest, latest)
	}
	if columns != 4 || indexes != 1 || integrity != "ok" {
		t.Errorf("kv has %d of its 4 columns and %d indexes kv_expires_at; integrity: %s", columns, indexes, integrity)
	}
}

func TestUpgradeFixtures(t *testing.T) {
	t.Parallel()
	for _, file := range []string{preTTL + " WAL", ttl + " WAL", preTTL + " DELETE", ttl + " DELETE"} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			name, mode, _ := strings.Cut(file, " ")
			path := inMode(t, mode, name)
			for range 2 { // the second Open has nothing to upgrade
				e := start(t, path, options())
				checkFixture(t, e, name)
				stop(t, e)
				current(t, path, "goose_db_version")
			}
			e := open(t, path, options())
			want := map[string]int64{preTTL: 0, ttl: 201}[name]
			if n, err := e.PurgeExpired(t.Context(), engine.PurgeExpiredParams{Now: today, MaxRows: 1000}); n != want || err != nil {
				t.Errorf("purged %d, %v, want %d", n, err, want)
			}
			set(t, e, "config", "theme", "light")
			if v := get(t, e, "config", "theme"); v != "light" {
				t.Errorf("theme is %q after it was set", v)
			}
		})
	}
}

// TestUpgradeShapes upgrades files of every shape, including intermediate ones.
func TestUpgradeShapes(t *testing.T) {
	t.Parallel()
	const row = "INSERT INTO kv (grp, key, value) VALUES ('g', 'k', 'v')"
	const other = "CREATE TABLE notes (id INTEGER PRIMARY KEY); CREATE INDEX notes_id ON notes (id)"
	for name, make := range map[string]func() string{
		"no goose, without TTL":        func() string { return build(t, preTTLTable, row) },
		"no goose, with TTL":           func() string { return build(t, ttlTable, row) },
		"no goose, TTL added later":    func() string { return build(t, preTTLTable, "ALTER TABLE kv ADD COLUMN expires_at INTEGER", row) },
		"no goose, among other tables": func() string { return build(t, other, ttlTable, row) },
		"goose 1":                      func() string { p := build(t); migrate(t, p, 1); alter(t, p, row); return p },
		"goose 2":                      func() string { p := build(t); migrate(t, p, 2); alter(t, p, row); return p },
		"goose 3":                      func() string { p := build(t); migrate(t, p, 3); alter(t, p, row); return p },
		"goose 1, TTL by an old program": func() string {
			return build(t, preTTLTable, marks(1), "ALTER TABLE kv ADD COLUMN expires_at INTEGER", row)
		},
		"goose 0, table by an old program": func() string { return build(t, marks(), ttlTable, row) },
		"goose 2, among other tables":      func() string { p := build(t, other); migrate(t, p, 2); alter(t, p, row); return p },
		"WAL mode":                         func() string { return build(t, "PRAGMA journal_mode = WAL", ttlTable, row) },
		"a column and index of its own": func() string {
			return build(t, ttlTable, "ALTER TABLE kv ADD COLUMN note TEXT NOT NULL DEFAULT ''", "CREATE INDEX mine ON kv (value)", row)
		},
		"letters of either case": func() string {
			return build(t, "create table KV (grp text not null, key text not null, value text not null, primary key (grp, key))", row)
		},
		"without rowid":                      func() string { return build(t, preTTLTable+" WITHOUT ROWID", row) },
		"page size 1024, incremental vacuum": func() string { return build(t, "PRAGMA page_size = 1024", "PRAGMA auto_vacuum = 2", preTTLTable, row) },
		"goose rows down and up again": func() string {
			p := build(t)
			migrate(t, p, 3)
			migrate(t, p, 1)
			alter(t, p, row)
			return p
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := make()
			e := start(t, path, options())
			if v := get(t, e, "g", "k"); v != "v" {
				t.Errorf("value is %q", v)
			}
			set(t, e, "g", "k2", "v2")
			stop(t, e)
			current(t, path, "goose_db_version")
		})
	}
}

// TestUpgradeNothing opens files without a kv table.
func TestUpgradeNothing(t *testing.T) {
	t.Parallel()
	for name, statements := range map[string][]string{
		"empty file":        nil,
		"other tables only": {"CREATE TABLE notes (id INTEGER PRIMARY KEY)"},
		"goose, version 0":  {marks()},
	} {
		t.Run(name, func(t *testing.T) {
			path := build(t, statements...)
			e := start(t, path, options())
			set(t, e, "g", "k", "v")
			stop(t, e)
			current(t, path, "goose_db_version")
		})
	}
}

func TestMigrationsTable(t *testing.T) {
	t.Parallel()
	opts := options()
	opts.MigrationsTable = "kv_versions"
	foreign := marks(1, 2, 3, 4, 5) + "; CREATE TABLE notes (id INTEGER PRIMARY KEY)"
	for name, path := range map[string]string{
		"new":                       build(t),
		"old":                       fixture(t, ttl),
		"foreign goose table":       build(t, foreign),
		"foreign and old kv":        build(t, foreign, ttlTable),
		"versions in another table": build(t, ttlTable, marks(1, 2)),
	} {
		t.Run(name, func(t *testing.T) {
			before := ""
			const theirs = "SELECT group_concat(id || ':' || version_id) FROM goose_db_version"
			if name != "new" && name != "old" {
				before = value[string](t, path, theirs)
			}
			e := start(t, path, opts)
			set(t, e, "g", "k", "v")
			stop(t, e)
			current(t, path, "kv_versions")
			if before != "" {
				if after := value[string](t, path, theirs); after != before {
					t.Errorf("the application's versions went from %s to %s", before, after)
				}
			}
		})
	}
}

func TestManualMigrations(t *testing.T) {
	t.Parallel()
	opts := options()
	opts.ManualMigrations = true
	for name, path := range map[string]string{
		"no file": t.TempDir() + "/none.db", "nothing": build(t), "pre-TTL": fixture(t, preTTL), "TTL": fixture(t, ttl),
	} {
		check := untouched(t, path)
		if _, err := Open(t.Context(), path, opts); !errors.Is(err, engine.ErrSchema) {
			t.Errorf("%s: error is %v, want ErrSchema", name, err)
		}
		check()
	}
	path := fixture(t, preTTL)
	migrate(t, path, 2)
	check := untouched(t, path)
	if _, err := Open(t.Context(), path, opts); !errors.Is(err, engine.ErrSchema) {
		t.Errorf("version 2: error is %v, want ErrSchema", err)
	}
	check()
	latest := schema.Latest()
	migrate(t, path, latest)
	checkFixture(t, open(t, path, opts), preTTL)
	open(t, conn.Memory, opts) // no other program could migrate it
}
