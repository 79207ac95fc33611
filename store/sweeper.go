package store

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// sweeper is the goroutine that removes expired keys: all of them at each interval,
// and single ones that reads have found. A nil sweeper does nothing.
type sweeper struct {
	eng  engine.Engine
	now  func() time.Time
	log  *slog.Logger
	seen chan engine.DeleteExpiredParams // expired keys that reads have found

	interval time.Duration // of the purge; 0: no purge

	cancel context.CancelFunc
	done   sync.WaitGroup
}

// seenBuffer is how many expired keys may wait for removal. Further ones are left to
// the purge.
const seenBuffer = 256

func startSweeper(eng engine.Engine, c config) *sweeper {
	sw := &sweeper{
		eng: eng, now: c.now, log: c.logger, interval: c.purgeInterval,
		seen: make(chan engine.DeleteExpiredParams, seenBuffer),
	}
	ctx, cancel := context.WithCancel(context.Background())
	sw.cancel = cancel
	sw.done.Go(func() { sw.run(ctx) })
	return sw
}

func (sw *sweeper) stop() {
	if sw == nil {
		return
	}
	sw.cancel()
	sw.done.Wait()
}

// remove queues an expired key for removal. It never blocks.
func (sw *sweeper) remove(key engine.DeleteExpiredParams) {
	if sw == nil {
		return
	}
	select {
	case sw.seen <- key:
	default:
	}
}

func (sw *sweeper) run(ctx context.Context) {
	var tick <-chan time.Time
	if sw.interval > 0 {
		t := time.NewTicker(sw.interval)
		defer t.Stop()
		tick = t.C
	}
	for {
		var what string
		var err error
		select {
		case <-ctx.Done():
			return
		case key := <-sw.seen:
			what = "remove an expired key"
			// It checks the row again, which may have been set in the meantime.
			_, err = sw.eng.DeleteExpired(ctx, key)
		case <-tick:
			what = "purge expired keys"
			_, err = purge(ctx, sw.eng, sw.now)
		}
		if err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, ErrClosed) {
			sw.log.Error("store: could not "+what, "error", err)
		}
	}
}
