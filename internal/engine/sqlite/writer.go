package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"

	"forge.lthn.ai/core/go-store/internal/dbgen/sqlitegen"
	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/rowcache"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/schema"
	"forge.lthn.ai/core/go-store/internal/goroutine"
	"forge.lthn.ai/core/go-store/internal/groupcommit"
)

// writer is the one connection that writes. All its statements are prepared on the
// connection, including BEGIN and COMMIT, so a write neither prepares a statement nor
// searches for one. The queue lets one goroutine at a time use it.
type writer struct {
	queue *groupcommit.Queue[work]

	db        *sql.DB
	conn      *conn.Prepared
	tx        tx
	changes   rowcache.Changes
	observers []observer

	// beforeWrite, if not nil, runs before each transaction.
	beforeWrite func() error

	// careful: table kv has triggers that are not this store's, so that a statement can
	// fail in part, or end the transaction.
	careful bool
	// torn, if not nil, is the error of a statement that may have failed in part: the
	// transaction must not be committed.
	torn error

	// stuck reports that the last transaction could not be rolled back and is still open.
	stuck bool

	begin, commit, rollback        *sql.Stmt
	savepoint, release, rollbackOp *sql.Stmt
}

// op is one caller's write. Its work is what runs.
type op = groupcommit.Op[work]

type work struct {
	ctx  context.Context
	kind kind
	fn   func(tx) error
}

// kind determines how an op may run.
type kind uint8

const (
	// single is one statement, which is atomic by itself.
	single kind = iota
	// shared is several statements. They are quick and use nothing except the
	// transaction, so another caller's goroutine may run them.
	shared
	// exclusive is the caller's code. It runs alone, on the caller's goroutine.
	exclusive
	// query only reads. It runs alone, on the caller's goroutine, outside a transaction.
	query
)

func newWriter(ctx context.Context, db *sql.DB) (_ *writer, err error) {
	c, err := conn.NewPrepared(ctx, db)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			c.Close() // the first error is returned
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
	if w.careful, err = schema.ForeignTriggers(ctx, c); err != nil {
		return nil, err
	}
	if err = c.PrepareAll(ctx, map[**sql.Stmt]string{
		&w.begin: conn.SQLBegin, &w.commit: conn.SQLCommit, &w.rollback: conn.SQLRollback,
		&w.savepoint: conn.SQLSavepoint, &w.release: conn.SQLRelease, &w.rollbackOp: conn.SQLRollbackTo,
	}); err != nil {
		return nil, err
	}
	return w, nil
}

// runBatch runs a batch and sets the result of every op in it. The batch is never empty.
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
	// An op ended the shared transaction, and all of it is rolled back. So each op runs
	// again in a transaction of its own and gets a result of its own.
	for _, o := range batch {
		w.runAlone(o)
	}
}

