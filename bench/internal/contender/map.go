package contender

import (
	"iter"
	"maps"
	"sync"
	"time"
)

// plainMap is the floor: the cost of the fastest possible reads in this harness. It keeps nothing on a disk.
func plainMap() Contender {
	return Contender{
		Name: "map", Title: "Go map", Family: "map",
		Setup:    "a map of maps under a sync.RWMutex: the floor; nothing is durable",
		Roles:    Read | ReadMany | Write | Group | Bulk | Size,
		Volatile: true,
		Open: func(string, Config) (Store, error) {
			return &mapStore{groups: make(map[string]map[string]string)}, nil
		},
	}
}

type mapStore struct {
	mu     sync.RWMutex
	groups map[string]map[string]string
}

func (s *mapStore) Get(group, key string) (string, error) {
	s.mu.RLock()
	value, ok := s.groups[group][key]
	s.mu.RUnlock()
	if !ok {
		return "", ErrNotFound
	}
	return value, nil
}

func (s *mapStore) Set(group, key, value string) error {
	s.mu.Lock()
	s.group(group)[key] = value
	s.mu.Unlock()
	return nil
}

func (s *mapStore) GetAll(group string) (map[string]string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return maps.Clone(s.groups[group]), nil
}

func (s *mapStore) Load(group string, pairs iter.Seq2[string, string], ttl time.Duration) error {
	if ttl > 0 {
		return errNoTTL
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.Insert(s.group(group), pairs)
	return nil
}

// group returns the map of a group, which the caller may write to while it holds the lock.
func (s *mapStore) group(name string) map[string]string {
	group := s.groups[name]
	if group == nil {
		group = make(map[string]string)
		s.groups[name] = group
	}
	return group
}

func (s *mapStore) Close() error { return nil }
