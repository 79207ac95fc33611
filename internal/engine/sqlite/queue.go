package sqlite

import (
	"context"
	"errors"
	"slices"
	"sync"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/goroutine"
)

// unit is one caller's write.
type unit struct {
	ctx  context.Context
	kind kind
	fn   func(tx) error
	err  error // fn's, or the commit's
	// owner is the goroutine of an exclusive unit, else 0.
	owner int64

	// turn tells a waiting caller what is next; nil while it need not wait.
	turn chan turn
	// batch is set before turn says lead: the units to run, this one first.
	batch []*unit
}

// kind is how a unit may be run.
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

// alone says whether the unit cannot share a transaction.
func (k kind) alone() bool { return k >= exclusive }

type turn uint8

const (
	lead turn = iota // run unit.batch
	done             // unit.err is set
)

// queue lets one goroutine at a time run, and gathers what the others ask for
// meanwhile: leader and followers. A caller that finds the queue idle runs its
// unit at once, on its own goroutine. One that does not waits; when the leader
// is through, the first that waits leads, with all who wait as its batch. So
// batches grow with the load, by themselves, and no timer delays anyone.
type queue struct {
	run func(batch []*unit)

	mu      sync.Mutex
	busy    bool
	owner   int64 // the goroutine of the exclusive unit that runs, or 0
	waiting []*unit
	closed  bool
	idle    chan struct{} // closed when the last unit of a closed queue is through
}

// maxBatch bounds the time for which a batch keeps the write lock.
const maxBatch = 1024

// do runs u and returns its error. If ctx ends while u waits, u is not run. Once
// picked up, u runs to its end. An exclusive unit whose own function calls do
// would wait for itself: that gives ErrNested.
func (q *queue) do(ctx context.Context, u *unit) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	self := int64(0)
	if u.kind == exclusive {
		self = goroutine.ID()
	}
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return engine.ErrClosed
	}
	if !q.busy {
		q.busy = true
		q.owner = self
		q.mu.Unlock()
		u.batch = []*unit{u}
		q.lead(u.batch)
		return u.err
	}
	if q.owner != 0 && q.owner == goroutine.ID() {
		q.mu.Unlock()
		return engine.ErrNested
	}
	u.owner = self
	u.turn = make(chan turn, 1)
	q.waiting = append(q.waiting, u)
	q.mu.Unlock()

	var next turn
	select {
	case next = <-u.turn:
	case <-ctx.Done():
		if q.leave(u) {
			return ctx.Err()
		}
		next = <-u.turn
	}
	if next == lead {
		q.lead(u.batch)
	}
	return u.err
}

// leave takes u out of the queue, unless it has been picked up.
func (q *queue) leave(u *unit) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.waiting, u)
	if i < 0 {
		return false
	}
	q.waiting = slices.Delete(q.waiting, i, i+1)
	return true
}

// lead runs the batch, hands the lead on, and wakes the followers. The caller is
// the first of the batch and needs no waking.
func (q *queue) lead(batch []*unit) {
	// Deferred, because a unit may panic, and the others go on.
	through := false
	defer func() {
		if !through {
			// Nobody knows how far the others' units came.
			fail(batch[1:], errPanicked)
		}
		q.handOn()
		for _, u := range batch[1:] {
			u.turn <- done
		}
	}()
	q.run(batch)
	through = true
}

var errPanicked = errors.New("store: another write of the same transaction panicked")

// handOn makes the first that waits the leader of all who wait, up to the first
// unit that has to run alone.
func (q *queue) handOn() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.owner = 0
	if len(q.waiting) == 0 {
		q.busy = false
		if q.closed {
			close(q.idle)
		}
		return
	}
	n := 1
	if !q.waiting[0].kind.alone() {
		for n < len(q.waiting) && n < maxBatch && !q.waiting[n].kind.alone() {
			n++
		}
	}
	batch := slices.Clone(q.waiting[:n])
	q.waiting = slices.Delete(q.waiting, 0, n)
	batch[0].batch = batch
	q.owner = batch[0].owner
	batch[0].turn <- lead
}

// close waits for the units that run or wait. Those who come from now on get
// ErrClosed, and so does a unit that would wait for itself.
func (q *queue) close() error {
	q.mu.Lock()
	if q.owner != 0 && q.owner == goroutine.ID() {
		q.mu.Unlock()
		return engine.ErrNested
	}
	q.closed = true
	busy := q.busy
	if busy {
		q.idle = make(chan struct{})
	}
	q.mu.Unlock()
	if busy {
		<-q.idle
	}
	return nil
}
