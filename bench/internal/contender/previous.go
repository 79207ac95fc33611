package contender

import (
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// The statements of the previous release: the same table, one connection of database/sql, and every statement prepared again
// at each call.
const (
	previousSchema = `CREATE TABLE IF NOT EXISTS kv (
	grp TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires_at INTEGER, PRIMARY KEY (grp, key))`
	previousSet = `INSERT INTO kv (grp, key, value, expires_at) VALUES (?, ?, ?, ?)
	ON CONFLICT(grp, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`
	previousGet    = `SELECT value, expires_at FROM kv WHERE grp = ? AND key = ?`
	previousGetAll = `SELECT key, value FROM kv WHERE grp = ? AND (expires_at IS NULL OR expires_at > ?)`
	previousPurge  = `DELETE FROM kv WHERE expires_at IS NOT NULL AND expires_at <= ?`
)

func previous() Contender {
	return Contender{
		Name: "previous", Title: "previous release", Module: "modernc.org/sqlite", Family: "previous",
		Setup: "database/sql, one connection, no prepared statements, WAL, SQLite's default synchronous=FULL",
		Roles: Read | ReadMany | ReadCold | Write | Group | GroupCold | Bulk | Purge | File | Size,
		// It had no call that takes more than one key.
		NoBulk: true,
		Open:   openPrevious,
	}
}

type previousStore struct{ db *sql.DB }

func openPrevious(dir string, _ Config) (_ Store, err error) {
	db, err := sql.Open("sqlite", filepath.Join(dir, "kv.db"))
	if err != nil {
		return nil, fmt.Errorf("previous: open: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	db.SetMaxOpenConns(1)
	for _, statement := range []string{"PRAGMA journal_mode=WAL", "PRAGMA busy_timeout=5000", previousSchema} {
		if _, err := db.Exec(statement); err != nil {
			return nil, fmt.Errorf("previous: %s: %w", statement, err)
		}
	}
	return &previousStore{db}, nil
}

func (s *previousStore) Get(group, key string) (string, error) {
	var (
		value   string
		expires sql.NullInt64
	)
	err := s.db.QueryRow(previousGet, group, key).Scan(&value, &expires)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", ErrNotFound
	case err != nil:
		return "", fmt.Errorf("previous: get: %w", err)
	case expires.Valid && expires.Int64 <= time.Now().UnixMilli():
		return "", ErrNotFound
	}
	return value, nil
}

func (s *previousStore) Set(group, key, value string) error {
	if _, err := s.db.Exec(previousSet, group, key, value, nil); err != nil {
		return fmt.Errorf("previous: set: %w", err)
	}
	return nil
}

func (s *previousStore) GetAll(group string) (map[string]string, error) {
	rows, err := s.db.Query(previousGetAll, group, time.Now().UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("previous: get all: %w", err)
	}
	defer rows.Close()
	all := make(map[string]string)
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return nil, fmt.Errorf("previous: get all: %w", err)
		}
		all[key] = value
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("previous: get all: %w", err)
	}
	return all, nil
}

// Load prepares files and is not measured: the previous release had no such call.
func (s *previousStore) Load(group string, pairs iter.Seq2[string, string], ttl time.Duration) error {
	tx, err := s.db.Begin()
	if err != nil {
		return fmt.Errorf("previous: load: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	set, err := tx.Prepare(previousSet)
	if err != nil {
		return fmt.Errorf("previous: load: %w", err)
	}
	defer set.Close()
	var expires any
	if ttl > 0 {
		expires = time.Now().Add(ttl).UnixMilli()
	}
	for key, value := range pairs {
		if _, err := set.Exec(group, key, value, expires); err != nil {
			return fmt.Errorf("previous: load: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("previous: load: %w", err)
	}
	return nil
}

func (s *previousStore) PurgeExpired() (int64, error) {
	result, err := s.db.Exec(previousPurge, time.Now().UnixMilli())
	if err != nil {
		return 0, fmt.Errorf("previous: purge: %w", err)
	}
	return result.RowsAffected()
}

func (s *previousStore) Close() error { return s.db.Close() }
