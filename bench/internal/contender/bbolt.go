package contender

import (
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"
)

func bboltUpdate() Contender {
	return Contender{
		Name: "bbolt", Title: "bbolt (Update)", Module: "go.etcd.io/bbolt", Family: "bbolt",
		Setup: "default options; a bucket for each group; Update for each write",
		Roles: Read | ReadMany | ReadCold | Write | Group | GroupCold | Bulk | File | Size,
		Open: func(dir string, _ Config) (Store, error) {
			db, err := openBbolt(dir)
			if err != nil {
				return nil, err
			}
			return &bboltStore{db: db, write: db.Update}, nil
		},
	}
}

func openBbolt(dir string) (*bbolt.DB, error) {
	db, err := bbolt.Open(filepath.Join(dir, "kv.bolt"), 0o600, nil)
	if err != nil {
		return nil, fmt.Errorf("bbolt: open: %w", err)
	}
	return db, nil
}

type bboltStore struct {
	db    *bbolt.DB
	write func(func(*bbolt.Tx) error) error
}

func (s *bboltStore) Get(group, key string) (value string, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		bucket := tx.Bucket([]byte(group))
		if bucket == nil {
			return ErrNotFound
		}
		found := bucket.Get([]byte(key))
		if found == nil {
			return ErrNotFound
		}
		value = string(found)
		return nil
	})
	return value, err
}

func (s *bboltStore) Set(group, key, value string) error {
	err := s.write(func(tx *bbolt.Tx) error {
		bucket, err := tx.CreateBucketIfNotExists([]byte(group))
		if err != nil {
			return err
		}
		return bucket.Put([]byte(key), []byte(value))
	})
	if err != nil {
		return fmt.Errorf("bbolt: set: %w", err)
	}
	return nil
}

func (s *bboltStore) GetAll(group string) (map[string]string, error) {
	all := make(map[string]string)
	err := s.db.View(func(tx *bbolt.Tx) error {
		bucket := tx.Bucket([]byte(group))
		if bucket == nil {
			return nil
		}
		return bucket.ForEach(func(key, value []byte) error {
			all[string(key)] = string(value)
			return nil
		})
	})
	return all, err
}

func (s *bboltStore) Load(group string, pairs iter.Seq2[string, string], ttl time.Duration) error {
	if ttl > 0 {
		return errNoTTL
	}
	return inChunks(pairs, 100_000, func(chunk []pair) error {
		// bbolt splits the leaves that a transaction inserts into only at its end. Out of order, each insertion moves half
		// the keys of a large leaf, and 100,000 insertions take twenty seconds.
		slices.SortFunc(chunk, func(a, b pair) int { return strings.Compare(a.key, b.key) })
		err := s.db.Update(func(tx *bbolt.Tx) error {
			bucket, err := tx.CreateBucketIfNotExists([]byte(group))
			if err != nil {
				return err
			}
			for _, p := range chunk {
				if err := bucket.Put([]byte(p.key), []byte(p.value)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("bbolt: load: %w", err)
		}
		return nil
	})
}

func (s *bboltStore) Close() error { return s.db.Close() }
