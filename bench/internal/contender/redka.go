package contender

import (
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"time"

	"github.com/nalgeon/redka"
)

// redkaTimeout bounds a call. At the default of five seconds, writes that wait for a long purge would fail, and their wait is
// what the purge workload measures.
const redkaTimeout = 2 * time.Minute

func redkaStrings() Contender {
	return Contender{
		Name: "redka", Title: "redka", Module: "github.com/nalgeon/redka", Family: "redka",
		Setup:   "modernc driver, redka's default pragmas, with synchronous=FULL",
		Default: "synchronous=NORMAL",
		Roles:   Read | ReadMany | ReadCold | Write | Bulk | Purge | File | Size,
		Open: func(dir string, config Config) (Store, error) {
			db, err := openRedka(dir, config)
			if err != nil {
				return nil, err
			}
			return &redkaStore{db}, nil
		},
	}
}

// openRedka names the pragmas that redka would choose by itself, because only named ones reach every connection of its pools.
func openRedka(dir string, config Config) (*redka.DB, error) {
	pragma := map[string]string{
		"journal_mode": "wal",
		"synchronous":  "full",
		"temp_store":   "memory",
		"mmap_size":    "268435456",
		"foreign_keys": "on",
	}
	if config.Durability == Own {
		pragma["synchronous"] = "normal"
	}
	db, err := redka.Open(filepath.Join(dir, "kv.db"), &redka.Options{
		DriverName: "sqlite",
		Pragma:     pragma,
		Timeout:    redkaTimeout,
	})
	if err != nil {
		return nil, fmt.Errorf("redka: open: %w", err)
	}
	return db, nil
}

// redkaStore keeps each key as a redka string: its fastest type, and the one whose keys can expire.
type redkaStore struct{ db *redka.DB }

func (s *redkaStore) Get(group, key string) (string, error) {
	value, err := s.db.Str().Get(flatKey(group, key))
	switch {
	case errors.Is(err, redka.ErrNotFound):
		return "", ErrNotFound
	case err != nil:
		return "", fmt.Errorf("redka: get: %w", err)
	}
	return value.String(), nil
}

func (s *redkaStore) Set(group, key, value string) error {
	if err := s.db.Str().Set(flatKey(group, key), value); err != nil {
		return fmt.Errorf("redka: set: %w", err)
	}
	return nil
}

func (s *redkaStore) Load(group string, pairs iter.Seq2[string, string], ttl time.Duration) error {
	return inChunks(pairs, 10_000, func(chunk []pair) error {
		err := s.db.Update(func(tx *redka.Tx) error {
			for _, p := range chunk {
				if err := tx.Str().SetExpire(flatKey(group, p.key), p.value, ttl); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("redka: load: %w", err)
		}
		return nil
	})
}

func (s *redkaStore) PurgeExpired() (int64, error) {
	n, err := s.db.Key().DeleteExpired(0)
	if err != nil {
		return 0, fmt.Errorf("redka: purge: %w", err)
	}
	return int64(n), nil
}

func (s *redkaStore) Close() error { return s.db.Close() }
