package contender

import (
	"errors"
	"fmt"
	"time"

	"github.com/tidwall/buntdb"
)

// AwaitExpiry waits until buntdb's scan for expired keys, which runs once a second, has found n. buntdb has no other way to
// list them.
func (s *buntStore) AwaitExpiry(n int) error {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if keys := s.expired.Load(); keys != nil && len(*keys) >= n {
			return nil
		}
	}
	return fmt.Errorf("buntdb: %d keys have not expired within a minute", n)
}

// PurgeExpired deletes all expired keys in one transaction. buntdb does the same every second if OnExpired is not set; here it
// happens when the workload wants it.
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
