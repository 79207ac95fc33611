package storetest

import (
	"database/sql"
	"net/url"
	"testing"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// OpenRaw opens a store's file with plain SQLite, as another program would, and creates
// it if it does not exist. It waits up to a minute for another program's write. The
// result has one connection, so that BEGIN and COMMIT are plain statements.
func OpenRaw(path string) (*sql.DB, error) {
	u := url.URL{Scheme: "file", Path: path, RawQuery: "_pragma=busy_timeout(60000)"}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// Raw is OpenRaw for the length of a test. The test may close the result earlier.
func Raw(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := OpenRaw(path)
	return Opened(t, db, err)
}

// Exec runs one or more statements.
func Exec(t testing.TB, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// Value returns the only column of the first row of a query.
func Value[V any](t testing.TB, db *sql.DB, query string, args ...any) (v V) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), query, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

// WantIntact fails the test if SQLite finds a fault in the file.
func WantIntact(t testing.TB, path string) {
	t.Helper()
	db, err := OpenRaw(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if result := Value[string](t, db, "PRAGMA integrity_check"); result != "ok" {
		t.Fatalf("integrity_check: %s", result)
	}
}
