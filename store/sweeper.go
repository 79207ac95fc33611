package store

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// sweeper is the goroutine that removes expired keys: all of them from time to
// time, and single ones that a read came upon. A nil sweeper does nothing.
type sweeper struct {
	eng  engine.Engine
	now  func() time.Time
	log  *slog.Logger
	seen chan engine.DeleteExpiredParams

	interval time.Duration // of the purge; 0: none

	cancel context.CancelFunc
	done   sync.WaitGroup
}

// seenBuffer is how many keys that reads found expired may wait for removal.
// What does not fit is left to the purge.
const seenBuffer = 256

func startSweeper(eng engine.Engine, c config) *sweeper {
	u := &sweeper{
		eng: eng, now: c.now, log: c.logger, interval: c.purgeInterval,
		seen: make(chan engine.DeleteExpiredParams, seenBuffer),
	}
	ctx, cancel := context.WithCancel(context.Background())
	u.cancel = cancel
	u.done.Go(func() { u.run(ctx) })
	return u
}

func (u *sweeper) stop() {
	if u == nil {
		return
	}
	u.cancel()
	u.done.Wait()
}

// remove has an expired key removed soon. It never blocks.
func (u *sweeper) remove(key engine.DeleteExpiredParams) {
	if u == nil {
		return
	}
	select {
	case u.seen <- key:
	default:
	}
}

func (u *sweeper) run(ctx context.Context) {
	var tick <-chan time.Time
	if u.interval > 0 {
		t := time.NewTicker(u.interval)
		defer t.Stop()
		tick = t.C
	}
	for {
		var what string
		var err error
		select {
		case <-ctx.Done():
			return
		case key := <-u.seen:
			what = "remove an expired key"
			// The row may have been set again since: it is looked at once more.
			_, err = u.eng.DeleteExpired(ctx, key)
		case <-tick:
			what = "purge expired keys"
			_, err = purge(ctx, u.eng, u.now)
		}
		if err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, ErrClosed) {
			u.log.Error("store: could not "+what, "error", err)
		}
	}
}
