package sqlite

import (
	"sync"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/rowcache"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/walindex"
)

// counter is a feed that counts the commits of other processes.
type counter struct {
	mu      sync.Mutex
	foreign int
}

func (*counter) Committed([]engine.Change) {}

func (c *counter) Foreign() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.foreign++
}

func (c *counter) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.foreign
}

// TestFeedRemovedDuringACommit checks that the next feed receives foreign commits.
func TestFeedRemovedDuringACommit(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*feeds){
		"committed": func(f *feeds) { f.committed(&commit{changes: &rowcache.Changes{}}) },
		"abandoned": (*feeds).abandoned,
	} {
		index := walindex.NewMemory()
		f := new(feeds)
		first, second := new(counter), new(counter)
		h, _ := index.Load()
		f.add(first, h)
		f.committing(nil)
		f.remove(first)
		end(f)
		f.add(second, h)
		index.Step() // another process's commit
		f.moved(index)
		if second.count() != 1 {
			t.Errorf("%s: %d foreign commits, want 1", name, second.count())
		}
		f.moved(index)
		if second.count() != 1 {
			t.Errorf("%s: the same commit was counted twice", name)
		}
	}
}

// TestFeedAddedAfterAForeignCommit adds a feed after a foreign commit that the poller has
// not detected yet. The earlier feed must still receive that commit.
func TestFeedAddedAfterAForeignCommit(t *testing.T) {
	t.Parallel()
	index := walindex.NewMemory()
	f := new(feeds)
	first, second := new(counter), new(counter)
	h, _ := index.Load()
	f.add(first, h)
	index.Step()
	h, _ = index.Load()
	f.add(second, h)
	f.moved(index)
	if first.count() != 1 || second.count() != 0 {
		t.Errorf("%d and %d foreign commits, want 1 and 0", first.count(), second.count())
	}
}
