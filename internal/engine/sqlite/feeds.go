package sqlite

import (
	"sync"
	"sync/atomic"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/walindex"
)

// feeds are the listeners to commits. This process's own commits come from the writer,
// one by one, since feeds is an observer of it. Those of other processes are found by
// a poller, which runs as long as there is a feed.
type feeds struct {
	count atomic.Int32

	mu     sync.Mutex
	all    map[engine.Feed]struct{}
	last   walindex.Header // of the last commit that the feeds know of
	poller *poller         // nil: there are no other processes
	stop   func()          // ends the polling
	closed bool

	// underway reports that a commit of this process is under way that began
	// while there was a feed, which may have gone since.
	underway atomic.Bool
}

func (f *feeds) active() bool { return f.count.Load() > 0 }

// add adds a feed, which knows all that was committed up to header h.
func (f *feeds) add(feed engine.Feed, h walindex.Header) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if h != f.last {
		f.foreign() // the others have not been told yet
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
	stop() // it waits for the goroutine, which may wait for the lock
}

// close ends the polling, whoever still listens, and gives back its connection.
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

// moved tells the feeds if the header is one that no commit of this process made.
func (f *feeds) moved(index *walindex.Index) {
	f.mu.Lock()
	defer f.mu.Unlock()
	h, ok := index.Load()
	if !ok || f.underway.Load() || h == f.last {
		return
	}
	f.last = h
	f.foreign()
}

// mayHaveMoved tells the feeds that there may have been commits.
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
		f.mu.Lock() // a poll that is under way sees the header as it is
		defer f.mu.Unlock()
		f.underway.Store(true)
	}
}

func (f *feeds) abandoned() { f.underway.Store(false) }

// committed tells the feeds of a commit, and of what others committed around it.
func (f *feeds) committed(k *commit) {
	if !f.active() && !f.underway.Load() {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.underway.Store(false)
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
