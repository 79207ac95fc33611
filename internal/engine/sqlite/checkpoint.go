package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/walindex"
)

// checkpointer copies the WAL into the database file, on a goroutine and a
// connection of its own: left to SQLite, every thousandth page makes one commit
// wait for it. It runs beside readers and writers, but for its end, which holds
// this process's writers up for a moment.
type checkpointer struct {
	db    *sql.DB
	index *walindex.Index
	// inTurn runs fn while this process's writers wait.
	inTurn func(ctx context.Context, fn func(tx) error) error
	log    *slog.Logger

	wanted chan struct{}
	using  sync.Mutex // the connection; not to be waited for in the writers' turn
	cancel context.CancelFunc
	done   sync.WaitGroup

	closing sync.RWMutex // held by those who finish
	closed  bool
}

const (
	// checkpointFrames is how many pages gather in the WAL before a checkpoint.
	checkpointFrames = 1000
	// shortFrames is what is best left to copy while writers wait. It is tried
	// manyRounds times to get there.
	shortFrames = 64
	manyRounds  = 4
	// largeFrames is when writers have to wait for however much it is.
	largeFrames = 4 * checkpointFrames
	// checkpointPatience is how long such a checkpoint waits for readers of old
	// pages to finish.
	checkpointPatience = 10 * time.Millisecond
)

// startCheckpointer starts the goroutine; db is a pool of one connection.
func startCheckpointer(db *sql.DB, index *walindex.Index, w *writer, log *slog.Logger) *checkpointer {
	ctx, cancel := context.WithCancel(context.Background())
	c := &checkpointer{
		db: db, index: index, inTurn: w.inTurn, log: log,
		wanted: make(chan struct{}, 1), cancel: cancel,
	}
	c.done.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-c.wanted:
				c.report(c.run(ctx))
			}
		}
	})
	return c
}

func (*checkpointer) wantsDetails() bool { return false }

func (*checkpointer) committing(*commit) {}

func (*checkpointer) abandoned() {}

// committed asks for a checkpoint if the WAL, as of that commit, is due for one.
// It never blocks.
func (c *checkpointer) committed(k *commit) {
	if !k.AfterOK || int64(k.After.Frames())-int64(c.index.Copied()) < checkpointFrames {
		return
	}
	select {
	case c.wanted <- struct{}{}:
	default: // asked for already
	}
}

// run copies what is there, and then, while this process's writers wait, the
// little that they have added meanwhile: only a WAL that is copied to its end is
// begun anew, and the same blocks written again cost less than new ones.
func (c *checkpointer) run(ctx context.Context) error {
	c.using.Lock()
	defer c.using.Unlock()
	var frames int64
	for range manyRounds {
		var copied int64
		var err error
		if frames, copied, err = c.checkpoint(ctx, conn.SQLCheckpoint); err != nil {
			return err
		}
		// Each round is shorter than the one before, unless writers are faster
		// than the copying, or a reader keeps it back.
		h, ok := c.index.Load()
		if ok && int64(h.Frames())-copied < shortFrames {
			return c.end(ctx, frames)
		}
	}
	if frames < largeFrames {
		return nil
	}
	return c.end(ctx, frames)
}

// end copies the end of the WAL. Only of a large one does it make readers of old
// pages hurry, by waiting for them.
func (c *checkpointer) end(ctx context.Context, frames int64) error {
	statement := conn.SQLCheckpoint
	if frames >= largeFrames {
		statement = conn.SQLCheckpointRestart
	}
	return c.inTurn(ctx, func(tx) error {
		_, _, err := c.checkpoint(ctx, statement)
		return err
	})
}

// finish copies all of the WAL, as far as readers allow: the file shrinks when
// the last page that it gave back is no longer in the WAL. Once the checkpointer is
// closed that is left to the connection that is the last to close.
func (c *checkpointer) finish(ctx context.Context) error {
	if c == nil {
		return nil
	}
	c.closing.RLock()
	defer c.closing.RUnlock()
	if c.closed {
		return nil
	}
	c.using.Lock()
	defer c.using.Unlock()
	_, _, err := c.checkpoint(ctx, conn.SQLCheckpoint)
	return err
}

// checkpoint returns how many frames the WAL has and how many of them are in the
// database file by now.
func (c *checkpointer) checkpoint(ctx context.Context, statement string) (frames, copied int64, err error) {
	var busy int64
	err = c.db.QueryRowContext(ctx, statement).Scan(&busy, &frames, &copied)
	return frames, copied, conn.Translate(err)
}

// report logs what has no caller to go to. A checkpoint that another process
// keeps from running is made up for by the next.
func (c *checkpointer) report(err error) {
	if err != nil && !errors.Is(err, engine.ErrBusy) && !errors.Is(err, engine.ErrClosed) && !errors.Is(err, context.Canceled) {
		c.log.Error("store: could not copy the WAL into the file", "error", err)
	}
}

// close waits for those who finish.
func (c *checkpointer) close() error {
	if c == nil {
		return nil
	}
	c.cancel()
	c.done.Wait()
	c.closing.Lock()
	defer c.closing.Unlock()
	c.closed = true
	return c.db.Close()
}
