// Package rowcache keeps rows that were read or written, and never returns a stale one.
// It compares headers of the WAL index to detect commits, so a hit needs no lock and no
// system call.
package rowcache

import (
	"hash/maphash"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/maypok86/otter/v2"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/walindex"
)

// Cache keeps rows that were read or written, and never returns a stale one.
//
// Every entry belongs to an epoch. The header of an epoch identifies the state of the
// database for which its entries are current. A read compares that header with the
// present header of the WAL index. If they are equal, no process has committed since, and
// the entry is what the database would return. A commit of this process changes only the
// keys that it wrote, so it replaces their entries and gives the epoch its own header. Any
// other commit begins a new epoch, and the entries of the old one remain until they are
// evicted.
//
// A nil Cache holds nothing.
type Cache struct {
	entries *otter.Cache[entryKey, *Entry]
	keys    keyMaker
	largest int64 // bytes of the largest entry kept
	now     atomic.Pointer[epoch]

	// mu serializes fills, commits and Close: see fill and Committed.
	mu         sync.Mutex
	index      *walindex.Index // nil: closed, or the mapped file was deleted
	committing bool            // a commit of this process is in progress
	epochs     uint64
}

// epoch is immutable.
type epoch struct {
	index  *walindex.Index
	header walindex.Header
	number uint64
	// purged is the latest time of a purge. Rows that had expired by then are removed,
	// and must not be found even if the clock goes back.
	purged int64
}

// New returns a cache of at most that many bytes. It returns nil if index is nil or bytes is
// 0.
func New(index *walindex.Index, bytes int64) *Cache {
	if index == nil || bytes <= 0 {
		return nil
	}
	c := &Cache{
		index:   index,
		keys:    keyMaker{maphash.MakeSeed()},
		largest: min(bytes/16, 1<<30),
		entries: otter.Must(&otter.Options[entryKey, *Entry]{
			MaximumWeight: uint64(bytes),
			Weigher:       weigh,
			// Maintenance runs on the caller's goroutine. It is short, and no
			// goroutine outlives the store.
			Executor: func(fn func()) { fn() },
		}),
	}
	// If the header is not usable yet, no later header is equal to it.
	h, _ := index.Load()
	c.begin(h, 0)
	return c
}

// begin starts an epoch. The caller holds mu or is New.
func (c *Cache) begin(h walindex.Header, purged int64) *epoch {
	c.epochs++
	e := &epoch{index: c.index, header: h, number: c.epochs, purged: purged}
	c.now.Store(e)
	return e
}

// Row returns the entry of a row if it is what the database would return now, or nil. A
// hit needs no lock and no system call.
func (c *Cache) Row(grp, key string) *Entry {
	if c == nil {
		return nil
	}
	e := c.lookup(c.keys.row(grp, key))
	if e == nil || !e.ofRow(grp, key) {
		return nil
	}
	return e
}

// Group is Row for all live rows of a group.
func (c *Cache) Group(grp string) *Group {
	if c == nil {
		return nil
	}
	e := c.lookup(c.keys.group(grp))
	if e == nil || !e.ofGroup(grp) {
		return nil
	}
	return e.more.group
}

// lookup returns the entry of that key if it is current, or nil.
func (c *Cache) lookup(k entryKey) *Entry {
	now := c.now.Load()
	if now == nil {
		return nil
	}
	// The header is compared first. It shows that the epoch was current after the read
	// began, so every entry found in it is recent enough.
	current := now.index.Is(&now.header)
	runtime.KeepAlive(now.index)
	if !current {
		return nil
	}
	e, ok := c.entries.GetIfPresent(k)
	if !ok || e.epoch != now.number || e.firstExpiry() <= now.purged {
		return nil
	}
	return e
}

// Before returns the header before a read from the database, for fill. If ok is false, the
// result of the read cannot be kept.
func (c *Cache) Before() (h walindex.Header, ok bool) {
	if c == nil {
		return h, false
	}
	now := c.now.Load()
	if now == nil {
		return h, false
	}
	h, ok = now.index.Load()
	runtime.KeepAlive(now.index)
	return h, ok
}

// FillRow keeps the row that a read returned, or that it does not exist: see fill.
func (c *Cache) FillRow(grp, key string, row engine.GetRow, found bool, h walindex.Header) {
	c.fill(c.keys.row(grp, key), newRowEntry(grp, key, row, found), h)
}

// FillGroup keeps the rows that a read returned: see fill.
func (c *Cache) FillGroup(grp string, rows *Group, h walindex.Header) {
	c.fill(c.keys.group(grp), newGroupEntry(grp, rows), h)
}

// fill keeps the result of a read if no commit happened during the read and the entry is
// not too large. h is the header before the read.
func (c *Cache) fill(k entryKey, e *Entry, h walindex.Header) {
	if e.size() > c.largest {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.attached() || !c.index.Is(&h) {
		return
	}
	now := c.now.Load()
	if now.header != h {
		// There was a commit. While a commit of this process is in progress it may be
		// that one. Committed will then move the epoch on and keep the other entries.
		if c.committing {
			return
		}
		now = c.begin(h, now.purged)
	}
	e.epoch = now.number
	c.entries.Set(k, e)
}

// attached reports whether the cache is open and other processes still write the mapped
// header. If they do not, it closes the cache. The caller holds mu.
func (c *Cache) attached() bool {
	if c.index == nil {
		return false
	}
	if c.index.Linked() {
		return true
	}
	c.drop()
	return false
}

// Committing begins a commit. The caller holds the database's write lock.
func (c *Cache) Committing() {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.committing = true
}

// Abandoned ends a commit that did not happen.
func (c *Cache) Abandoned() {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.committing = false
}

// Committed ends a commit. It applies the changes before the writers return.
func (c *Cache) Committed(k *walindex.Commit, ch *Changes) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.committing = false
	if !c.attached() || !k.AfterOK {
		return // if another process is committing, the header will change
	}
	now := c.now.Load()
	if k.After == now.header {
		return // the commit changed nothing
	}
	purged := max(now.purged, ch.Purged)
	if !k.Alone(ch.Wrote()) || k.Before != now.header || ch.All {
		c.begin(k.After, purged)
		return
	}
	for _, w := range ch.Rows {
		c.replace(w, now.number)
	}
	c.now.Store(&epoch{index: c.index, header: k.After, number: now.number, purged: purged})
}

// replace keeps a row as it was written, and removes the entry of its group.
func (c *Cache) replace(w engine.Change, number uint64) {
	c.entries.Invalidate(c.keys.group(w.Row.Grp))
	k := c.keys.row(w.Row.Grp, w.Row.Key)
	e := newRowEntry(w.Row.Grp, w.Row.Key, engine.GetRow{
		Value: w.Row.Value, ExpiresAt: w.Row.ExpiresAt, Revision: w.Row.Revision,
	}, !w.Deleted)
	if e.size() > c.largest {
		c.entries.Invalidate(k)
		return
	}
	e.epoch = number
	e.value = strings.Clone(e.value) // it may be part of a large string of the caller
	c.entries.Set(k, e)
}

// Close closes the cache. Lookups then find nothing.
func (c *Cache) Close() {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop()
}

func (c *Cache) drop() {
	c.now.Store(nil)
	c.index = nil
}
