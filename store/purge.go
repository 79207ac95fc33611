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

// Compact rewrites the file without the space that deleted and purged keys have
// left, most of which a purge gives back by itself. Other writes wait while it
// does. It is worth its while for a file of a version before this one, or after
// a great many deletions.
func (s *Store) Compact(ctx context.Context) error {
	return failed(s.eng.Compact(ctx), "Compact", "", "")
}

func purge(ctx context.Context, eng engine.Engine, clock func() time.Time) (total int64, err error) {
	now := clock().UnixMilli()
	for rows := int64(firstBatch); ; {
		began := time.Now()
		n, err := eng.PurgeExpired(ctx, engine.PurgeExpiredParams{Now: now, MaxRows: rows})
		total += n
		if err != nil {
			return total, err
		}
		if n < rows {
			break
		}
		rows = nextBatch(rows, time.Since(began))
	}
	if total == 0 {
		return 0, nil
	}
	return total, eng.Reclaim(ctx)
}

// A batch of the purge keeps other writes waiting, so its size follows from how
// long the one before it took, the wait for its turn included: the busier the
// store, the smaller the batches.
const (
	firstBatch = 256
	smallBatch = 32
	largeBatch = 4096
	batchTime  = 3 * time.Millisecond
)

func nextBatch(rows int64, took time.Duration) int64 {
	switch {
	case took < batchTime/2:
		rows *= 2
	case took > batchTime:
		rows /= 2
	}
	return min(max(rows, smallBatch), largeBatch)
}
