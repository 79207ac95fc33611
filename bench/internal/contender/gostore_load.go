package contender

import (
	"context"
	"fmt"
	"iter"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

// Load sets the keys in transactions of 10,000.
func (s *goStoreStore) Load(group string, pairs iter.Seq2[string, string], ttl time.Duration) error {
	g := store.NewGroup[string](s.Store, group)
	var opts []store.SetOption
	if ttl > 0 {
		opts = append(opts, store.TTL(ttl))
	}
	return inChunks(pairs, 10_000, func(chunk []pair) error {
		values := make(map[string]string, len(chunk))
		for _, p := range chunk {
			values[p.key] = p.value
		}
		if err := g.SetMany(context.Background(), values, opts...); err != nil {
			return fmt.Errorf("go-store: load: %w", err)
		}
		return nil
	})
}
