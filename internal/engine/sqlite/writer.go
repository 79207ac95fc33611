package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"forge.lthn.ai/core/go-store/internal/dbgen/sqlitegen"
	"forge.lthn.ai/core/go-store/internal/engine"
)

// writer is the one connection that writes. Its statements are prepared on the
// connection, transactions included, so that a write costs no look-up and no
// preparing; the queue sees to it that one goroutine at a time uses it.
type writer struct {
	queue

	db           *sql.DB
	conn         *preparedConn
	tx           tx
	changes      changes
	cache        *cache        // nil: none
	checkpointer *checkpointer // nil: SQLite's own serve
	feeds        *feeds
	index        *walIndex // nil: not to be had
	memory       bool      // the index is of a database in memory

	// beforeWrite, if not nil, runs before each transaction.
	beforeWrite func() error

	// stuck: the last transaction could not be rolled back, and is still there.
	stuck bool

	begin, commit, rollback          *sql.Stmt
	savepoint, release, rollbackUnit *sql.Stmt
}

func newWriter(ctx context.Context, db *sql.DB) (_ *writer, err error) {
	one, err := db.Conn(ctx)
	if err != nil {
		return nil, translate(err)
	}
	conn := &preparedConn{Conn: one}
	defer func() {
		if err != nil {
			conn.Close() // the first error counts
		}
	}()
	q, err := sqlitegen.Prepare(ctx, conn)
	if err != nil {
		return nil, translate(err)
	}
	r, err := newReader(ctx, conn, q)
	if err != nil {
		return nil, err
	}
	w := &writer{db: db, conn: conn, feeds: new(feeds)}
	w.tx = tx{r, w}
	w.queue.run = w.runBatch
	for stmt, text := range map[**sql.Stmt]string{
		&w.begin: sqlBegin, &w.commit: sqlCommit, &w.rollback: sqlRollback,
		&w.savepoint: sqlSavepoint, &w.release: sqlRelease, &w.rollbackUnit: sqlRollbackTo,
	} {
		if *stmt, err = conn.PrepareContext(ctx, text); err != nil {
			return nil, translate(err)
		}
	}
	return w, nil
}

