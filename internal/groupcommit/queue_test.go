package groupcommit

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/goroutine"
)

// op is an op whose work is a function.
type op = Op[func() error]

// recorder is a queue that records its batches: for each op, whether it runs alone.
type recorder struct {
	*Queue[func() error]
	batches [][]bool      // by one goroutine at a time, which the race detector checks
	release chan struct{} // ends the op of lead
}

func newRecorder() *recorder {
	r := &recorder{release: make(chan struct{})}
	r.Queue = New(func(batch []*op) {
		var alone []bool
		for _, o := range batch {
			alone = append(alone, o.Alone)
		}
		r.batches = append(r.batches, alone)
		for _, o := range batch {
			o.Err = o.Work()
		}
	})
	return r
}

// waiting returns when n ops wait.
func (r *recorder) waiting(n int) {
	for r.Waiting() != n {
		runtime.Gosched()
	}
}

// lead runs an op that ends when release is closed. The function that it returns waits
// for that op.
func (r *recorder) lead(t *testing.T) func() {
	var all sync.WaitGroup
	started := make(chan struct{})
	all.Go(func() {
		if err := r.Do(t.Context(), &op{Work: func() error {
			close(started)
			<-r.release
			return nil
		}}); err != nil {
			t.Error(err)
		}
	})
	<-started
	return all.Wait
}

func TestQueueBatches(t *testing.T) {
	t.Parallel()
	r := newRecorder()
	defer r.lead(t)()
	var order []int
	var all sync.WaitGroup
	for i, alone := range []bool{false, false, false, true, false, true, false, false} {
		all.Go(func() {
			if err := r.Do(t.Context(), &op{Alone: alone, Work: func() error {
				order = append(order, i) // one at a time, which the race detector checks
				return nil
			}}); err != nil {
				t.Error(err)
			}
		})
		r.waiting(i + 1)
	}
	close(r.release)
	all.Wait()
	if !slices.Equal(order, []int{0, 1, 2, 3, 4, 5, 6, 7}) {
		t.Errorf("the ops ran in the order %v", order)
	}
	want := [][]bool{{false}, {false, false, false}, {true}, {false}, {true}, {false, false}}
	if !slices.EqualFunc(r.batches, want, slices.Equal[[]bool]) {
		t.Errorf("batches are %v, want %v", r.batches, want)
	}
}

func TestQueueLargestBatch(t *testing.T) {
	t.Parallel()
	r := newRecorder()
	defer r.lead(t)()
	var all sync.WaitGroup
	for i := range MaxBatch + 10 {
		all.Go(func() {
			if err := r.Do(t.Context(), &op{Work: func() error { return nil }}); err != nil {
				t.Error(err)
			}
		})
		if i%64 == 0 {
			r.waiting(i + 1)
		}
	}
	r.waiting(MaxBatch + 10)
	close(r.release)
	all.Wait()
	if got := []int{len(r.batches[1]), len(r.batches[2])}; !slices.Equal(got, []int{MaxBatch, 10}) {
		t.Errorf("the batches have %v ops", got)
	}
}

// TestQueueErrors checks that each caller gets its own error.
func TestQueueErrors(t *testing.T) {
	t.Parallel()
	r := newRecorder()
	defer r.lead(t)()
	var all sync.WaitGroup
	for i := range 10 {
		want := errors.New("mine")
		if i%2 == 0 {
			want = nil
		}
		all.Go(func() {
			if err := r.Do(t.Context(), &op{Work: func() error { return want }}); err != want {
				t.Errorf("error is %v, want %v", err, want)
			}
		})
		r.waiting(i + 1)
	}
	close(r.release)
	all.Wait()
}

// TestQueueCancelled cancels waiting ops: one in the middle of the queue, the next
// leader, the last one, and all.
func TestQueueCancelled(t *testing.T) {
	t.Parallel()
	for _, leave := range [][]int{{1}, {0}, {2}, {0, 1, 2}} {
		r := newRecorder()
		wait := r.lead(t)
		ran := make([]bool, 3)
		var cancels []context.CancelFunc
		var all sync.WaitGroup
		for i := range ran {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			cancels = append(cancels, cancel)
			all.Go(func() {
				err := r.Do(ctx, &op{Work: func() error { ran[i] = true; return nil }})
				if gone := slices.Contains(leave, i); gone != errors.Is(err, context.Canceled) || !gone && err != nil {
					t.Errorf("%d (%v leave): error is %v", i, leave, err)
				}
			})
			r.waiting(i + 1)
		}
		for n, i := range leave {
			cancels[i]()
			r.waiting(len(ran) - n - 1)
		}
		close(r.release)
		all.Wait()
		wait()
		for i := range ran {
			if ran[i] == slices.Contains(leave, i) {
				t.Errorf("%d (%v leave): ran: %t", i, leave, ran[i])
			}
		}
	}
}

// TestQueuePanic has a leader panic. Its followers must get an error, and the op behind
// them must still run.
func TestQueuePanic(t *testing.T) {
	t.Parallel()
	r := newRecorder()
	defer r.lead(t)()
	var all sync.WaitGroup
	for i := range 3 {
		all.Go(func() {
			defer func() {
				if v := recover(); (v != nil) != (i == 0) {
					t.Errorf("%d panics with %v", i, v)
				}
			}()
			err := r.Do(t.Context(), &op{Work: func() error { panic("here") }})
			if err == nil {
				t.Errorf("%d got no error", i)
			}
		})
		r.waiting(i + 1)
	}
	last := make(chan error)
	go func() {
		last <- r.Do(t.Context(), &op{Alone: true, Work: func() error { return nil }})
	}()
	r.waiting(4)
	close(r.release)
	all.Wait()
	if err := <-last; err != nil {
		t.Error(err)
	}
}

func TestQueueClose(t *testing.T) {
	t.Parallel()
	r := newRecorder()
	wait := r.lead(t)
	queued, closed := make(chan error, 1), make(chan error, 1)
	go func() { queued <- r.Do(t.Context(), &op{Work: func() error { return nil }}) }()
	r.waiting(1)
	go func() { closed <- r.Close() }()
	for {
		r.mu.Lock()
		isClosed := r.closed
		r.mu.Unlock()
		if isClosed {
			break
		}
	}
	if err := r.Do(t.Context(), &op{}); err != engine.ErrClosed {
		t.Errorf("error is %v, want ErrClosed", err)
	}
	select {
	case <-closed:
		t.Error("Close did not wait")
	default:
	}
	close(r.release)
	if err := errors.Join(<-queued, <-closed); err != nil {
		t.Error(err)
	}
	wait()
}

// TestQueueNested calls Do and Close from the code of an op that runs alone, where they
// would wait for themselves. A call from another goroutine waits as usual.
func TestQueueNested(t *testing.T) {
	t.Parallel()
	r := newRecorder()
	other := make(chan error, 1)
	outer := &op{Alone: true, Owner: goroutine.ID(), Work: func() error {
		if err := r.Do(t.Context(), &op{}); err != engine.ErrNested {
			t.Errorf("Do returns %v, want ErrNested", err)
		}
		if err := r.Close(); err != engine.ErrNested {
			t.Errorf("Close returns %v, want ErrNested", err)
		}
		go func() { other <- r.Do(t.Context(), &op{Work: func() error { return nil }}) }()
		r.waiting(1)
		return nil
	}}
	if err := errors.Join(r.Do(t.Context(), outer), <-other, r.Close(), r.Close()); err != nil {
		t.Error(err)
	}
}
