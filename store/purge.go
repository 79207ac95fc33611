package store

import (
	"context"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// PurgeExpired removes every expired key, of all groups, and returns how many it
// removed. It works in batches, between which other writes get their turn; on an
// error it returns what it had removed until then. Expired keys are unreadable
// anyway: a purge gives their space back.
func (s *Store) PurgeExpired() (int64, error) {
	n, err := purge(context.Background(), s.eng, s.now)
	return n, failed(err, "PurgeExpired", "", "")
}

// purgeBatch is how many rows one batch removes: few enough that a write which
// waits for the batch hardly notices.
const purgeBatch = 500

func purge(ctx context.Context, eng engine.Writer, clock func() time.Time) (total int64, err error) {
	now := clock().UnixMilli()
	for {
		n, err := eng.PurgeExpired(ctx, engine.PurgeExpiredParams{Now: now, MaxRows: purgeBatch})
		total += n
		if err != nil || n < purgeBatch {
			return total, err
		}
	}
}
