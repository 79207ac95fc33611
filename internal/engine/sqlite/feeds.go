package sqlite

import (
	"sync"
	"sync/atomic"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/walindex"
)

// feeds passes commits to every [engine.Feed]. It is an observer of the writer and so
// receives each commit of this process. A poller, which runs as long as there is a feed,
// detects the commits of other processes.
type feeds struct {
	count atomic.Int32

	mu     sync.Mutex
	all    map[engine.Feed]struct{}
	last   walindex.Header // after the last commit that the feeds have received
	poller *poller         // nil: no other process can commit
	stop   func()          // stops the poller
	closed bool

	// inProgress is set during a commit of this process that began while there was a
	// feed, even if that feed has been removed since.
	inProgress atomic.Bool
}

func (f *feeds) active() bool { return f.count.Load() > 0 }

// add adds a feed whose snapshot has the header h.
func (f *feeds) add(feed engine.Feed, h walindex.Header) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if h != f.last {
		f.foreign() // the other feeds have not received this commit yet
		f.last = h
	}
	if f.all == nil {
		f.all = map[engine.Feed]struct{}{}
	}
	f.all[feed] = struct{}{}
	if f.count.Add(1) == 1 && f.poller != nil && !f.closed {
		f.stop = f.poller.start(f)
	}
}

func (f *feeds) remove(feed engine.Feed) {
	f.mu.Lock()
	stop := func() {}
	if _, ok := f.all[feed]; ok {
		delete(f.all, feed)
		if f.count.Add(-1) == 0 && f.stop != nil {
			stop, f.stop = f.stop, nil
		}
	}
	f.mu.Unlock()
	stop() // waits for the goroutine, which may wait for the lock
}

// close stops the poller, even if there are feeds, and returns its connection to the pool.
func (f *feeds) close() {
	f.mu.Lock()
	stop := f.stop
	f.stop, f.closed = nil, true
	f.mu.Unlock()
	if stop != nil {
		stop()
	}
	f.poller.close()
}

// moved notifies the feeds if another process has changed the header.
func (f *feeds) moved(index *walindex.Index) {
	f.mu.Lock()
	defer f.mu.Unlock()
	h, ok := index.Load()
	if !ok || f.inProgress.Load() || h == f.last {
		return
	}
	f.last = h
	f.foreign()
}

// mayHaveMoved notifies the feeds that another process may have committed.
func (f *feeds) mayHaveMoved() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.foreign()
}

func (f *feeds) foreign() {
	for feed := range f.all {
		feed.Foreign()
	}
}

func (f *feeds) wantsDetails() bool { return f.active() }

func (f *feeds) committing(*commit) {
	if f.active() {
		f.mu.Lock() // waits for a poll in progress, which must not see this commit's header
		defer f.mu.Unlock()
		f.inProgress.Store(true)
	}
}

func (f *feeds) abandoned() { f.inProgress.Store(false) }

// committed passes a commit to the feeds, and notifies them of foreign commits just before
// and after it.
func (f *feeds) committed(k *commit) {
	if !f.active() && !f.inProgress.Load() {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.inProgress.Store(false)
	if k.BeforeOK && k.Before != f.last {
		f.foreign()
	}
	if rows := k.changes.Rows; len(rows) > 0 {
		for feed := range f.all {
			feed.Committed(rows)
		}
	}
	if k.AfterOK && k.After != k.Before && !k.alone() {
		f.foreign()
	}
	if k.AfterOK {
		f.last = k.After
	}
}
