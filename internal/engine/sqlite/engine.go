// Package sqlite is the engine that keeps a store in one SQLite file. It implements package
// engine with the generated statements of internal/dbgen/sqlitegen.
//
// One connection writes and several read. The file is in WAL mode, so readers and the writer
// do not wait for each other.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/rowcache"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/schema"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/walindex"
)

// Engine is an open SQLite store.
type Engine struct {
	statements   // of engine.Reader, run on readers
	readers      readers
	writer       *writer         // nil: read-only
	cache        *rowcache.Cache // nil: none
	checkpointer *checkpointer   // nil: SQLite checkpoints by itself
	feeds        *feeds
	outdated     bool // the file has an older schema and is read through views
	// closeWriter closes the writer's connection. It is nil if there is none, or if
	// readers closes it.
	closeWriter func() error
}

// readers runs reads: on a pool of connections, or on the only connection of a database in
// memory.
type readers interface {
	runner
	// view runs fn on one snapshot.
	view(ctx context.Context, fn func(engine.Reader) error) error
	// align is view. It calls at with the header of the snapshot when the feeds have
	// received all commits of this process that the snapshot shows, and no later one.
	align(ctx context.Context, at func(walindex.Header), fn func(engine.Reader) error) error
	// close waits for the reads in progress and closes the connections.
	close() error
}

var _ engine.Engine = (*Engine)(nil)

// newEngine returns an engine; w is nil if it is read-only.
func newEngine(r readers, w *writer) *Engine {
	return &Engine{statements: statements{r}, readers: r, writer: w, feeds: new(feeds)}
}

// Open opens the store at path, a file or ":memory:". It upgrades the schema of an older
// file in place. A file that it refuses stays as it was.
func Open(ctx context.Context, path string, opts Options) (*Engine, error) {
	if path == conn.Memory {
		return openMemory(ctx, opts)
	}
	abs, exists, err := conn.Locate(path)
	if err != nil {
		return nil, err
	}
	switch {
	case !exists && opts.ReadOnly:
		return nil, fmt.Errorf("%w: no file to read", fs.ErrNotExist)
	case !exists && opts.ManualMigrations:
		return nil, fmt.Errorf("%w: there is no file; create it with goose and the migrations of package db", engine.ErrSchema)
	case opts.ReadOnly:
		return openReadOnly(ctx, abs, opts)
	case !exists:
		if err := conn.Create(abs); err != nil {
			return nil, err
		}
	}
	return openFile(ctx, abs, opts)
}

func openFile(ctx context.Context, path string, opts Options) (_ *Engine, err error) {
	if err := schema.Refuse(ctx, path, opts.schema()); err != nil {
		return nil, err
	}
	w, err := openWriter(ctx, conn.DSN(path, conn.ReadWrite, opts.BusyTimeout, conn.WriterPragmas(opts.Relaxed)...), opts)
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
	p, err := opts.openPool(conn.DSN(path, conn.ReadWrite, opts.BusyTimeout, "query_only(1)"), nil)
	if err != nil {
		return nil, err
	}
	p.inTurn = w.inTurn
	e := newEngine(p, w)
	e.closeWriter = w.closeConn
	if err := e.attach(ctx, w.conn, path, p, opts); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return e, nil
}

// attach maps the WAL index and adds the parts that need it, the cache and the
// checkpointer. If the index cannot be mapped, there is neither, and SQLite checkpoints by
// itself. c or another connection must stay open as long as the mapping is used.
func (e *Engine) attach(ctx context.Context, c *conn.Prepared, path string, p *pool, opts Options) error {
	var mode string
	if err := c.QueryRowContext(ctx, conn.SQLJournalMode).Scan(&mode); err != nil {
		return conn.Translate(err)
	}
	var index *walindex.Index
	if mode == "wal" { // in other modes, a file of that name is not an index in use
		index = walindex.Map(path)
	}
	e.feeds.poller = &poller{index: index, pool: p}
	e.cache = rowcache.New(index, opts.CacheBytes)
	p.index = index
	if e.writer == nil {
		return nil
	}
	e.writer.observers = []observer{e.feeds}
	if index == nil {
		return nil
	}
	if _, err := c.ExecContext(ctx, conn.SQLNoAutoCheckpoint); err != nil {
		return conn.Translate(err)
	}
	db, err := opts.opener.Guarded(conn.DSN(path, conn.ReadWrite, checkpointPatience, conn.SyncPragmas()...))
	if err != nil {
		return err
	}
	e.checkpointer = startCheckpointer(db, index, e.writer, opts.Logger)
	e.writer.observers = []observer{header{index: index}, caching{e.cache}, e.feeds, e.checkpointer}
	return nil
}

// openWriter opens the writing connection and brings the schema up to date.
func openWriter(ctx context.Context, dsn string, opts Options) (_ *writer, err error) {
	db, err := opts.opener.Guarded(dsn)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			db.Close() // the first error is returned
		}
	}()
	if err := schema.Prepare(ctx, db, opts.schema()); err != nil {
		return nil, err
	}
	return newWriter(ctx, db)
}

// openPool opens the pool of connections that read.
func (opts Options) openPool(dsn string, shim func(context.Context, *sql.Conn) error) (*pool, error) {
	db, err := opts.opener.Pool(dsn)
	if err != nil {
		return nil, err
	}
	return newPool(db, maxReaders(), shim), nil
}

// walMode switches the file to WAL mode. On a file system without shared memory SQLite
// cannot switch, and the file keeps its mode, which is slower but as safe. SQLite does not
// wait for the lock of another process that is switching the mode, so walMode tries again.
func walMode(ctx context.Context, c *conn.Prepared, patience time.Duration) error {
	deadline := time.Now().Add(patience)
	for {
		var mode string
		err := c.QueryRowContext(ctx, conn.SQLSetWAL).Scan(&mode)
		if err == nil {
			// The first read makes SQLite open the WAL and its index.
			var n int64
			err = c.QueryRowContext(ctx, conn.SQLSnapshot).Scan(&n)
		}
		if err = conn.Translate(err); !errors.Is(err, engine.ErrBusy) || !time.Now().Before(deadline) {
			return err
		}
		select {
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Close waits for the calls in progress and closes every connection. The last connection
// to close a file checkpoints its WAL and removes it.
func (e *Engine) Close() error {
	if e.writer != nil {
		if err := e.writer.queue.Close(); err != nil {
			return err // called inside an Update: nothing is closed
		}
	}
	e.feeds.close()
	e.cache.Close()
	err := errors.Join(e.checkpointer.close(), e.readers.close())
	if e.closeWriter != nil {
		err = errors.Join(err, e.closeWriter())
	}
	return conn.Translate(err)
}
