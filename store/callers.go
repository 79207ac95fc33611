package store

import (
	"context"
	"sync"

	"forge.lthn.ai/core/go-store/internal/goroutine"
)

// callers counts, for each goroutine, the transactions in which it runs the caller's
// own code. A Close from such a goroutine would wait for itself.
type callers struct {
	mu sync.Mutex
	in map[int64]int // by the number of the goroutine
}

// enter counts a transaction for the calling goroutine, whose number ctx may carry,
// until leave is called.
func (c *callers) enter(ctx context.Context) (leave func()) {
	id := goroutine.IDOf(ctx)
	c.add(id, 1)
	return func() { c.add(id, -1) }
}

func (c *callers) add(id int64, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.in == nil {
		c.in = map[int64]int{}
	}
	if c.in[id] += n; c.in[id] == 0 {
		delete(c.in, id)
	}
}

// inside reports whether the calling goroutine is in a transaction.
func (c *callers) inside() bool {
	id := goroutine.ID()
	c.mu.Lock()
	defer c.mu.Unlock()
	return id != 0 && c.in[id] > 0
}
