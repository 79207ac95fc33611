// Package groupcommit lets many callers share the commits of one writer. It knows no
// database: it decides whose turn it is and with whom, and a function of the database
// runs each batch.
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

	// Alone makes the op a batch by itself, run on its caller's goroutine. Any other
	// may share a batch, whose leader runs it.
	Alone bool
	// Owner is the goroutine on which an op that runs alone calls code of the user:
	// if that code calls Do, it would wait for itself. 0: there is no such code.
	Owner int64

	// turn tells a waiting caller what is next; nil while it need not wait.
	turn chan turn
	// batch is set before turn says lead: the ops to run, this one first.
	batch []*Op[T]
}

type turn uint8

const (
	lead turn = iota // run Op.batch
	done             // Op.Err is set
)

// Queue lets one goroutine at a time run, and gathers what the others ask for
// meanwhile. A caller that finds the queue idle runs its op at once, on its own
// goroutine. Otherwise it waits. When the leader finishes, the longest waiter becomes
// leader and commits everything that is waiting as one batch. So batches grow with the
// load, and no timer delays anyone.
type Queue[T any] struct {
	run func(batch []*Op[T])

	mu      sync.Mutex
	busy    bool
	owner   int64 // the goroutine of the caller's code that runs, or 0
	waiting []*Op[T]
	closed  bool
	idle    chan struct{} // closed when the last op of a closed queue has finished
}

// MaxBatch bounds the number of ops in a batch, and so the time for which one keeps
// the write lock.
const MaxBatch = 1024

// New makes a queue whose batches run is called with, one at a time. A batch has at
// least one op, and every op of it must have its Err when run returns.
func New[T any](run func(batch []*Op[T])) *Queue[T] {
	return &Queue[T]{run: run}
}

// Do runs op and returns its error. If ctx ends while op waits, op is not run. Once
// picked up, op runs to its end. Do returns [engine.ErrNested] to the owner of the op
// that runs, which would wait for itself, and [engine.ErrClosed] once the queue is
// closed.
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

// ownerCalls reports whether the calling goroutine is the one whose code runs. The
// caller holds mu.
func (q *Queue[T]) ownerCalls() bool { return q.owner != 0 && q.owner == goroutine.ID() }

// leave takes op out of the queue, unless it has been picked up.
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

// lead runs the batch, hands the lead on, and wakes the followers. The caller is
// the first of the batch and needs no waking.
func (q *Queue[T]) lead(batch []*Op[T]) {
	// Deferred, because an op may panic, and the others go on.
	finished := false
	defer func() {
		if !finished {
			Fail(batch[1:], errPanicked) // nobody knows how far the others' ops came
		}
		q.handOn()
		for _, op := range batch[1:] {
			op.turn <- done
		}
	}()
	q.run(batch)
	finished = true
}

var errPanicked = errors.New("store: another write of the same transaction panicked")

// Fail gives every op of a batch the same error.
func Fail[T any](batch []*Op[T], err error) {
	for _, op := range batch {
		op.Err = err
	}
}

// handOn makes the longest waiter the leader of everything that is waiting, up to the
// first op that has to run alone.
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

// Waiting returns how many ops wait for their turn.
func (q *Queue[T]) Waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

// Close waits for the ops that run or wait. Do then returns [engine.ErrClosed], and
// Close itself returns [engine.ErrNested] to an owner that would wait for itself.
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
