package db_test

import (
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite"

	"forge.lthn.ai/core/go-store/db"
)

// TestSQLite checks that every file of the folder is embedded.
func TestSQLite(t *testing.T) {
	onDisk, err := filepath.Glob("migrations/sqlite/*")
	if err != nil {
		t.Fatal(err)
	}
	embedded, err := fs.Glob(db.SQLite(), "*")
	if err != nil {
		t.Fatal(err)
	}
	for i := range onDisk {
		onDisk[i] = filepath.Base(onDisk[i])
	}
	if !slices.Equal(embedded, onDisk) || len(embedded) == 0 {
		t.Errorf("embedded: %q; in the folder: %q", embedded, onDisk)
	}
	for i, name := range embedded {
		if v, err := goose.NumericComponent(name); err != nil || v != int64(i+1) {
			t.Errorf("%s has version %d, want %d: %v", name, v, i+1, err)
		}
		text, err := fs.ReadFile(db.SQLite(), name)
		if err != nil || !strings.Contains(string(text), "-- +goose Down") {
			t.Errorf("%s has no Down section: %v", name, err)
		}
	}
}

// old copies a file of an earlier release and opens it with only the driver.
func old(t *testing.T, name string) *sql.DB {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "internal", "engine", "sqlite", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	conn, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// rows returns the rows of kv as one text, in order.
func rows(t *testing.T, conn *sql.DB) string {
	t.Helper()
	var all string
	err := conn.QueryRow(`SELECT group_concat(quote(grp) || quote(key) || hex(value), ';') FROM (SELECT * FROM kv ORDER BY grp, key)`).Scan(&all)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func schema(t *testing.T, conn *sql.DB) string {
	t.Helper()
	var all string
	err := conn.QueryRow(`SELECT COALESCE(group_concat(type || ' ' || name || ' ' || COALESCE(sql, ''), ';'), '')
		FROM (SELECT * FROM sqlite_schema WHERE name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite%' ORDER BY name)`).Scan(&all)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func provider(t *testing.T, conn *sql.DB) *goose.Provider {
	t.Helper()
	p, err := goose.NewProvider(goose.DialectSQLite3, conn, db.SQLite(), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestGooseUp migrates an old file as an application that runs goose itself does: up
// to each version, down to each version, and up again.
func TestGooseUp(t *testing.T) {
	ctx := t.Context()
	conn := old(t, "legacy-pre-ttl.db")
	p := provider(t, conn)
	before, schemas := rows(t, conn), map[int64]string{}
	for _, source := range p.ListSources() {
		if _, err := p.UpByOne(ctx); err != nil {
			t.Fatalf("up to %d: %v", source.Version, err)
		}
		schemas[source.Version] = schema(t, conn)
		if rows(t, conn) != before {
			t.Errorf("version %d lost rows", source.Version)
		}
	}
	for version := int64(len(schemas)) - 1; version >= 1; version-- {
		if _, err := p.Down(ctx); err != nil {
			t.Fatalf("down to %d: %v", version, err)
		}
		if got := schema(t, conn); got != schemas[version] {
			t.Errorf("the schema after down to %d is %s, after up it was %s", version, got, schemas[version])
		}
		if rows(t, conn) != before {
			t.Errorf("down to version %d lost rows", version)
		}
	}
	if _, err := p.Up(ctx); err != nil {
		t.Fatal(err)
	}
	if got := schema(t, conn); got != schemas[int64(len(schemas))] {
		t.Errorf("the schema after up again is %s", got)
	}
	// Version 0 has no table, and so no rows.
	if _, err := p.DownTo(ctx, 0); err != nil {
		t.Fatal(err)
	}
	if got := schema(t, conn); got != "" {
		t.Errorf("version 0 leaves %s", got)
	}
	if _, err := p.Up(ctx); err != nil {
		t.Fatal(err)
	}
	if strings.Count(schema(t, conn), ";") != strings.Count(schemas[int64(len(schemas))], ";") {
		t.Errorf("the schema after up from nothing is %s", schema(t, conn))
	}
}

// TestGooseCommand makes the calls that the goose command makes.
func TestGooseCommand(t *testing.T) {
	conn := old(t, "legacy-pre-ttl.db")
	before := rows(t, conn)
	goose.SetBaseFS(db.SQLite())
	goose.SetLogger(goose.NopLogger())
	if err := goose.SetDialect("sqlite3"); err != nil {
		t.Fatal(err)
	}
	if err := goose.UpContext(t.Context(), conn, "."); err != nil {
		t.Fatal(err)
	}
	if rows(t, conn) != before {
		t.Error("the command lost rows")
	}
	if pending, err := provider(t, conn).HasPending(t.Context()); err != nil || pending {
		t.Errorf("pending migrations: %t, %v", pending, err)
	}
}
