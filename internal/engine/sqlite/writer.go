package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"forge.lthn.ai/core/go-store/internal/dbgen/sqlitegen"
	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/rowcache"
	"forge.lthn.ai/core/go-store/internal/goroutine"
	"forge.lthn.ai/core/go-store/internal/groupcommit"
)

// writer is the one connection that writes. Its statements are prepared on the
// connection, transactions included, so that a write prepares nothing and searches
// for no statement; the queue lets one goroutine at a time use it.
type writer struct {
	queue *groupcommit.Queue[work]

	db        *sql.DB
	conn      *conn.Prepared
	tx        tx
	changes   rowcache.Changes
	observers []observer

	// beforeWrite, if not nil, runs before each transaction.
	beforeWrite func() error

	// stuck: the last transaction could not be rolled back, and is still open.
	stuck bool

	begin, commit, rollback        *sql.Stmt
	savepoint, release, rollbackOp *sql.Stmt
}

// op is one caller's write, and work is what it does.
type op = groupcommit.Op[work]

type work struct {
	ctx  context.Context
	kind kind
	fn   func(tx) error
}

// kind is how an op may be run.
type kind uint8

const (
	// single is one statement: atomic by itself.
	single kind = iota
	// shared is several statements that are quick and touch nothing but the
	// transaction, so that another caller's goroutine may run them.
	shared
	// exclusive runs the caller's code: on its goroutine, alone.
	exclusive
	// query only reads: on its goroutine, alone, and outside a transaction.
	query
)

func newWriter(ctx context.Context, db *sql.DB) (_ *writer, err error) {
	c, err := conn.NewPrepared(ctx, db)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			c.Close() // the first error counts
		}
	}()
	q, err := sqlitegen.Prepare(ctx, c)
	if err != nil {
		return nil, conn.Translate(err)
	}
	r, err := newReader(ctx, c, q)
	if err != nil {
		return nil, err
	}
	w := &writer{db: db, conn: c}
	w.tx = tx{r, w}
	w.queue = groupcommit.New(w.runBatch)
	return w, c.PrepareAll(ctx, map[**sql.Stmt]string{
		&w.begin: conn.SQLBegin, &w.commit: conn.SQLCommit, &w.rollback: conn.SQLRollback,
		&w.savepoint: conn.SQLSavepoint, &w.release: conn.SQLRelease, &w.rollbackOp: conn.SQLRollbackTo,
	})
}

// runBatch gives every op of the batch its result. The batch is never empty.
func (w *writer) runBatch(batch []*op) {
	if w.stuck {
		if err := w.undo(nil); err != nil {
			groupcommit.Fail(batch, err)
			return
		}
	}
	if batch[0].Work.kind == query {
		batch[0].Err = batch[0].Work.fn(w.tx)
		return
	}
	if w.beforeWrite != nil {
		if err := w.beforeWrite(); err != nil {
			groupcommit.Fail(batch, err)
			return
		}
	}
	if len(batch) == 1 {
		w.runAlone(batch[0])
		return
	}
	if w.runTogether(batch) {
		return
	}
	// A op ended the transaction of all. Nothing of it is left, so each can
	// have its own attempt, and its own answer.
	for _, o := range batch {
		w.runAlone(o)
	}
}

// runAlone runs one op as a transaction of its own. A single statement is one
// by itself, but only under the lock that an explicit one takes first does the
// header stay put, which the cache needs to know its own commits by.
func (w *writer) runAlone(o *op) {
	if o.Err = w.start(o.Work.ctx); o.Err != nil {
		return
	}
	done := false
	defer func() {
		if !done { // fn failed or panicked, or its caller has given up
			o.Err = w.undo(o.Err)
		}
	}()
	if o.Err = o.Work.fn(w.tx); o.Err != nil {
		return
	}
	if o.Err = o.Work.ctx.Err(); o.Err != nil {
		return
	}
	if o.Err = w.finish(); o.Err == nil {
		done = true
	}
}

// runTogether runs the batch as one transaction and gives each op its result.
// It returns false, and no results, if one of them ended the transaction.
func (w *writer) runTogether(batch []*op) bool {
	for {
		err := w.start(batch[0].Work.ctx)
		if err == nil {
			break
		}
		if batch[0].Work.ctx.Err() == nil || len(batch) == 1 {
			groupcommit.Fail(batch, err)
			return true
		}
		// The leader gave up waiting for another process; the others have not.
		batch[0].Err, batch = err, batch[1:]
	}
	finished := false
	defer func() {
		if !finished { // a op panicked
			_ = w.undo(nil)
		}
	}()
	for _, o := range batch {
		if err := w.runShared(o); err != nil {
			finished = true
			if err := w.undo(nil); err != nil {
				groupcommit.Fail(batch, err)
				return true
			}
			return false
		}
	}
	finished = true
	if err := w.finish(); err != nil {
		// Nobody can tell what of a failed commit reached the disk, so nothing
		// is tried again: all are told.
		groupcommit.Fail(batch, w.undo(err))
	}
	return true
}

