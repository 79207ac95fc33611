// Package groupcommit lets many callers share the commits of one writer. It decides
// which ops form the next batch. A function that the database provides runs the batch.
package groupcommit

import (
	"context"
	"errors"
	"slices"
	"sync"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/goroutine"
)

// Op is one caller's operation. Work is what it does, in the terms of the function
// that runs batches; that function sets Err.
type Op[T any] struct {
	Work T
	Err  error

	// Alone makes the op a batch by itself, which runs on its caller's goroutine. Any
	// other op may share a batch, which runs on the goroutine of its leader.
	Alone bool
	// Owner is the goroutine on which an op that runs alone calls the user's code. If
	// that code called Do, it would wait for itself. 0: the op calls no such code.
	Owner int64

	// turn tells a waiting caller what to do next; nil if the caller does not wait.
	turn chan turn
	// batch is set before lead is sent on turn: the ops to run, this one first.
	batch []*Op[T]
}

type turn uint8

const (
	lead turn = iota // run Op.batch
	done             // Op.Err is set
)

// Queue lets one goroutine at a time run, and gathers the ops of the others meanwhile.
// A caller that finds the queue idle runs its op at once, on its own goroutine.
// Otherwise it waits. When the leader finishes, the longest waiter becomes leader and
// runs everything that is waiting as one batch. So batches grow with the load, and no
// timer delays a caller.
type Queue[T any] struct {
	run func(batch []*Op[T])

	mu      sync.Mutex
	busy    bool
	owner   int64 // Owner of the op that runs
	waiting []*Op[T]
	closed  bool
	idle    chan struct{} // closed when the last op of a closed queue has finished
}

// MaxBatch bounds the number of ops in a batch, and so the time for which a batch
// holds the write lock.
const MaxBatch = 1024

// New returns a queue that calls run with one batch at a time. A batch has at least
// one op. run must set Err of every op in it.
func New[T any](run func(batch []*Op[T])) *Queue[T] {
	return &Queue[T]{run: run}
}

// Do runs op and returns its error. If ctx is done while op waits, op does not run.
// Once op is part of a batch, Do waits for its result. Do returns [engine.ErrNested] if
// the owner of the running op calls it, and [engine.ErrClosed] once the queue is closed.
func (q *Queue[T]) Do(ctx context.Context, op *Op[T]) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return engine.ErrClosed
	}
	if !q.busy {
		q.busy = true
		q.owner = op.Owner
		q.mu.Unlock()
		op.batch = []*Op[T]{op}
		q.lead(op.batch)
		return op.Err
	}
	if q.ownerCalls() {
		q.mu.Unlock()
		return engine.ErrNested
	}
	op.turn = make(chan turn, 1)
	q.waiting = append(q.waiting, op)
	q.mu.Unlock()

	var next turn
	select {
	case next = <-op.turn:
	case <-ctx.Done():
		if q.leave(op) {
			return ctx.Err()
		}
		next = <-op.turn
	}
	if next == lead {
		q.lead(op.batch)
	}
	return op.Err
}

// ownerCalls reports whether the calling goroutine is the owner of the running op. The
// caller holds mu.
func (q *Queue[T]) ownerCalls() bool { return q.owner != 0 && q.owner == goroutine.ID() }

// leave removes op from the queue and reports whether it did. An op that is part of a
// batch stays.
func (q *Queue[T]) leave(op *Op[T]) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.waiting, op)
	if i < 0 {
		return false
	}
	q.waiting = slices.Delete(q.waiting, i, i+1)
	return true
}

// lead runs the batch, hands the lead on, and wakes the followers. The caller's own op
// is the first of the batch.
func (q *Queue[T]) lead(batch []*Op[T]) {
	// Deferred, because an op may panic and the other callers must go on.
	finished := false
	defer func() {
		if !finished {
			Fail(batch[1:], errPanicked) // it is not known which of these ops ran
		}
		q.handOn()
		for _, op := range batch[1:] {
			op.turn <- done
		}
	}()
	q.run(batch)
	finished = true
}

var errPanicked = errors.New("store: another write in the same transaction panicked")

// Fail gives every op of a batch the same error.
func Fail[T any](batch []*Op[T], err error) {
	for _, op := range batch {
		op.Err = err
	}
}

// handOn makes the longest waiter the leader of everything that is waiting, up to the
// first op that runs alone.
func (q *Queue[T]) handOn() {
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
	if !q.waiting[0].Alone {
		for n < len(q.waiting) && n < MaxBatch && !q.waiting[n].Alone {
			n++
		}
	}
	batch := slices.Clone(q.waiting[:n])
	q.waiting = slices.Delete(q.waiting, 0, n)
	batch[0].batch = batch
	q.owner = batch[0].Owner
	batch[0].turn <- lead
}

// Waiting returns the number of ops that wait for a leader.
func (q *Queue[T]) Waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

// Close closes the queue and waits for the ops that run or wait. If the owner of the
// running op calls it, it would wait for itself: it returns [engine.ErrNested] and the
// queue stays open.
func (q *Queue[T]) Close() error {
	q.mu.Lock()
	if q.ownerCalls() {
		q.mu.Unlock()
		return engine.ErrNested
	}
	q.closed = true
	busy := q.busy
	if busy && q.idle == nil {
		q.idle = make(chan struct{})
	}
	q.mu.Unlock()
	if busy {
		<-q.idle
	}
	return nil
}