// runAlone runs one op in a transaction of its own. A single statement needs no explicit
// transaction to be atomic. But the cache needs the header from before the commit, and only
// the lock of an explicit transaction keeps it from changing.
func (w *writer) runAlone(o *op) {
	if o.Err = w.start(o.Work.ctx); o.Err != nil {
		return
	}
	done := false
	defer func() {
		if !done { // fn failed or panicked, or its context is done
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

// runTogether runs the batch in one transaction and sets the result of each op. It returns
// false, without results, if an op ended the transaction.
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
		// The leader's context ended while it waited for another process. The others
		// go on without it.
		batch[0].Err, batch = err, batch[1:]
	}
	finished := false
	defer func() {
		if !finished { // an op panicked
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
		// It is not known what a failed commit wrote to the disk, so no op runs again:
		// each gets the error.
		groupcommit.Fail(batch, w.undo(err))
	}
	return true
}

// start begins a transaction. It waits for the write lock up to the busy timeout.
func (w *writer) start(ctx context.Context) error {
	detailed := false
	for _, o := range w.observers {
		detailed = o.wantsDetails() || detailed
	}
	w.changes.Reset(detailed)
	w.torn = nil
	if _, err := w.begin.ExecContext(ctx); err != nil {
		// If the context ended just as the lock was taken, the transaction is open.
		return w.undo(conn.Translate(err))
	}
	return nil
}

// finish commits and calls the observers, before any caller returns.
func (w *writer) finish() error {
	if w.torn != nil {
		return w.torn
	}
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

// undo rolls back because of err. It returns err, joined with the error of the rollback. It
// is not an error if SQLite has already rolled back.
func (w *writer) undo(err error) error {
	_, rollbackErr := w.rollback.Exec()
	if w.stuck = rollbackErr != nil && !conn.NoTransaction(rollbackErr); w.stuck {
		return errors.Join(err, conn.Translate(rollbackErr))
	}
	return err
}

// runShared runs one op in a shared transaction. If the op fails, only its own statements
// are undone. It returns an error if the transaction cannot go on.
func (w *writer) runShared(o *op) error {
	if o.Work.kind == single {
		// SQLite undoes a failed statement by itself, and only a statement that has
		// succeeded is recorded in the changes.
		if o.Err = o.Work.fn(w.tx); o.Err != nil && conn.EndsTransaction(o.Err) {
			return o.Err
		}
		return nil
	}
	var err error
	o.Err, err = w.nested(func() error { return o.Work.fn(w.tx) })
	if err == nil {
		err = w.torn
	}
	return err
}

// statement runs one statement that writes, and records what it changed. SQLite undoes a
// failed statement by itself, so it needs no savepoint, unless the caller says so or a
// trigger of another program is there: RAISE(FAIL) keeps what the statement did before, and
// RAISE(ROLLBACK) ends the transaction. A trigger that came while the store was open is
// noticed when it raises its first error, which ends the transaction.
func (w *writer) statement(savepoint bool, fn func() error) error {
	if savepoint || w.careful {
		fnErr, err := w.nested(fn)
		return cmp.Or(err, fnErr)
	}
	err := fn()
	if conn.RaisedByTrigger(err) {
		w.careful = true
		w.torn = conn.Ended(err)
		return w.torn
	}
	return err
}

// nested runs fn in a savepoint. If fn fails, only its own changes are undone. It returns
// fn's error, and as err the error that keeps the transaction from going on, if there is
// one.
func (w *writer) nested(fn func() error) (fnErr, err error) {
	if _, err := w.savepoint.Exec(); err != nil {
		return nil, conn.Translate(err)
	}
	mark := w.changes
	returned := false
	defer func() {
		if !returned { // fn panicked, and a caller may recover
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

// update runs fn in a transaction of its own, on the calling goroutine.
func (w *writer) update(ctx context.Context, fn func(engine.Tx) error) error {
	return w.queue.Do(ctx, &op{
		Alone: true, Owner: goroutine.IDOf(ctx),
		Work: work{ctx, exclusive, func(t tx) error { return fn(t) }},
	})
}

// apply runs several statements, in a transaction that other callers may share.
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

// write runs one statement, in a transaction that other callers may share.
func (w *writer) write(ctx context.Context, fn func(tx) error) error {
	return w.queue.Do(ctx, &op{Work: work{ctx, single, fn}})
}

// inTurn runs fn outside a transaction, while no other op runs.
func (w *writer) inTurn(ctx context.Context, fn func(tx) error) error {
	return w.queue.Do(ctx, &op{Alone: true, Work: work{ctx, query, fn}})
}

// close waits for the writes in progress and closes the connection.
func (w *writer) close() error {
	if err := w.queue.Close(); err != nil {
		return err
	}
	return w.closeConn()
}

// closeConn closes the connection. The queue must be closed.
func (w *writer) closeConn() error {
	return conn.Translate(errors.Join(w.conn.Close(), w.db.Close()))
}
