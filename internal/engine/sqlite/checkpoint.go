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

// checkpointer copies the WAL to the database file, on a goroutine and a connection of its
// own. SQLite's automatic checkpoint would make one commit in every thousand pages wait for
// the copying. Readers and writers go on during a checkpoint, except that the end of it
// blocks the writers of this process for a moment.
type checkpointer struct {
	db    *sql.DB
	index *walindex.Index
	// inTurn runs fn while this process's writers wait.
	inTurn func(ctx context.Context, fn func(tx) error) error
	log    *slog.Logger

	due    chan struct{}
	using  sync.Mutex // guards the connection; never wait for it inside inTurn
	cancel context.CancelFunc
	done   sync.WaitGroup

	closing sync.RWMutex // held for reading by finish
	closed  bool
}

const (
	// checkpointFrames is the number of frames in the WAL at which a checkpoint is due.
	checkpointFrames = 1000
	// shortFrames is the number of frames that may be copied while writers wait. The
	// checkpointer copies up to manyRounds times to leave no more than that.
	shortFrames = 64
	manyRounds  = 4
	// largeFrames is the size of the WAL at which writers wait until all of it is copied.
	largeFrames = 4 * checkpointFrames
	// checkpointPatience is the time for which such a checkpoint waits for readers of
	// old pages.
	checkpointPatience = 10 * time.Millisecond
)

// startCheckpointer starts the goroutine; db is a pool of one connection.
func startCheckpointer(db *sql.DB, index *walindex.Index, w *writer, log *slog.Logger) *checkpointer {
	ctx, cancel := context.WithCancel(context.Background())
	c := &checkpointer{
		db: db, index: index, inTurn: w.inTurn, log: log,
		due: make(chan struct{}, 1), cancel: cancel,
	}
	c.done.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-c.due:
				c.report(c.run(ctx))
			}
		}
	})
	return c
}

func (*checkpointer) wantsDetails() bool { return false }

func (*checkpointer) committing(*commit) {}

func (*checkpointer) abandoned() {}

// committed starts a checkpoint if one is due after that commit. It never blocks.
func (c *checkpointer) committed(k *commit) {
	if !k.AfterOK || int64(k.After.Frames())-int64(c.index.Copied()) < checkpointFrames {
		return
	}
	select {
	case c.due <- struct{}{}:
	default: // due already
	}
}

// run copies the WAL, and then, while this process's writers wait, the few frames that they
// have added meanwhile. Only a WAL that is copied to its end is restarted, and overwriting
// its blocks costs less than appending new ones.
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
		// Each round is shorter than the one before, unless writers are faster than
		// the copying or a reader of old pages blocks it.
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

// end copies the end of the WAL while writers wait. If the WAL is large, it also waits for
// readers of old pages.
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

// finish copies the whole WAL, unless readers of old pages block it. The file shrinks only
// when the commit that truncates it has been copied. After close, finish does nothing: the
// last connection to close copies the WAL.
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

// checkpoint runs a checkpoint. It returns the number of frames in the WAL, and how many of
// them are copied to the database file.
func (c *checkpointer) checkpoint(ctx context.Context, statement string) (frames, copied int64, err error) {
	var busy int64
	err = c.db.QueryRowContext(ctx, statement).Scan(&busy, &frames, &copied)
	return frames, copied, conn.Translate(err)
}

// report logs an error that no caller receives. If another process blocked a checkpoint,
// that is not an error, because the next one does its work.
func (c *checkpointer) report(err error) {
	if err != nil && !errors.Is(err, engine.ErrBusy) && !errors.Is(err, engine.ErrClosed) && !errors.Is(err, context.Canceled) {
		c.log.Error("store: could not copy the WAL into the file", "error", err)
	}
}

// close stops the goroutine, waits for finish and closes the connection.
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
