package contender

import (
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/dgraph-io/badger/v4"
)

func badgerDB() Contender {
	return Contender{
		Name: "badger", Title: "badger", Module: "github.com/dgraph-io/badger/v4", Family: "badger",
		Setup:   "default options, with SyncWrites; no logger",
		Default: "SyncWrites off",
		Roles:   Read | ReadMany | ReadCold | Write | Group | GroupCold | Bulk | File | Size,
		Open:    openBadger,
	}
}

// badgerStore is no Purger: badger drops expired keys when it compacts, and has no call for it.
type badgerStore struct{ db *badger.DB }

func openBadger(dir string, config Config) (Store, error) {
	db, err := badger.Open(badger.DefaultOptions(dir).
		WithSyncWrites(config.Durability == Synced).
		WithLogger(nil))
	if err != nil {
		return nil, fmt.Errorf("badger: open: %w", err)
	}
	return &badgerStore{db}, nil
}

func (s *badgerStore) Get(group, key string) (value string, err error) {
	err = s.db.View(func(txn *badger.Txn) error {
		item, err := txn.Get([]byte(flatKey(group, key)))
		if err != nil {
			return err
		}
		return item.Value(func(found []byte) error {
			value = string(found)
			return nil
		})
	})
	switch {
	case errors.Is(err, badger.ErrKeyNotFound):
		return "", ErrNotFound
	case err != nil:
		return "", fmt.Errorf("badger: get: %w", err)
	}
	return value, nil
}

func (s *badgerStore) Set(group, key, value string) error {
	err := s.db.Update(func(txn *badger.Txn) error {
		return txn.Set([]byte(flatKey(group, key)), []byte(value))
	})
	if err != nil {
		return fmt.Errorf("badger: set: %w", err)
	}
	return nil
}

func (s *badgerStore) GetAll(group string) (map[string]string, error) {
	all := make(map[string]string)
	err := s.db.View(func(txn *badger.Txn) error {
		options := badger.DefaultIteratorOptions
		options.Prefix = []byte(prefixOf(group))
		it := txn.NewIterator(options)
		defer it.Close()
		for it.Rewind(); it.Valid(); it.Next() {
			item := it.Item()
			err := item.Value(func(value []byte) error {
				all[unflat(group, string(item.Key()))] = string(value)
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("badger: get all: %w", err)
	}
	return all, nil
}

func (s *badgerStore) Load(group string, pairs iter.Seq2[string, string], ttl time.Duration) error {
	batch := s.db.NewWriteBatch()
	defer batch.Cancel()
	for key, value := range pairs {
		entry := badger.NewEntry([]byte(flatKey(group, key)), []byte(value))
		if ttl > 0 {
			entry = entry.WithTTL(ttl)
		}
		if err := batch.SetEntry(entry); err != nil {
			return fmt.Errorf("badger: load: %w", err)
		}
	}
	if err := batch.Flush(); err != nil {
		return fmt.Errorf("badger: load: %w", err)
	}
	return nil
}

func (s *badgerStore) Close() error { return s.db.Close() }
