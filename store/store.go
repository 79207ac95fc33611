package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite"
)

// Store is an open key–value store. It is safe for concurrent use, and several
// processes may have the same file open. Call [Store.Close] when done with it.
type Store struct {
	verbs
	eng engine.Engine
	now func() time.Time

	sweeper  *sweeper // nil: the store is read-only
	watchers watchers
	callers  callers

	closing  sync.Mutex
	closed   bool
	closeErr error
}

// New opens the store at path: a file, or ":memory:" for a private store that lives as
// long as the returned Store. If the file does not exist, New creates it, readable by
// its owner only; the folder must exist. New upgrades a file of an older release in
// place and keeps every row. If another process is upgrading or writing the file, New
// waits up to the busy timeout and then returns [ErrBusy].
//
// New refuses a file that is damaged or not a database ([ErrCorrupt]), whose tables
// are not those of a store ([ErrSchema]) or that a newer release made
// ([ErrSchemaTooNew]), and leaves it unchanged. If options are out of range, the error
// lists all of them.
func New(path string, opts ...Option) (*Store, error) {
	c, err := newConfig(opts, sqlite.ReservedName)
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

// newStore returns a store on an engine, which it takes over.
func newStore(eng engine.Engine, c config) *Store {
	s := &Store{eng: eng, now: c.now}
	s.scope = scope{store: s}
	if !c.readOnly {
		s.sweeper = startSweeper(eng, c)
	}
	return s
}

// Close stops the background purge, ends the watchers, waits for the calls in progress
// and closes the file. Later calls return [ErrClosed]. Close may be called more than
// once, and from several goroutines; each call returns the same result.
//
// Inside the function of the store's own [Store.View], [Store.Update] or
// [Group.Modify], Close would wait for its caller. It then returns [ErrNested], and the
// store stays open.
func (s *Store) Close() error {
	if s.callers.inside() { // before the lock, whose holder may wait for this goroutine
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
