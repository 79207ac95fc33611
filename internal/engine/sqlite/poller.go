package sqlite

import (
	"context"
	"sync"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/walindex"
)

// pollInterval is the time between two polls.
const pollInterval = 20 * time.Millisecond

// poller detects commits of other processes.
type poller struct {
	index *walindex.Index // nil: not mapped
	pool  *pool

	mu      sync.Mutex
	conn    *readConn // for data_version, whose values only one connection can compare
	version int64     // the data_version of the last poll
	closed  bool
}

// start polls for f at each interval, on a goroutine. stop ends the goroutine and waits for
// it.
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

// byDataVersion polls if the header is not mapped. SQLite changes the data_version of a
// connection when any other connection has committed, including this process's writer.
func (p *poller) byDataVersion(f *feeds) {
	p.mu.Lock() // the previous goroutine may not have ended yet
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	if p.conn == nil {
		c, err := p.pool.take(context.Background())
		if err != nil {
			return // closed, or a passing failure: the next poll may succeed
		}
		p.conn = c
	}
	var n int64
	if err := p.conn.QueryRowContext(context.Background(), conn.SQLDataVersion).Scan(&n); err != nil {
		return
	}
	if n != p.version {
		p.version = n
		f.mayHaveMoved()
	}
}

// close returns the connection to the pool. It waits for a poll in progress, and no later
// one does anything.
func (p *poller) close() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	if p.conn != nil {
		p.pool.keep(p.conn)
		p.conn = nil
	}
}
