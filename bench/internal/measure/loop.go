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

// Count is what a loop did.
type Count struct {
	Ops     []int64       // done by each goroutine
	Elapsed time.Duration // from the start of the first operation to the end of the last
}

// Total is the number of operations of the goroutines from..to.
func (c Count) Total(from, to int) int64 {
	var n int64
	for _, ops := range c.Ops[from:to] {
		n += ops
	}
	return n
}

// flag is read by every worker before every operation, so nothing else that is written may be near it.
type flag struct {
	_ cpu.CacheLinePad
	atomic.Bool
	_ cpu.CacheLinePad
}

// Loop runs each op over and over in a goroutine of its own until d has passed, and at least once. It returns when all
// have; the first error stops them all, and so does the end of ctx.
//
// An operation under way when d is over is finished and counted, and so is its time. With slow operations, or with so
// many goroutines that the one which stops them is late, the loop is longer than d, and the figure stays true.
func Loop(ctx context.Context, d time.Duration, ops ...Op) (Count, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	return LoopUntil(ctx, ops...)
}

// LoopUntil is Loop without a fixed time: it ends with ctx.
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
