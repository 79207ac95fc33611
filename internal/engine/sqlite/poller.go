package sqlite

import (
	"context"
	"sync"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/walindex"
)

// pollInterval bounds how late the commit of another process is noticed.
const pollInterval = 20 * time.Millisecond

// poller asks whether other processes have committed.
type poller struct {
	index *walindex.Index // nil: it could not be mapped
	pool  *pool

	mu      sync.Mutex
	counter *readConn // the connection that SQLite counts for
	counted int64     // its answer
}

// start polls for f at each interval until stop is called, which waits for the
// goroutine.
func (p *poller) start(f *feeds) (stop func()) {
	poll := p.byIndex
	if p.index == nil {
		poll = p.byDataVersion
	}
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() {
		t := time.NewTicker(pollInterval)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
				poll(f)
			}
		}
	})
	return func() {
		cancel()
		done.Wait()
	}
}

// byIndex polls by the header of the WAL index: two loads from memory.
func (p *poller) byIndex(f *feeds) { f.moved(p.index) }

// byDataVersion polls where the header is not mapped. SQLite counts, for each
// connection, what all the others have committed, this process's writer included.
func (p *poller) byDataVersion(f *feeds) {
	p.mu.Lock() // the goroutine before this one may not have finished yet
	defer p.mu.Unlock()
	if p.counter == nil {
		c, err := p.pool.take(context.Background())
		if err != nil {
			return // closing, or out of luck: the next poll may succeed
		}
		p.counter = c
	}
	var n int64
	if err := p.counter.QueryRowContext(context.Background(), conn.SQLDataVersion).Scan(&n); err != nil {
		return
	}
	if n != p.counted {
		p.counted = n
		f.mayHaveMoved()
	}
}

// close gives the connection back. Nobody polls any more.
func (p *poller) close() {
	if p != nil && p.counter != nil {
		p.pool.keep(p.counter)
	}
}
