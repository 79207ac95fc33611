package schema_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/schema"
)

var migrateOptions = schema.Options{
	MigrationsTable: "goose_db_version",
	BusyTimeout:     5 * time.Second,
	Logger:          slog.New(slog.DiscardHandler),
}

// fileOf creates a file with plain SQL, as releases before goose did.
func fileOf(t *testing.T, statements ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "old.db")
	onFile(t, path, func(db *sql.DB) {
		for _, s := range statements {
			if _, err := db.Exec(s); err != nil {
				t.Fatal(err)
			}
		}
	})
	return path
}

// onFile calls fn with a plain connection to a file.
func onFile(t *testing.T, path string, fn func(*sql.DB)) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	fn(db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// unchanged returns a check that the file is byte for byte what it is now.
func unchanged(t *testing.T, path string) (check func()) {
	t.Helper()
	read := func() []byte {
		t.Helper()
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	before := read()
	return func() {
		t.Helper()
		if !slices.Equal(before, read()) {
			t.Error("the file has changed")
		}
	}
}

const (
	createPreTTL = "CREATE TABLE kv (grp TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (grp, key))"
	createTTL    = "CREATE TABLE kv (grp TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires_at INTEGER, PRIMARY KEY (grp, key))"
)

func TestReadStatusOfEachShape(t *testing.T) {
	for _, tc := range []struct {
		statements []string
		shape      schema.Shape
		version    int64
	}{
		{[]string{createPreTTL}, schema.ShapePreTTL, 1},
		{[]string{createTTL}, schema.ShapeTTL, 2},
		{[]string{"CREATE TABLE other (id INTEGER)"}, schema.ShapeNoKV, 0},
	} {
		t.Run(string(tc.shape), func(t *testing.T) {
			path := fileOf(t, tc.statements...)
			check := unchanged(t, path)
			st, err := schema.ReadStatus(t.Context(), path, migrateOptions)
			if err != nil {
				t.Fatal(err)
			}
			if st.Shape != tc.shape || st.Version != tc.version {
				t.Errorf("shape %s, version %d, want %s, %d", string(st.Shape), st.Version, string(tc.shape), tc.version)
			}
			for _, m := range st.Migrations {
				if m.Applied != (m.Version <= tc.version) || !m.Recorded.IsZero() {
					t.Errorf("migration %+v", m)
				}
			}
			check()
		})
	}
}

// TestMigrateDownAndUpAgain checks that Open upgrades a file again after MigrateDown to any
// version.
func TestMigrateDownAndUpAgain(t *testing.T) {
	latest := schema.Latest()
	for version := range latest + 1 {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			path := fileOf(t, createTTL,
				"INSERT INTO kv VALUES ('g', 'stays', 'v', NULL), ('g', 'lives', 'v', 1001), ('g', 'expired', 'v', 1000)")
			down, err := schema.MigrateDown(t.Context(), path, version, 1000, migrateOptions)
			if err != nil {
				t.Fatal(err)
			}
			var undone []int64
			for _, m := range down.Undone {
				undone = append(undone, m.Version)
			}
			// The file was at version 2.
			var want []int64
			for v := int64(2); v > version; v-- {
				want = append(want, v)
			}
			if !slices.Equal(undone, want) {
				t.Errorf("undone %v, want %v", undone, want)
			}
			if version < 2 && down.Expired != 1 {
				t.Errorf("removed %d expired rows, want 1", down.Expired)
			}
			checkRows(t, path, version)
		})
	}
}

