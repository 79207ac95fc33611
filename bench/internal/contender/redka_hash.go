package contender

import (
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/nalgeon/redka"
)

// errNoTTL is returned by Load with a ttl if the contender has no expiry.
var errNoTTL = errors.New("this contender has no expiry")

func redkaHash() Contender {
	return Contender{
		Name: "redka-hash", Title: "redka (hash)", Module: "github.com/nalgeon/redka", Family: "redka-hash",
		Setup:   "as redka; each group is a hash, which is read whole in one query",
		Default: "synchronous=NORMAL",
		Roles:   Group | GroupCold,
		Open: func(dir string, config Config) (Store, error) {
			db, err := openRedka(dir, config)
			if err != nil {
				return nil, err
			}
			return &redkaHashStore{db}, nil
		},
	}
}

type redkaHashStore struct{ db *redka.DB }

func (s *redkaHashStore) Get(group, key string) (string, error) {
	value, err := s.db.Hash().Get(group, key)
	switch {
	case errors.Is(err, redka.ErrNotFound):
		return "", ErrNotFound
	case err != nil:
		return "", fmt.Errorf("redka: hash get: %w", err)
	}
	return value.String(), nil
}

func (s *redkaHashStore) Set(group, key, value string) error {
	if _, err := s.db.Hash().Set(group, key, value); err != nil {
		return fmt.Errorf("redka: hash set: %w", err)
	}
	return nil
}

func (s *redkaHashStore) GetAll(group string) (map[string]string, error) {
	items, err := s.db.Hash().Items(group)
	if err != nil {
		return nil, fmt.Errorf("redka: hash items: %w", err)
	}
	all := make(map[string]string, len(items))
	for key, value := range items {
		all[key] = value.String()
	}
	return all, nil
}

func (s *redkaHashStore) Load(group string, pairs iter.Seq2[string, string], ttl time.Duration) error {
	if ttl > 0 {
		return errNoTTL
	}
	return inChunks(pairs, 10_000, func(chunk []pair) error {
		items := make(map[string]any, len(chunk))
		for _, p := range chunk {
			items[p.key] = p.value
		}
		if _, err := s.db.Hash().SetMany(group, items); err != nil {
			return fmt.Errorf("redka: hash load: %w", err)
		}
		return nil
	})
}

func (s *redkaHashStore) Close() error { return s.db.Close() }
