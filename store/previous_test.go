package store_test

import (
	"database/sql"
	"errors"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

// previous is the store of the previous release, which had no migrations, revisions or
// cache: the same SQL statements, on one connection of database/sql, without prepared
// statements. Its programs still use files that this release has upgraded, and benchmarks
// compare the two.
type previous struct{ db *sql.DB }

const (
	previousTable  = `CREATE TABLE IF NOT EXISTS kv (grp TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (grp, key))`
	previousAlter  = `ALTER TABLE kv ADD COLUMN expires_at INTEGER`
	previousSet    = `INSERT INTO kv (grp, key, value, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT(grp, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`
	previousGet    = `SELECT value, expires_at FROM kv WHERE grp = ? AND key = ?`
	previousDelete = `DELETE FROM kv WHERE grp = ? AND key = ?`
	previousGetAll = `SELECT key, value FROM kv WHERE grp = ? AND (expires_at IS NULL OR expires_at > ?)`
)

func openPrevious(t testing.TB, path string) previous {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	db.SetMaxOpenConns(1)
	execute(t, db, "PRAGMA journal_mode=WAL")
	execute(t, db, "PRAGMA busy_timeout=5000")
	execute(t, db, previousTable)
	_, _ = db.Exec(previousAlter) // that the column is there already is no error
	return previous{db}
}

func (p previous) Set(group, key, value string) error {
	_, err := p.db.Exec(previousSet, group, key, value, nil)
	return err
}

func (p previous) SetWithTTL(group, key, value string, ttl time.Duration) error {
	_, err := p.db.Exec(previousSet, group, key, value, time.Now().Add(ttl).UnixMilli())
	return err
}

func (p previous) Get(group, key string) (string, error) {
	var value string
	var expires sql.NullInt64
	err := p.db.QueryRow(previousGet, group, key).Scan(&value, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return "", store.ErrNotFound
	}
	if err != nil {
		return "", err
	}
	if expires.Valid && expires.Int64 <= time.Now().UnixMilli() {
		_, _ = p.db.Exec(previousDelete, group, key)
		return "", store.ErrNotFound
	}
	return value, nil
}

func (p previous) GetAll(group string) (_ map[string]string, err error) {
	rows, err := p.db.Query(previousGetAll, group, time.Now().UnixMilli())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	all := make(map[string]string)
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return nil, err
		}
		all[key] = value
	}
	return all, rows.Err()
}

// A program of the previous release can use a file that this release has upgraded and has
// open, and each sees what the other writes.
func TestPreviousVersionOnTheSameFile(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"legacy-pre-ttl.db", "legacy-ttl.db", ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := newPath(t)
			if name != "" {
				path = fixture(t, name)
			}
			s := open(t, path)
			for range 2 {
				p := openPrevious(t, path)
				set(t, s, "g", "k", "ours")
				if got, err := p.Get("g", "k"); err != nil || got != "ours" {
					t.Fatalf("the previous release reads %q, %v", got, err)
				}
				if err := p.Set("g", "k", "theirs"); err != nil {
					t.Fatal(err)
				}
				wantValue(t, s, "g", "k", "theirs")
				if err := p.SetWithTTL("g", "expires", "v", time.Hour); err != nil {
					t.Fatal(err)
				}
				if e, err := store.NewGroup[string](s, "g").Entry(background, "expires"); err != nil || time.Until(e.ExpiresAt) > time.Hour {
					t.Fatalf("Entry = %+v, %v", e, err)
				}
				if err := p.SetWithTTL("g", "expired", "v", -time.Hour); err != nil {
					t.Fatal(err)
				}
				wantAbsent(t, s, "g", "expired")
				wantAll(t, s, "g", map[string]string{"k": "theirs", "expires": "v"})
				if all, err := p.GetAll("g"); err != nil || len(all) != 2 {
					t.Fatalf("the previous release reads %q, %v", all, err)
				}
				if name != "" {
					wantLegacyRows(t, s)
				}
			}
		})
	}
}