// start takes the write lock, for which it waits up to the busy timeout.
func (w *writer) start(ctx context.Context) error {
	detailed := false
	for _, o := range w.observers {
		detailed = o.wantsDetails() || detailed
	}
	w.changes.Reset(detailed)
	if _, err := w.begin.ExecContext(ctx); err != nil {
		// A context that ends just as the lock is taken leaves a transaction.
		return w.undo(conn.Translate(err))
	}
	return nil
}

// finish commits, and tells the observers before any caller is told.
func (w *writer) finish() error {
	k := commit{changes: &w.changes}
	for _, o := range w.observers {
		o.committing(&k)
	}
	_, err := w.commit.Exec()
	for _, o := range w.observers {
		if err != nil {
			o.abandoned()
		} else {
			o.committed(&k)
		}
	}
	return conn.Translate(err)
}

// undo rolls back because of err and returns err, with what went wrong besides.
// SQLite may have rolled back already, which is then no error.
func (w *writer) undo(err error) error {
	_, rollbackErr := w.rollback.Exec()
	if w.stuck = rollbackErr != nil && !conn.NoTransaction(rollbackErr); w.stuck {
		return errors.Join(err, conn.Translate(rollbackErr))
	}
	return err
}

// runShared runs one op among others, so that its failure undoes its own
// statements only. It returns an error if the transaction cannot go on.
func (w *writer) runShared(o *op) error {
	if o.Work.kind == single {
		// SQLite undoes a failed statement by itself, and it is noted among the
		// changes only once it has succeeded.
		if o.Err = o.Work.fn(w.tx); o.Err != nil && conn.EndsTransaction(o.Err) {
			return o.Err
		}
		return nil
	}
	var err error
	o.Err, err = w.nested(func() error { return o.Work.fn(w.tx) })
	return err
}

// nested runs fn so that its failure undoes what it did, and nothing else. It
// returns fn's error, and as the second one what keeps the transaction from
// going on.
func (w *writer) nested(fn func() error) (fnErr, err error) {
	if _, err := w.savepoint.Exec(); err != nil {
		return nil, conn.Translate(err)
	}
	mark := w.changes
	returned := false
	defer func() {
		if !returned { // fn panicked, which a caller further up may survive
			w.changes = mark
			_, _ = w.rollbackOp.Exec()
			_, _ = w.release.Exec()
		}
	}()
	fnErr = fn()
	returned = true
	if fnErr != nil {
		if conn.EndsTransaction(fnErr) {
			return fnErr, fnErr
		}
		w.changes = mark
		if _, err := w.rollbackOp.Exec(); err != nil {
			return fnErr, conn.Translate(err)
		}
	}
	_, err = w.release.Exec()
	return fnErr, conn.Translate(err)
}

// update runs fn alone, on the calling goroutine.
func (w *writer) update(ctx context.Context, fn func(engine.Tx) error) error {
	return w.queue.Do(ctx, &op{
		Alone: true, Owner: goroutine.IDOf(ctx),
		Work: work{ctx, exclusive, func(t tx) error { return fn(t) }},
	})
}

// apply runs several statements, perhaps together with other callers'.
func (w *writer) apply(ctx context.Context, fn func(engine.Tx) error) error {
	var p *panicked
	err := w.queue.Do(ctx, &op{Work: work{ctx, shared, func(t tx) error {
		p = nil
		return catch(&p, func() error { return fn(t) })
	}}})
	if p != nil {
		panic(p.value)
	}
	return err
}

// write runs one statement, perhaps together with other callers'.
func (w *writer) write(ctx context.Context, fn func(tx) error) error {
	return w.queue.Do(ctx, &op{Work: work{ctx, single, fn}})
}

// inTurn runs fn while no other op runs, outside a transaction.
func (w *writer) inTurn(ctx context.Context, fn func(tx) error) error {
	return w.queue.Do(ctx, &op{Alone: true, Work: work{ctx, query, fn}})
}

// close waits for the writes under way and closes the connection.
func (w *writer) close() error {
	if err := w.queue.Close(); err != nil {
		return err
	}
	return w.closeConn()
}

// closeConn closes the connection of a queue that is closed.
func (w *writer) closeConn() error {
	return conn.Translate(errors.Join(w.conn.Close(), w.db.Close()))
}
