package store

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/goroutine"
)

// Tx is a transaction. [Store.View] and [Store.Update] pass it to their function. It
// has the string verbs of a [Store], and [NewGroup] accepts it in place of a Store.
// Only the goroutine that runs the function may use it. It ends when the function
// returns; later calls return [ErrClosed].
//
// A transaction reads the clock once, when it begins: a key that is live at that time
// stays live for the whole transaction.
type Tx struct {
	verbs
	read  engine.Reader
	write engine.Tx // nil in a View
	began time.Time
	ended atomic.Bool
}

func (s *Store) newTx(r engine.Reader, w engine.Tx) *Tx {
	tx := &Tx{read: r, write: w, began: s.now()}
	tx.verbs.scope = scope{store: s, tx: tx}
	return tx
}

// errOtherStore is the error of a group that is used in another store's transaction.
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

// View runs fn on one snapshot of the store: fn does not see what is committed after
// the snapshot. Writes through the Tx return [ErrReadOnly]. Writers do not wait for a
// View. fn itself may write through the Store, and does not see its writes in the Tx.
//
// View returns an error of fn unchanged. As long as a View is open, the -wal file
// beside the database cannot be emptied and grows with every write, so keep it short.
func (s *Store) View(ctx context.Context, fn func(tx *Tx) error) error {
	return s.transact(ctx, "View", fn, func(run func(engine.Reader, engine.Tx) error) error {
		return s.eng.View(ctx, func(r engine.Reader) error { return run(r, nil) })
	})
}

// Update runs fn in a transaction that may write. Updates are serializable: only one
// runs at a time, and fn sees its own writes. Update commits when fn returns nil. It
// rolls back when fn returns an error or panics, and when ctx is done before the
// commit. It returns an error of fn unchanged. Update waits for its turn until ctx is
// done, and for another process up to the busy timeout, after which it returns
// [ErrBusy].
//
// fn must work through the Tx, on the goroutine that called Update. A write through
// the Store would wait for fn to end. On fn's own goroutine it returns [ErrNested]
// instead, and so does any call that has to wait in a store in memory. On another
// goroutine for which fn waits, it is a deadlock. Reads through the Store see the
// state before the transaction.
//
// Keep fn short: all other writers wait for it.
func (s *Store) Update(ctx context.Context, fn func(tx *Tx) error) error {
	ctx = goroutine.WithID(ctx)
	return s.transact(ctx, "Update", fn, func(run func(engine.Reader, engine.Tx) error) error {
		return s.eng.Update(ctx, func(t engine.Tx) error { return run(t, t) })
	})
}

// transact runs fn with a Tx, which ends when fn returns. It returns an error of fn
// unchanged, and wraps any other error in an *Error.
func (s *Store) transact(ctx context.Context, op string, fn func(*Tx) error, begin func(run func(engine.Reader, engine.Tx) error) error) error {
	var own *ownError
	err := begin(func(r engine.Reader, w engine.Tx) error {
		defer s.callers.enter(ctx)()
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

// ownError marks an error of the caller's function, so that it can be recognized:
// errors themselves need not be comparable.
type ownError struct{ error }

func (e *ownError) Unwrap() error { return e.error }