func checkRows(t *testing.T, path string, version int64) {
	t.Helper()
	ctx := context.Background()
	e, err := sqlite.Open(ctx, path, sqlite.Options{
		MigrationsTable: migrateOptions.MigrationsTable, BusyTimeout: migrateOptions.BusyTimeout, Logger: migrateOptions.Logger,
	})
	if err != nil {
		t.Fatal(err)
	}
	var want int64 = 2
	if version == 0 {
		want = 0
	}
	// The row that had expired at 1000 is not counted again.
	if n, err := e.Count(ctx, engine.CountParams{Grp: "g", Now: 1000}); err != nil || n != want {
		t.Errorf("%d live rows, %v, want %d", n, err, want)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestMigrateDownRefuses(t *testing.T) {
	latest := schema.Latest()
	path := fileOf(t, createTTL)
	for _, version := range []int64{-1, latest + 1} {
		if _, err := schema.MigrateDown(t.Context(), path, version, 0, migrateOptions); err == nil {
			t.Errorf("version %d was accepted", version)
		}
	}
	missing := filepath.Join(t.TempDir(), "none.db")
	if _, err := schema.MigrateDown(t.Context(), missing, 0, 0, migrateOptions); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("MigrateDown of a missing file: %v", err)
	}
	if _, err := schema.ReadStatus(t.Context(), missing, migrateOptions); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("ReadStatus of a missing file: %v", err)
	}
}

// TestMigrateDownIsOneTransaction checks that a failed Down migration leaves the file as it
// was: the earlier ones, the version table and the removal of expired rows are rolled back
// too.
func TestMigrateDownIsOneTransaction(t *testing.T) {
	path := fileOf(t, createTTL,
		"INSERT INTO kv VALUES ('g', 'expired', 'v', 1000)",
		// SQLite refuses to drop a column that a view reads.
		"CREATE VIEW soon AS SELECT key FROM kv WHERE expires_at > 0")
	check := unchanged(t, path)
	if _, err := schema.MigrateDown(t.Context(), path, 1, 1000, migrateOptions); err == nil {
		t.Fatal("the column was dropped under the view")
	}
	check()
}

// TestMigrateDownReserved: the schema's own names are no names for the version table.
func TestMigrateDownReserved(t *testing.T) {
	for _, name := range []string{"kv", "kv_revision", "KV_usage_insert", "kv_expires_at", "kv_usage"} {
		t.Run(name, func(t *testing.T) {
			path := fileOf(t, createTTL)
			check := unchanged(t, path)
			opts := migrateOptions
			opts.MigrationsTable = name
			if _, err := schema.MigrateDown(t.Context(), path, 1, 0, opts); !errors.Is(err, engine.ErrSchema) {
				t.Errorf("MigrateDown: error is %v, want ErrSchema", err)
			}
			if _, err := schema.ReadStatus(t.Context(), path, opts); !errors.Is(err, engine.ErrSchema) {
				t.Errorf("ReadStatus: error is %v, want ErrSchema", err)
			}
			check()
		})
	}
}

// A version table needs a name. Without one, nothing is changed.
func TestMigrationsTableNeedsName(t *testing.T) {
	opts := migrateOptions
	opts.MigrationsTable = ""
	path := fileOf(t, createTTL)
	check := unchanged(t, path)
	if st, err := schema.ReadStatus(t.Context(), path, opts); err == nil {
		t.Errorf("the status is %+v", st)
	}
	if d, err := schema.MigrateDown(t.Context(), path, 1, 0, opts); err == nil {
		t.Errorf("it was taken down: %+v", d)
	}
	check()
}

// A context that is done keeps a file from being inspected.
func TestInspectionEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	path := fileOf(t, createTTL)
	if _, err := schema.ReadStatus(ctx, path, migrateOptions); !errors.Is(err, context.Canceled) {
		t.Errorf("ReadStatus: %v, want Canceled", err)
	}
	dsn := conn.DSN(path, conn.ReadOnly, time.Second)
	if _, err := schema.ForReading(ctx, dsn, migrateOptions); !errors.Is(err, context.Canceled) {
		t.Errorf("ForReading: %v, want Canceled", err)
	}
}

// With ManualMigrations, a file that is not current is not read either.
func TestForReadingManual(t *testing.T) {
	opts := migrateOptions
	opts.ManualMigrations = true
	dsn := conn.DSN(fileOf(t, createTTL), conn.ReadOnly, time.Second)
	if _, err := schema.ForReading(t.Context(), dsn, opts); !errors.Is(err, engine.ErrSchema) {
		t.Errorf("error is %v, want ErrSchema", err)
	}
}
