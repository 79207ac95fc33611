package contender

import (
	"errors"
	"fmt"
	"time"

	"github.com/tidwall/buntdb"
)

// AwaitExpiry waits for buntdb's own look for expired keys, once a second, to find n of them. It has no other way to
// list them.
func (s *buntStore) AwaitExpiry(n int) error {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if keys := s.expired.Load(); keys != nil && len(*keys) >= n {
			return nil
		}
	}
	return fmt.Errorf("buntdb: %d keys have not expired within a minute", n)
}

// PurgeExpired does what buntdb does by itself every second unless it is told to hand the keys over: it deletes all
// that have expired in one transaction. Doing it from here makes it possible to say when.
func (s *buntStore) PurgeExpired() (n int64, err error) {
	keys := s.expired.Swap(nil)
	if keys == nil {
		return 0, nil
	}
	err = s.db.Update(func(tx *buntdb.Tx) error {
		for _, key := range *keys {
			// A key that has expired is deleted and reported as not found.
			if _, err := tx.Delete(key); err != nil && !errors.Is(err, buntdb.ErrNotFound) {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("buntdb: purge: %w", err)
	}
	return n, nil
}
