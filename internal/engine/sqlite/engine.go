// Package sqlite keeps a store in one SQLite file: package engine's seam over
// the generated statements of internal/dbgen/sqlitegen.
//
// One connection writes and several read. The file is in WAL mode, so readers
// never wait for the writer nor the writer for readers.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"sync"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// Engine is an open SQLite store.
type Engine struct {
	statements   // of engine.Reader, run by readers
	readers      readers
	writer       *writer       // nil: read-only
	cache        *cache        // nil: none
	checkpointer *checkpointer // nil: none
	index        *walIndex     // nil: not to be had
	feeds        *feeds

	// poll looks for the commits of other processes; nil: there can be none.
	poll func()
	// counter is the connection that askAround keeps, and counted what it said.
	asking  sync.Mutex
	counter *readConn
	counted int64
}

// readers is where reads go: a pool of connections, or the one connection that
// an in-memory database has.
type readers interface {
	runner
	// view runs fn on one snapshot.
	view(ctx context.Context, fn func(engine.Reader) error) error
	// close closes the connections, the writer's included where they share it.
	close() error
}

var _ engine.Engine = (*Engine)(nil)

// newEngine puts the parts together; w is nil for a store that only reads.
func newEngine(r readers, w *writer) *Engine {
	e := &Engine{statements: statements{r}, readers: r, writer: w, feeds: new(feeds)}
	if w != nil {
		w.feeds = e.feeds
	}
	return e
}

// Open opens the store at path, a file or ":memory:", and upgrades the schema of
// an older file in place. A file that it refuses stays as it was.
func Open(ctx context.Context, path string, opts Options) (*Engine, error) {
	if path == memoryPath {
		return openMemory(ctx, opts)
	}
	abs, exists, err := locate(path)
	if err != nil {
		return nil, err
	}
	switch {
	case !exists && opts.ReadOnly:
		return nil, fmt.Errorf("%w: there is nothing to read", fs.ErrNotExist)
	case !exists && opts.ManualMigrations:
		return nil, fmt.Errorf("%w: no such file; make it with goose and the migrations of package db", engine.ErrSchema)
	case opts.ReadOnly:
		return openReadOnly(ctx, abs, opts)
	case !exists:
		if err := create(abs); err != nil {
			return nil, err
		}
	}
	return openFile(ctx, abs, opts)
}

func openFile(ctx context.Context, path string, opts Options) (_ *Engine, err error) {
	if err := lookFirst(ctx, path, opts); err != nil {
		return nil, err
	}
	w, err := openWriter(ctx, dsn(path, readWrite, opts.BusyTimeout, writerPragmas(opts)...), opts)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close())
		}
	}()
	if err := walMode(ctx, w.conn, opts.BusyTimeout); err != nil {
		return nil, err
	}
	readers, err := opts.openReaders(dsn(path, readWrite, opts.BusyTimeout, "query_only(1)"), nil)
	if err != nil {
		return nil, err
	}
	e := newEngine(readers, w)
	if err := e.attach(ctx, w.conn, path, opts); err != nil {
		return nil, errors.Join(err, readers.close())
	}
	return e, nil
}

// attach adds what needs the WAL index: the cache, and checkpoints apart from
// commits. Where it cannot be mapped there is neither, and SQLite does its own
// checkpoints. conn or another connection stays open as long as the mapping.
func (e *Engine) attach(ctx context.Context, conn *preparedConn, path string, opts Options) error {
	e.poll = e.askAround
	var mode string
	if err := conn.QueryRowContext(ctx, sqlGetJournalMode).Scan(&mode); err != nil {
		return translate(err)
	}
	if mode != "wal" {
		return nil // what may have the name of the index is not the index
	}
	index := mapWALIndex(path)
	if index == nil {
		return nil
	}
	e.index, e.poll = index, e.lookAround
	e.cache = newCache(index, opts.CacheBytes)
	if e.writer == nil {
		return nil
	}
	e.writer.index, e.writer.cache = index, e.cache
	if _, err := e.writer.conn.ExecContext(ctx, sqlNoAutoCheckpoint); err != nil {
		return translate(err)
	}
	var room *walRoom
	if !opts.Relaxed {
		var err error
		if room, err = newWALRoom(ctx, conn, path); err != nil {
			return err
		}
	}
	db, err := opts.openNested(dsn(path, readWrite, checkpointPatience, checkpointerPragmas()...))
	if err != nil {
		return err
	}
	e.checkpointer = startCheckpointer(db, e.writer, room, opts.Logger)
	e.writer.checkpointer = e.checkpointer
	return nil
}

// openWriter opens the writing connection and brings the schema up to date.
func openWriter(ctx context.Context, dsn string, opts Options) (_ *writer, err error) {
	db, err := opts.openNested(dsn)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			db.Close() // the first error counts
		}
	}()
	if err := initialise(ctx, db); err != nil {
		return nil, err
	}
	if err := upgrade(ctx, db, opts); err != nil {
		return nil, err
	}
	return newWriter(ctx, db)
}

// openNested makes a pool of one connection, whose transactions nest.
func (opts Options) openNested(dsn string) (*sql.DB, error) {
	connector, err := opts.connector(dsn)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(nestedConnector{connector})
	db.SetMaxOpenConns(1)
	return db, nil
}

// initialise sets what can only be set while a file is still empty.
func initialise(ctx context.Context, db *sql.DB) error {
	var pages int64
	if err := db.QueryRowContext(ctx, sqlPageCount).Scan(&pages); err != nil || pages > 0 {
		return translate(err)
	}
	return exec(ctx, db, sqlAutoVacuum)
}

// walMode switches the file to WAL. Where SQLite cannot (a file system without
// shared memory), it keeps the mode it has: slower, and as safe. Another process
// that switches at this moment holds a lock for which SQLite does not wait.
func walMode(ctx context.Context, conn *preparedConn, patience time.Duration) error {
	deadline := time.Now().Add(patience)
	for {
		var mode string
		err := conn.QueryRowContext(ctx, sqlWAL).Scan(&mode)
		if err == nil {
			// The first read makes SQLite open the WAL and its index.
			var n int64
			err = conn.QueryRowContext(ctx, sqlSnapshot).Scan(&n)
		}
		if err = translate(err); !errors.Is(err, engine.ErrBusy) || !time.Now().Before(deadline) {
			return err
		}
		select {
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (opts Options) openReaders(dsn string, shim func(context.Context, *sql.Conn) error) (*pool, error) {
	connector, err := opts.connector(dsn)
	if err != nil {
		return nil, err
	}
	return newPool(sql.OpenDB(connector), max(4, 2*runtime.GOMAXPROCS(0)), shim), nil
}

// Close waits for the calls under way and closes every connection. The last one
// to close a file empties its WAL into it and removes the WAL.
func (e *Engine) Close() error {
	if e.writer != nil {
		if err := e.writer.queue.close(); err != nil {
			return err // called by its own Update: nothing is closed
		}
	}
	e.feeds.close()
	if e.counter != nil {
		e.readers.(*pool).keep(e.counter)
	}
	e.cache.close()
	err := errors.Join(e.checkpointer.close(), e.readers.close())
	if _, shared := e.readers.(*memory); !shared && e.writer != nil {
		err = errors.Join(err, e.writer.closeConn())
	}
	return translate(err)
}
