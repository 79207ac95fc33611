package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite"
)

// Store is an open key–value store. It is safe for many goroutines, and several
// processes may have the same file open. Close it when done.
type Store struct {
	verbs
	eng engine.Engine
	now func() time.Time

	sweeper   *sweeper // nil: the store is read-only
	watchers watchers
	callers  callers

	closing  sync.Mutex
	closed   bool
	closeErr error
}

// New opens the store at path, a file or ":memory:" for a private one that lives
// as long as the Store. A file that does not exist is created, readable by its
// owner only, in a folder that exists. A file of an older version is upgraded in
// place, with every row kept; a file that is refused ([ErrCorrupt], [ErrSchema],
// [ErrSchemaTooNew]) stays as it was.
//
// An option out of range is an error that lists every such fault.
func New(path string, opts ...Option) (*Store, error) {
	c, err := newConfig(opts)
	if err != nil {
		return nil, failed(err, "New", "", "")
	}
	eng, err := sqlite.Open(context.Background(), path, sqlite.Options{
		ReadOnly:         c.readOnly,
		ManualMigrations: c.manualMigrations,
		MigrationsTable:  c.migrationsTable,
		Relaxed:          c.durability == Normal,
		BusyTimeout:      c.busyTimeout,
		CacheBytes:       c.cacheSize,
		Logger:           c.logger,
	})
	if err != nil {
		return nil, failed(fmt.Errorf("%s: %w", printable(path), err), "New", "", "")
	}
	return newStore(eng, c), nil
}

// newStore puts the facade on an engine.
func newStore(eng engine.Engine, c config) *Store {
	s := &Store{eng: eng, now: c.now}
	s.scope = scope{store: s}
	if !c.readOnly {
		s.sweeper = startSweeper(eng, c)
	}
	return s
}

// Close stops the background purge, waits for the calls under way and closes the
// file. Calls that come later give [ErrClosed]. Closing twice is fine.
//
// Called by the function of its own [Store.View], [Store.Update] or [Group.Modify]
// it would wait for itself: that gives [ErrNested], and the store stays open.
func (s *Store) Close() error {
	if s.callers.inside() { // before the lock: somebody may hold it and wait for us
		return failed(ErrNested, "Close", "", "")
	}
	s.closing.Lock()
	defer s.closing.Unlock()
	if s.closed {
		return s.closeErr
	}
	s.closed = true
	s.sweeper.stop()
	s.closeErr = failed(s.eng.Close(), "Close", "", "")
	s.watchers.close()
	return s.closeErr
}
