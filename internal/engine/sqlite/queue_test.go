package sqlite

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// recorder is a queue that notes its batches. The first unit waits for release.
type recorder struct {
	writer
	mu      sync.Mutex
	batches [][]kind
	release chan struct{}
}

func newRecorder() *recorder {
	r := &recorder{release: make(chan struct{})}
	r.run = func(batch []*unit) {
		var kinds []kind
		for _, u := range batch {
			kinds = append(kinds, u.kind)
		}
		r.mu.Lock()
		r.batches = append(r.batches, kinds)
		r.mu.Unlock()
		for _, u := range batch {
			u.err = u.fn(tx{})
		}
	}
	return r
}

// lead occupies the queue until release is closed, and returns its wait.
func (r *recorder) lead(t *testing.T) func() {
	var all sync.WaitGroup
	started := make(chan struct{})
	all.Go(func() {
		if err := r.do(t.Context(), &unit{ctx: t.Context(), fn: func(tx) error {
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
	for i, k := range []kind{single, single, shared, exclusive, single, query, single, single} {
		all.Go(func() {
			if err := r.do(t.Context(), &unit{ctx: t.Context(), kind: k, fn: func(tx) error {
				order = append(order, i) // one at a time, which the race detector checks
				return nil
			}}); err != nil {
				t.Error(err)
			}
		})
		waiting(&r.writer, i+1)
	}
	close(r.release)
	all.Wait()
	if !slices.Equal(order, []int{0, 1, 2, 3, 4, 5, 6, 7}) {
		t.Errorf("the order is %v", order)
	}
	want := [][]kind{{single}, {single, single, shared}, {exclusive}, {single}, {query}, {single, single}}
	if !slices.EqualFunc(r.batches, want, slices.Equal[[]kind]) {
		t.Errorf("batches are %v, want %v", r.batches, want)
	}
}

func TestQueueLargestBatch(t *testing.T) {
	t.Parallel()
	r := newRecorder()
	defer r.lead(t)()
	var all sync.WaitGroup
	for i := range maxBatch + 10 {
		all.Go(func() {
			if err := r.do(t.Context(), &unit{ctx: t.Context(), fn: func(tx) error { return nil }}); err != nil {
				t.Error(err)
			}
		})
		if i%64 == 0 {
			waiting(&r.writer, i+1)
		}
	}
	waiting(&r.writer, maxBatch+10)
	close(r.release)
	all.Wait()
	if got := []int{len(r.batches[1]), len(r.batches[2])}; !slices.Equal(got, []int{maxBatch, 10}) {
		t.Errorf("the batches have %v units", got)
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
			if err := r.do(t.Context(), &unit{ctx: t.Context(), fn: func(tx) error { return want }}); err != want {
				t.Errorf("error is %v, want %v", err, want)
			}
		})
		waiting(&r.writer, i+1)
	}
	close(r.release)
	all.Wait()
}

// TestQueueCancelled has callers leave the queue: those in the middle of it, the
// one that would lead next, and all.
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
				err := r.do(ctx, &unit{ctx: ctx, fn: func(tx) error { ran[i] = true; return nil }})
				if gone := slices.Contains(leave, i); gone != errors.Is(err, context.Canceled) || !gone && err != nil {
					t.Errorf("%d of those who leave, %v: error is %v", i, leave, err)
				}
			})
			waiting(&r.writer, i+1)
		}
		for n, i := range leave {
			cancels[i]()
			waiting(&r.writer, len(ran)-n-1)
		}
		close(r.release)
		all.Wait()
		wait()
		for i := range ran {
			if ran[i] == slices.Contains(leave, i) {
				t.Errorf("%d of those who leave, %v: was run: %t", i, leave, ran[i])
			}
		}
	}
}

// TestQueuePanic has a leader panic: its followers must not believe that their
// writes are done, and who waits behind them has its turn.
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
			err := r.do(t.Context(), &unit{ctx: t.Context(), fn: func(tx) error { panic("here") }})
			if err == nil {
				t.Errorf("%d got no error", i)
			}
		})
		waiting(&r.writer, i+1)
	}
	last := make(chan error)
	go func() {
		last <- r.do(t.Context(), &unit{ctx: t.Context(), kind: exclusive, fn: func(tx) error { return nil }})
	}()
	waiting(&r.writer, 4)
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
	go func() { queued <- r.do(t.Context(), &unit{ctx: t.Context(), fn: func(tx) error { return nil }}) }()
	waiting(&r.writer, 1)
	go func() { closed <- r.queue.close() }()
	for {
		r.queue.mu.Lock()
		isClosed := r.closed
		r.queue.mu.Unlock()
		if isClosed {
			break
		}
	}
	if err := r.do(t.Context(), &unit{ctx: t.Context()}); err != engine.ErrClosed {
		t.Errorf("error is %v, want ErrClosed", err)
	}
	select {
	case <-closed:
		t.Error("close did not wait")
	default:
	}
	close(r.release)
	if err := errors.Join(<-queued, <-closed); err != nil {
		t.Error(err)
	}
	wait()
}

// TestPanicInBatch has the function of a shared write panic.
func TestPanicInBatch(t *testing.T) {
	t.Parallel()
	e := open(t, t.TempDir()+"/kv.db", options())
	ctx := context.Background()
	panicked := 0
	var mu sync.Mutex
	guarded := func(fn func() error) func() error {
		return func() (err error) {
			defer func() {
				if recover() != nil {
					mu.Lock()
					panicked++
					mu.Unlock()
					err = errors.New("panic")
				}
			}()
			return fn()
		}
	}
	put := func(key string) func() error {
		return guarded(func() error { return e.Set(ctx, engine.SetParams{Grp: "g", Key: key, Value: "v"}) })
	}
	keys := []string{"a", "", "b"}
	errs := batch(t, e, func() {}, put("a"),
		guarded(func() error {
			return e.Apply(ctx, func(tx engine.Tx) error {
				set(t, tx, "g", "x", "v")
				panic("in Apply")
			})
		}), put("b"))
	if panicked != 1 {
		t.Errorf("%d callers panicked", panicked)
	}
	rows := rowsOf(t, e)
	for i, err := range errs {
		if _, ok := rows[keys[i]]; keys[i] != "" && ok != (err == nil) {
			t.Errorf("%s is there: %t, but its Set returned %v", keys[i], ok, err)
		}
	}
	if _, ok := rows["x"]; ok {
		t.Error("what panicked was committed")
	}
	set(t, e, "g", "a", "after")
}