// runBatch gives every unit of the batch its result. The batch is never empty.
func (w *writer) runBatch(batch []*unit) {
	if w.stuck {
		if err := w.undo(nil); err != nil {
			fail(batch, err)
			return
		}
	}
	if batch[0].kind == query {
		batch[0].err = batch[0].fn(w.tx)
		return
	}
	if w.beforeWrite != nil {
		if err := w.beforeWrite(); err != nil {
			fail(batch, err)
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
	// A unit ended the transaction of all. Nothing of it is left, so each can
	// have its own attempt, and its own answer.
	for _, u := range batch {
		w.runAlone(u)
	}
}

// runAlone runs one unit as a transaction of its own. A single statement is one
// by itself, but only under the lock that an explicit one takes first does the
// header stay put, which the cache needs to know its own commits by.
func (w *writer) runAlone(u *unit) {
	if u.err = w.start(u.ctx); u.err != nil {
		return
	}
	done := false
	defer func() {
		if !done { // fn failed or panicked, or its caller has given up
			u.err = w.undo(u.err)
		}
	}()
	if u.err = u.fn(w.tx); u.err != nil {
		return
	}
	if u.err = u.ctx.Err(); u.err != nil {
		return
	}
	if u.err = w.finish(); u.err == nil {
		done = true
	}
}

// runTogether runs the batch as one transaction and gives each unit its result.
// It returns false, and no results, if one of them ended the transaction.
func (w *writer) runTogether(batch []*unit) bool {
	for {
		err := w.start(batch[0].ctx)
		if err == nil {
			break
		}
		if batch[0].ctx.Err() == nil || len(batch) == 1 {
			fail(batch, err)
			return true
		}
		// The leader gave up waiting for another process; the others have not.
		batch[0].err, batch = err, batch[1:]
	}
	through := false
	defer func() {
		if !through { // a unit panicked
			_ = w.undo(nil)
		}
	}()
	for _, u := range batch {
		if err := w.runShared(u); err != nil {
			through = true
			if err := w.undo(nil); err != nil {
				fail(batch, err)
				return true
			}
			return false
		}
	}
	through = true
	if err := w.finish(); err != nil {
		// Nobody can tell what of a failed commit reached the disk, so nothing
		// is tried again: all are told.
		fail(batch, w.undo(err))
	}
	return true
}

// start takes the write lock, for which it waits up to the busy timeout.
func (w *writer) start(ctx context.Context) error {
	w.changes.reset(w.feeds.active())
	_, err := w.begin.ExecContext(ctx)
	if err != nil {
		// A context that ends just as the lock is taken leaves a transaction.
		return w.undo(translate(err))
	}
	return nil
}

// finish commits, and makes the changes known before anyone is told of them.
func (w *writer) finish() error {
	var k commit
	if w.index != nil {
		k.before, k.beforeOK = w.index.load()
	}
	w.cache.starting()
	w.feeds.starting()
	_, err := w.commit.Exec()
	if err != nil {
		w.cache.abandoned()
		w.feeds.abandoned()
		return translate(err)
	}
	if w.memory && w.changes.wrote() {
		w.index.step()
	}
	if w.index != nil {
		k.after, k.afterOK = w.index.load()
	}
	w.cache.publish(k, &w.changes)
	w.feeds.publish(k, &w.changes)
	w.checkpointer.committed(k)
	return nil
}

// undo rolls back because of err and returns err, with what went wrong besides.
// SQLite may have rolled back already, which is then no error.
func (w *writer) undo(err error) error {
	_, rollbackErr := w.rollback.Exec()
	if w.stuck = rollbackErr != nil && !noTransaction(rollbackErr); w.stuck {
		return errors.Join(err, translate(rollbackErr))
	}
	return err
}

func fail(batch []*unit, err error) {
	for _, u := range batch {
		u.err = err
	}
}

// runShared runs one unit among others, so that its failure undoes its own
// statements only. It returns an error if the transaction cannot go on.
func (w *writer) runShared(u *unit) error {
	if u.kind == single {
		// SQLite undoes a failed statement by itself, and it is noted among the
		// changes only once it has succeeded.
		if u.err = u.fn(w.tx); u.err != nil && endsTransaction(u.err) {
			return u.err
		}
		return nil
	}
	var err error
	u.err, err = w.nested(func() error { return u.fn(w.tx) })
	return err
}

// nested runs fn so that its failure undoes what it did, and nothing else. It
// returns fn's error, and as the second one what keeps the transaction from
// going on.
func (w *writer) nested(fn func() error) (fnErr, err error) {
	if _, err := w.savepoint.Exec(); err != nil {
		return nil, translate(err)
	}
	mark := w.changes
	returned := false
	defer func() {
		if !returned { // fn panicked, which a caller further up may survive
			w.changes = mark
			_, _ = w.rollbackUnit.Exec()
			_, _ = w.release.Exec()
		}
	}()
	fnErr = fn()
	returned = true
	if fnErr != nil {
		if endsTransaction(fnErr) {
			return fnErr, fnErr
		}
		w.changes = mark
		if _, err := w.rollbackUnit.Exec(); err != nil {
			return fnErr, translate(err)
		}
	}
	_, err = w.release.Exec()
	return fnErr, translate(err)
}

// update runs fn alone, on the calling goroutine.
func (w *writer) update(ctx context.Context, fn func(engine.Tx) error) error {
	return w.do(ctx, &unit{ctx: ctx, kind: exclusive, fn: func(t tx) error { return fn(t) }})
}

// apply runs several statements, perhaps together with other callers'.
func (w *writer) apply(ctx context.Context, fn func(engine.Tx) error) error {
	var p *panicked
	err := w.do(ctx, &unit{ctx: ctx, kind: shared, fn: func(t tx) error {
		p = nil
		return catch(&p, func() error { return fn(t) })
	}})
	if p != nil {
		panic(p.value)
	}
	return err
}

// write runs one statement, perhaps together with other callers'.
func (w *writer) write(ctx context.Context, fn func(tx) error) error {
	return w.do(ctx, &unit{ctx: ctx, kind: single, fn: fn})
}

// close waits for the writes under way and closes the connection.
func (w *writer) close() error {
	if err := w.queue.close(); err != nil {
		return err
	}
	return w.closeConn()
}

// closeConn closes the connection of a queue that is closed.
func (w *writer) closeConn() error {
	return errors.Join(w.conn.Close(), w.db.Close())
}
