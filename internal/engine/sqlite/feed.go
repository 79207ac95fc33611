package sqlite

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// feeds are those who want to be told of commits. This process's own come from
// the writer, one by one. That another process has committed shows in the header
// of the WAL index, which a goroutine looks at from time to time as long as there
// is anyone to tell.
type feeds struct {
	count atomic.Int32

	mu     sync.Mutex
	all    map[engine.Feed]struct{}
	last   header // of the last commit that the feeds know of
	stop   func() // ends the goroutine
	closed bool

	// committing says that a commit of this process is under way that began
	// while there was a feed, which may have gone since.
	committing atomic.Bool
}

// pollInterval is how late the commit of another process may be noticed.
const pollInterval = 20 * time.Millisecond

func (f *feeds) active() bool { return f.count.Load() > 0 }

// add adds a feed, which knows all that was committed up to header h. poll, if
// not nil, is called at each interval while there is a feed.
func (f *feeds) add(feed engine.Feed, h header, poll func()) {
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
	if f.count.Add(1) == 1 && poll != nil && !f.closed {
		f.stop = every(pollInterval, poll)
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

// close ends the goroutine, whoever still listens.
func (f *feeds) close() {
	f.mu.Lock()
	stop := f.stop
	f.stop, f.closed = nil, true
	f.mu.Unlock()
	if stop != nil {
		stop()
	}
}

// every calls fn from a goroutine at each interval until stop is called, which
// waits for it.
func every(interval time.Duration, fn func()) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() {
		t := time.NewTicker(interval)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
				fn()
			}
		}
	})
	return func() {
		cancel()
		done.Wait()
	}
}

// look tells the feeds if the header is one that no commit of this process has
// made.
func (f *feeds) look(index *walIndex) {
	f.mu.Lock()
	defer f.mu.Unlock()
	h, ok := index.load()
	if !ok || f.committing.Load() || h == f.last {
		return
	}
	f.last = h
	f.foreign()
}

// told tells the feeds that there may have been commits.
func (f *feeds) told() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.foreign()
}

func (f *feeds) foreign() {
	for feed := range f.all {
		feed.Foreign()
	}
}

func (f *feeds) starting() {
	if f.active() {
		f.mu.Lock() // a look that is under way sees the header as it is
		defer f.mu.Unlock()
		f.committing.Store(true)
	}
}

func (f *feeds) abandoned() { f.committing.Store(false) }

// publish tells the feeds of a commit, and of what others committed around it.
func (f *feeds) publish(k commit, ch *changes) {
	if !f.active() && !f.committing.Load() {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.committing.Store(false)
	if k.beforeOK && k.before != f.last {
		f.foreign()
	}
	if len(ch.rows) > 0 {
		for feed := range f.all {
			feed.Committed(ch.rows)
		}
	}
	if k.afterOK && k.after != k.before && !k.alone(ch) {
		f.foreign()
	}
	if k.afterOK {
		f.last = k.after
	}
}
