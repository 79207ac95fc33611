package contender

import (
	"errors"
	"fmt"
	"path/filepath"

	"forge.lthn.ai/core/go-store/store"
)

const goStoreModule = "forge.lthn.ai/core/go-store"

func goStore() Contender {
	return Contender{
		Name: "go-store", Title: "go-store", Module: goStoreModule, Family: GoStoreFamily,
		Setup:      "default options, with the background purge off",
		Roles:      Read | ReadMany | Write | Group | Bulk | Purge | File | Size,
		FillsCache: true,
		Open: func(dir string, config Config) (Store, error) {
			if config.CacheBytes > 0 {
				return openGoStore(dir, store.WithCacheSize(config.CacheBytes))
			}
			return openGoStore(dir)
		},
	}
}

type goStoreStore struct{ *store.Store }

// openGoStore turns the background purge off: it would remove the keys whose removal the purge workload measures.
func openGoStore(dir string, options ...store.Option) (Store, error) {
	s, err := store.New(filepath.Join(dir, "kv.db"), append(options, store.WithPurgeInterval(0))...)
	if err != nil {
		return nil, fmt.Errorf("go-store: open: %w", err)
	}
	return &goStoreStore{s}, nil
}

func (s *goStoreStore) Get(group, key string) (string, error) {
	value, err := s.Store.Get(group, key)
	if errors.Is(err, store.ErrNotFound) {
		return "", ErrNotFound
	}
	return value, err
}
