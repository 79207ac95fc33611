package contender

import (
	"fmt"
	"iter"
	"time"

	"golang.org/x/sync/errgroup"
)

// loaders is how many goroutines set keys at once, to share each wait for the disk.
const loaders = 256

// Load sets each key, from many goroutines.
func (s *goStoreStore) Load(group string, pairs iter.Seq2[string, string], ttl time.Duration) error {
	return inChunks(pairs, 10_000, func(chunk []pair) error {
		var workers errgroup.Group
		workers.SetLimit(loaders)
		for _, p := range chunk {
			workers.Go(func() error {
				if ttl > 0 {
					return s.SetWithTTL(group, p.key, p.value, ttl)
				}
				return s.Set(group, p.key, p.value)
			})
		}
		if err := workers.Wait(); err != nil {
			return fmt.Errorf("go-store: load: %w", err)
		}
		return nil
	})
}
