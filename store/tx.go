package store

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// Tx is a transaction, as [Store.View] and [Store.Update] hand it to their
// function. It has the string verbs of a [Store], and [NewGroup] takes it as it
// takes a Store. It is for one goroutine, and it ends with the function: using it
// later gives [ErrClosed].
//
// All of a transaction happens at the time at which it began: a key that was live
// then stays so for it.
type Tx struct {
	verbs
	read  engine.Reader
	write engine.Tx // nil: it only reads
	began time.Time
	ended atomic.Bool
}

func (s *Store) newTx(r engine.Reader, w engine.Tx) *Tx {
	tx := &Tx{read: r, write: w, began: s.now()}
	tx.verbs.scope = scope{store: s, tx: tx}
	return tx
}

// errOtherStore is a mistake of the caller's.
var errOtherStore = errors.New("store: transaction of another store")

func (tx *Tx) reader(s *Store) (engine.Reader, error) {
	switch {
	case tx.ended.Load():
		return nil, ErrClosed
	case tx.store != s:
		return nil, errOtherStore
	}
	return tx.read, nil
}

func (tx *Tx) writer(s *Store) (engine.Tx, error) {
	if _, err := tx.reader(s); err != nil {
		return nil, err
	}
	if tx.write == nil {
		return nil, ErrReadOnly
	}
	return tx.write, nil
}

// View runs fn on one snapshot of the store: nothing that is committed meanwhile
// shows in it. Writes through the Tx give [ErrReadOnly]. Others write meanwhile;
// fn may do so too, through the Store, and will not see it in the Tx.
//
// View returns fn's error as it is. A View that is open for long keeps the WAL
// from being emptied, which then grows with every write.
func (s *Store) View(ctx context.Context, fn func(tx *Tx) error) error {
	return s.transact("View", fn, func(run func(engine.Reader, engine.Tx) error) error {
		return s.eng.View(ctx, func(r engine.Reader) error { return run(r, nil) })
	})
}

// Update runs fn in a transaction that writes. It is serializable: it has the
// store to itself among the writers, and sees what it has written. It is committed
// when fn returns nil, and rolled back when fn returns an error, which Update then
// returns as it is, when fn panics, and when ctx is done by then. Update waits its
// turn as long as ctx allows, and up to the busy timeout for another process.
//
// fn must work through the Tx. A write to the Store itself would wait for fn to
// end: from fn's own goroutine that gives [ErrNested], as does any call that has to
// wait in a store in memory; from another one, for which fn waits, it is a
// deadlock. Reading from the Store shows what was committed before.
//
// Keep fn short: every other write waits for it.
func (s *Store) Update(ctx context.Context, fn func(tx *Tx) error) error {
	return s.transact("Update", fn, func(run func(engine.Reader, engine.Tx) error) error {
		return s.eng.Update(ctx, func(t engine.Tx) error { return run(t, t) })
	})
}

// transact runs fn with a Tx that ends with it. The error of fn is the caller's
// own and stays as it is; any other becomes an *Error.
func (s *Store) transact(op string, fn func(*Tx) error, begin func(run func(engine.Reader, engine.Tx) error) error) error {
	var own *ownError
	err := begin(func(r engine.Reader, w engine.Tx) error {
		defer s.callers.enter()()
		tx := s.newTx(r, w)
		defer tx.ended.Store(true)
		if err := fn(tx); err != nil {
			own = &ownError{err}
			return own
		}
		return nil
	})
	if own != nil && err == own {
		return own.error
	}
	return failed(err, op, "", "")
}

// ownError is an error of the caller's, to be known again: errors as such need not
// be comparable.
type ownError struct{ error }

func (e *ownError) Unwrap() error { return e.error }
