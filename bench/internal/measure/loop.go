package measure

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/cpu"
)

// Op is one operation of a workload. Each goroutine has its own, so it may keep state.
type Op func() error

// Count is the outcome of a loop.
type Count struct {
	Ops     []int64       // done by each goroutine
	Elapsed time.Duration // from the start of the first operation to the end of the last
}

// Total returns the number of operations of the goroutines from (inclusive) to (exclusive).
func (c Count) Total(from, to int) int64 {
	var n int64
	for _, ops := range c.Ops[from:to] {
		n += ops
	}
	return n
}

// flag stops the workers. Each reads it before every operation, so it shares its cache line with nothing that is written.
type flag struct {
	_ cpu.CacheLinePad
	atomic.Bool
	_ cpu.CacheLinePad
}

// Loop runs each op again and again, at least once, in a goroutine of its own until d has passed or ctx ends. The first error
// stops all of them. Loop returns when all have stopped.
//
// An operation that is running when d has passed is finished and counted, with its time. So the loop takes longer than d if
// operations are slow, or if so many goroutines run that stopping them is late, and the figure is still correct.
func Loop(ctx context.Context, d time.Duration, ops ...Op) (Count, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	return LoopUntil(ctx, ops...)
}

// LoopUntil is Loop without a fixed time: it ends when ctx does.
func LoopUntil(ctx context.Context, ops ...Op) (Count, error) {
	var (
		stop  flag
		once  sync.Once
		first error
		ready sync.WaitGroup
		done  sync.WaitGroup
		start = make(chan struct{})
		count = Count{Ops: make([]int64, len(ops))}
	)
	ready.Add(len(ops))
	for i, op := range ops {
		done.Go(func() {
			ready.Done()
			<-start
			var n int64
			for again := true; again; again = !stop.Load() {
				if err := op(); err != nil {
					once.Do(func() { first = err })
					stop.Store(true)
					break
				}
				n++
			}
			count.Ops[i] = n
		})
	}
	release := context.AfterFunc(ctx, func() { stop.Store(true) })
	defer release()
	ready.Wait()
	began := time.Now()
	close(start)
	done.Wait()
	count.Elapsed = time.Since(began)
	return count, first
}
