package store

import (
	"context"
	"errors"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/goroutine"
)

// Session is where a [Group] works: a [*Store], a [*Namespace] or a [*Tx]. In a Store
// or a Namespace, each verb is a transaction of its own. No other types implement it.
type Session interface {
	session() *scope
}

// scope is the store, transaction and namespace that a verb works in.
type scope struct {
	store  *Store
	tx     *Tx     // nil: each verb is a transaction of its own
	prefix string  // of the names of a namespace's groups
	limits *limits // of a namespace; nil: no limits
}

func (sc *scope) session() *scope { return sc }

// reader returns the statements that read.
func (sc *scope) reader() (engine.Reader, error) {
	if sc.tx != nil {
		return sc.tx.reader(sc.store)
	}
	return sc.store.eng, nil
}

// now returns the time of the verb, which calls now at most once, or that of its
// transaction.
func (sc *scope) now() time.Time {
	if sc.tx != nil {
		return sc.tx.began
	}
	return sc.store.now()
}

// full returns the name of a group in the store. Most have no prefix, and then full
// does not build a string.
func (sc *scope) full(group string) string {
	if sc.prefix == "" {
		return group
	}
	return sc.prefix + group
}

// get reads a live row.
func (sc *scope) get(ctx context.Context, group, key string) (engine.GetRow, error) {
	r, err := sc.reader()
	if err != nil {
		return engine.GetRow{}, err
	}
	row, err := r.Get(ctx, engine.GetParams{Grp: sc.full(group), Key: key})
	return sc.live(row, err, group, key)
}

// lookup reads a live row with its revision.
func (sc *scope) lookup(ctx context.Context, group, key string) (engine.GetRow, error) {
	r, err := sc.reader()
	if err != nil {
		return engine.GetRow{}, err
	}
	row, err := r.Lookup(ctx, engine.GetParams{Grp: sc.full(group), Key: key})
	return sc.live(row, err, group, key)
}

// live passes on what was read, or returns ErrNotFound if the row has expired, and
// then queues it for removal.
func (sc *scope) live(row engine.GetRow, err error, group, key string) (engine.GetRow, error) {
	if err != nil || row.ExpiresAt == engine.Never { // the usual case: no need to read the clock
		return row, err
	}
	now := sc.now().UnixMilli()
	if !row.ExpiresAt.By(now) {
		return row, nil
	}
	if sc.tx == nil {
		sc.store.sweeper.remove(engine.DeleteExpiredParams{Grp: sc.full(group), Key: key, Now: now})
	}
	return engine.GetRow{}, ErrNotFound
}

// change runs fn in the transaction of the scope, or in a new one that it may share
// with other verbs. All changes of fn happen, or none. fn may run more than once, and
// on another goroutine.
func (sc *scope) change(ctx context.Context, fn func(engine.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if sc.limits != nil {
		fn = sc.limits.watch(ctx, sc.now(), fn)
	}
	if sc.tx == nil {
		return sc.store.eng.Apply(ctx, fn)
	}
	w, err := sc.tx.writer(sc.store)
	if err != nil {
		return err
	}
	return w.Nested(ctx, func() error { return fn(w) })
}

// changeBy is change for an fn that runs the caller's code. It runs fn once, on the
// caller's goroutine.
func (sc *scope) changeBy(ctx context.Context, fn func(engine.Tx) error) error {
	if sc.tx != nil {
		return sc.change(ctx, fn)
	}
	if sc.limits != nil {
		fn = sc.limits.watch(ctx, sc.now(), fn)
	}
	ctx = goroutine.WithID(ctx)
	return sc.store.eng.Update(ctx, func(t engine.Tx) error {
		defer sc.store.callers.enter(ctx)()
		return fn(t)
	})
}

// find reads a row within a change. It returns an expired row too, for its revision;
// found reports whether the row is live.
func find(ctx context.Context, t engine.Tx, group, key string, now time.Time) (row engine.GetRow, found bool, err error) {
	row, err = t.Lookup(ctx, engine.GetParams{Grp: group, Key: key})
	switch {
	case errors.Is(err, ErrNotFound):
		return engine.GetRow{}, false, nil
	case err != nil:
		return engine.GetRow{}, false, err
	}
	return row, !row.ExpiresAt.By(now.UnixMilli()), nil
}

// revisionAt returns the revision of a write at the given time over the old revision.
func revisionAt(now time.Time, old int64) int64 {
	return max(old+1, now.UnixMicro())
}
