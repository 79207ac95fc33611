package schema

import (
	"database/sql"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

func testOptions() Options {
	return Options{MigrationsTable: "goose_db_version", BusyTimeout: 5 * time.Second, Logger: slog.New(slog.DiscardHandler)}
}

// at creates a file at a version and returns its pool.
func at(t *testing.T, version int64) *sql.DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kv.db")
	pool, err := conn.Opener{}.Guarded(conn.DSN(path, "rwc", time.Second))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })
	provider, err := newProvider(pool, testOptions())
	if err != nil {
		t.Fatal(err)
	}
	if version > 0 {
		if _, err := provider.UpTo(t.Context(), version); err != nil {
			t.Fatal(err)
		}
	}
	return pool
}

// TestStepsAreTheMigrations checks files at each version. Each migration must have one
// step, which is detected from that version on and names exactly what the migration
// created.
func TestStepsAreTheMigrations(t *testing.T) {
	list, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != len(steps) {
		t.Fatalf("there are %d migrations and %d steps", len(list), len(steps))
	}
	for i, s := range steps {
		if list[i].Version != s.version {
			t.Errorf("step %d has version %d, its migration has %d", i, s.version, list[i].Version)
		}
		pool := at(t, s.version)
		f, err := inspectPool(t.Context(), pool, "goose_db_version")
		if err != nil {
			t.Fatal(err)
		}
		var want []int64
		names := map[string]bool{}
		for _, earlier := range steps[:i+1] {
			want = append(want, earlier.version)
			for _, name := range earlier.names {
				names[name] = true
			}
		}
		if got := f.detected(); !slices.Equal(got, want) {
			t.Errorf("at version %d, steps %v are detected, want %v", s.version, got, want)
		}
		if len(f.objects) != len(names) || f.others {
			t.Errorf("at version %d the file has %v (and others: %t), the steps have %v", s.version, f.objects, f.others, names)
		}
		for _, c := range s.columns {
			if got := f.columns[c.name]; got.typ != c.typ || got.pk != c.pk {
				t.Errorf("column %s is %+v, in the step it is %+v", c.name, got, c.column)
			}
		}
		if err := f.validate(); err != nil {
			t.Errorf("version %d: %v", s.version, err)
		}
	}
}

// TestViewsMakeOldFilesReadable reads every column and every table of the latest version
// from files at each version.
func TestViewsMakeOldFilesReadable(t *testing.T) {
	for version := int64(1); version <= latest(); version++ {
		pool := at(t, version)
		if err := conn.Exec(t.Context(), pool, "INSERT INTO kv (grp, key, value) VALUES ('g', 'k', 'v')"); err != nil {
			t.Fatal(err)
		}
		f, err := inspectPool(t.Context(), pool, "goose_db_version")
		if err != nil {
			t.Fatal(err)
		}
		one, err := pool.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		views := f.views()
		if (len(views) == 0) != (version == latest()) {
			t.Errorf("version %d has the views %q", version, views)
		}
		if err := create(t.Context(), one, views); err != nil {
			t.Fatal(err)
		}
		if err := create(t.Context(), one, []string{"no SQL"}); err == nil {
			t.Error("create ran an invalid statement")
		}
		var names []string
		for _, s := range steps {
			for _, c := range s.columns {
				names = append(names, c.name)
			}
		}
		row := make([]any, len(names))
		for i := range row {
			row[i] = new(any)
		}
		if err := one.QueryRowContext(t.Context(), "SELECT "+strings.Join(names, ", ")+" FROM kv").Scan(row...); err != nil {
			t.Errorf("version %d: %v", version, err)
		}
		for _, s := range steps {
			if s.view == "" {
				continue
			}
			table := s.names[0]
			if _, err := one.ExecContext(t.Context(), "SELECT * FROM "+table); err != nil {
				t.Errorf("version %d: %v", version, err)
			}
		}
		one.Close()
	}
}

// TestReserved checks that every name that the migrations created is reserved, in upper
// and lower case, and that goose's table is not.
func TestReserved(t *testing.T) {
	pool := at(t, latest())
	rows, err := pool.Query("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		n++
		if own := name != "goose_db_version"; Reserved(name) != own || Reserved(strings.ToUpper(name)) != own {
			t.Errorf("%s is reserved: %t", name, Reserved(name))
		}
	}
	if err := rows.Err(); err != nil || n < 8 {
		t.Errorf("%d names, %v", n, err)
	}
}
