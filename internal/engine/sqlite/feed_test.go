package sqlite

import (
	"sync"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/rowcache"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/walindex"
)

// ears is a feed that counts how often it hears of other processes.
type ears struct {
	mu      sync.Mutex
	foreign int
}

func (*ears) Committed([]engine.Change) {}

func (e *ears) Foreign() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.foreign++
}

func (e *ears) heard() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.foreign
}

// A feed that goes in the middle of a commit leaves the next one able to hear.
func TestFeedGoesDuringACommit(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*feeds){
		"committed": func(f *feeds) { f.committed(&commit{changes: &rowcache.Changes{}}) },
		"abandoned": (*feeds).abandoned,
	} {
		index := walindex.NewMemory()
		f := new(feeds)
		first, second := new(ears), new(ears)
		h, _ := index.Load()
		f.add(first, h)
		f.committing(nil)
		f.remove(first)
		end(f)
		f.add(second, h)
		index.Step() // another process's commit
		f.moved(index)
		if second.heard() != 1 {
			t.Errorf("%s: heard %d times of another process, want 1", name, second.heard())
		}
		f.moved(index)
		if second.heard() != 1 {
			t.Errorf("%s: heard of the same commit twice", name)
		}
	}
}

// A feed that comes late does not take from those before it what they have not
// been told yet.
func TestFeedComesAfterAForeignCommit(t *testing.T) {
	t.Parallel()
	index := walindex.NewMemory()
	f := new(feeds)
	first, second := new(ears), new(ears)
	h, _ := index.Load()
	f.add(first, h)
	index.Step()
	h, _ = index.Load()
	f.add(second, h)
	f.moved(index)
	if first.heard() != 1 || second.heard() != 0 {
		t.Errorf("heard %d and %d times, want 1 and 0", first.heard(), second.heard())
	}
}
