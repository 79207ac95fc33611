package contender

import (
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/tidwall/buntdb"
)

func buntDB() Contender {
	return Contender{
		Name: "buntdb", Title: "buntdb", Module: "github.com/tidwall/buntdb", Family: "buntdb",
		Setup:   "default configuration, with SyncPolicy Always; the whole data set is in memory",
		Default: "SyncPolicy EverySecond",
		Roles:   Read | ReadMany | Write | Group | Bulk | Purge | File | Size,
		Open:    openBunt,
	}
}

type buntStore struct {
	db      *buntdb.DB
	expired atomic.Pointer[[]string] // keys that buntdb's last scan for expired keys found
}

func openBunt(dir string, config Config) (_ Store, err error) {
	db, err := buntdb.Open(filepath.Join(dir, "kv.bunt"))
	if err != nil {
		return nil, fmt.Errorf("buntdb: open: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	s := &buntStore{db: db}
	var settings buntdb.Config
	if err := db.ReadConfig(&settings); err != nil {
		return nil, fmt.Errorf("buntdb: configuration: %w", err)
	}
	if config.Durability == Synced {
		settings.SyncPolicy = buntdb.Always
	}
	settings.OnExpired = func(keys []string) { s.expired.Store(&keys) }
	if err := db.SetConfig(settings); err != nil {
		return nil, fmt.Errorf("buntdb: configuration: %w", err)
	}
	return s, nil
}

func (s *buntStore) Get(group, key string) (value string, err error) {
	err = s.db.View(func(tx *buntdb.Tx) error {
		value, err = tx.Get(flatKey(group, key))
		return err
	})
	switch {
	case errors.Is(err, buntdb.ErrNotFound):
		return "", ErrNotFound
	case err != nil:
		return "", fmt.Errorf("buntdb: get: %w", err)
	}
	return value, nil
}

func (s *buntStore) Set(group, key, value string) error {
	err := s.db.Update(func(tx *buntdb.Tx) error {
		_, _, err := tx.Set(flatKey(group, key), value, nil)
		return err
	})
	if err != nil {
		return fmt.Errorf("buntdb: set: %w", err)
	}
	return nil
}

func (s *buntStore) GetAll(group string) (map[string]string, error) {
	all := make(map[string]string)
	err := s.db.View(func(tx *buntdb.Tx) error {
		return tx.AscendRange("", prefixOf(group), pastPrefix(group), func(flat, value string) bool {
			all[unflat(group, flat)] = value
			return true
		})
	})
	if err != nil {
		return nil, fmt.Errorf("buntdb: get all: %w", err)
	}
	return all, nil
}

func (s *buntStore) Load(group string, pairs iter.Seq2[string, string], ttl time.Duration) error {
	options := &buntdb.SetOptions{Expires: ttl > 0, TTL: ttl}
	return inChunks(pairs, 100_000, func(chunk []pair) error {
		err := s.db.Update(func(tx *buntdb.Tx) error {
			for _, p := range chunk {
				if _, _, err := tx.Set(flatKey(group, p.key), p.value, options); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("buntdb: load: %w", err)
		}
		return nil
	})
}

func (s *buntStore) Close() error { return s.db.Close() }
