package store

import (
	"context"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// PurgeExpired removes the expired keys of all groups and returns how many it removed.
// It works in small batches and lets other writers in between them. If it returns an
// error, the number is what it had removed before. Expired keys are unreadable in any
// case; a purge gives their space back to the file system.
func (s *Store) PurgeExpired() (int64, error) {
	n, err := purge(context.Background(), s.eng, s.now)
	return n, failed(err, "PurgeExpired", "", "")
}

// Compact rewrites the file without free pages. Other writers wait until it ends, and
// it needs free disk space of up to twice the size of the file. A purge returns most
// free space by itself, so Compact is useful only after very many deletions, and once
// for a file that an older release created: from then on a purge can return the free
// space of that file too.
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

// Other writers wait during a batch of the purge. The size of a batch depends on the
// time that the previous one took, including the wait for its turn: the busier the
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
