package contender

import (
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

func pebbleDB() Contender {
	return Contender{
		Name: "pebble", Title: "pebble", Module: "github.com/cockroachdb/pebble/v2", Family: "pebble",
		Setup: "default options (an 8 MB block cache), Sync for each write; no logger",
		Roles: Read | ReadMany | ReadCold | Write | Group | GroupCold | Bulk | File | Size,
		Open:  openPebble,
	}
}

type pebbleStore struct{ db *pebble.DB }

func openPebble(dir string, _ Config) (Store, error) {
	db, err := pebble.Open(dir, &pebble.Options{Logger: quiet{}})
	if err != nil {
		return nil, fmt.Errorf("pebble: open: %w", err)
	}
	return &pebbleStore{db}, nil
}

func (s *pebbleStore) Get(group, key string) (string, error) {
	found, closer, err := s.db.Get([]byte(flatKey(group, key)))
	switch {
	case errors.Is(err, pebble.ErrNotFound):
		return "", ErrNotFound
	case err != nil:
		return "", fmt.Errorf("pebble: get: %w", err)
	}
	value := string(found)
	return value, closer.Close()
}

func (s *pebbleStore) Set(group, key, value string) error {
	if err := s.db.Set([]byte(flatKey(group, key)), []byte(value), pebble.Sync); err != nil {
		return fmt.Errorf("pebble: set: %w", err)
	}
	return nil
}

func (s *pebbleStore) GetAll(group string) (_ map[string]string, err error) {
	it, err := s.db.NewIter(&pebble.IterOptions{
		LowerBound: []byte(prefixOf(group)),
		UpperBound: []byte(pastPrefix(group)),
	})
	if err != nil {
		return nil, fmt.Errorf("pebble: get all: %w", err)
	}
	all := make(map[string]string)
	for it.First(); it.Valid(); it.Next() {
		all[unflat(group, string(it.Key()))] = string(it.Value())
	}
	if err := it.Close(); err != nil {
		return nil, fmt.Errorf("pebble: get all: %w", err)
	}
	return all, nil
}

func (s *pebbleStore) Load(group string, pairs iter.Seq2[string, string], ttl time.Duration) error {
	if ttl > 0 {
		return errNoTTL
	}
	return inChunks(pairs, 100_000, func(chunk []pair) error {
		batch := s.db.NewBatch()
		defer batch.Close()
		for _, p := range chunk {
			if err := batch.Set([]byte(flatKey(group, p.key)), []byte(p.value), nil); err != nil {
				return fmt.Errorf("pebble: load: %w", err)
			}
		}
		if err := batch.Commit(pebble.Sync); err != nil {
			return fmt.Errorf("pebble: load: %w", err)
		}
		return nil
	})
}

func (s *pebbleStore) Close() error { return s.db.Close() }

// quiet drops the log, which would otherwise go to standard error amid the results.
type quiet struct{}

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}
func (quiet) Fatalf(format string, args ...any) {
	panic(fmt.Sprintf("pebble: "+format, args...))
}
