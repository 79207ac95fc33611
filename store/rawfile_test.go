package store_test

import (
	"context"
	"database/sql"
	"net/url"
	"testing"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// raw opens a store's file beside the store, to see and do what the store's API
// does not offer. It has one connection, so that transactions are plain SQL.
func raw(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := openRaw(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return db
}

func openRaw(path string) (*sql.DB, error) {
	u := url.URL{Scheme: "file", Path: path, RawQuery: "_pragma=busy_timeout(10000)"}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

func execute(t testing.TB, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(context.Background(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// number runs a query that answers with one number.
func number(t testing.TB, db *sql.DB, query string, args ...any) (n int64) {
	t.Helper()
	if err := db.QueryRowContext(context.Background(), query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// rows is how many rows a key has in the file, live or expired: 0 or 1.
func rows(t testing.TB, db *sql.DB, group, key string) int64 {
	t.Helper()
	return number(t, db, "SELECT COUNT(*) FROM kv WHERE grp = ? AND key = ?", group, key)
}

// wantIntact lets SQLite check the whole file.
func wantIntact(t testing.TB, db *sql.DB) {
	t.Helper()
	var result string
	if err := db.QueryRowContext(context.Background(), "PRAGMA integrity_check").Scan(&result); err != nil {
		t.Fatal(err)
	}
	if result != "ok" {
		t.Fatalf("integrity_check: %s", result)
	}
}
