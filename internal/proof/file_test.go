package proof

import (
	"context"
	"database/sql"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"forge.lthn.ai/core/go-store/store"
)

func newPath(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "store.db")
}

// patient is a store's busy timeout here: waiting for other processes is part of
// every test, giving up is not.
func patient() store.Option { return store.WithBusyTimeout(time.Minute) }

func open(t testing.TB, path string, opts ...store.Option) *store.Store {
	t.Helper()
	s, err := store.New(path, append([]store.Option{patient()}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// openRaw opens a store's file with plain SQLite, as another program would, on
// one connection.
func openRaw(path string) (*sql.DB, error) {
	u := url.URL{Scheme: "file", Path: path, RawQuery: "_pragma=busy_timeout(60000)"}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// wantIntact lets SQLite check the whole file.
func wantIntact(t testing.TB, path string) {
	t.Helper()
	db, err := openRaw(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var result string
	if err := db.QueryRowContext(context.Background(), "PRAGMA integrity_check").Scan(&result); err != nil {
		t.Fatal(err)
	}
	if result != "ok" {
		t.Fatalf("integrity_check: %s", result)
	}
}

func set(t testing.TB, s *store.Store, group, key, value string) {
	t.Helper()
	if err := s.Set(group, key, value); err != nil {
		t.Fatal(err)
	}
}

func wantValue(t testing.TB, s *store.Store, group, key, want string) {
	t.Helper()
	if got, err := s.Get(group, key); err != nil || got != want {
		t.Errorf("%s/%s is %q, %v; want %q", group, key, got, err, want)
	}
}
