// Package rowcache keeps rows that were read or written, and never serves one that is
// stale. It asks the header of the WAL index whether anybody has committed since, so a
// hit costs no lock and no system call.
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

// Cache keeps values that were read or written, and never serves a stale one.
//
// Every entry belongs to an epoch, and an epoch has a header: the state of the
// database for which all its entries are current. A read compares that header
// with the one SQLite has now: if they are equal nobody has committed since, in
// this process or another, and the entry is what the database would answer. A
// commit of this process changes only the keys it wrote, so it replaces those
// and moves the epoch on to its own header. Any other change begins a new epoch,
// and what the old one held is left for the cache to evict.
//
// A nil Cache holds nothing.
type Cache struct {
	entries *otter.Cache[entryKey, *Entry]
	keys    keyMaker
	largest int64 // bytes of the largest entry kept
	now     atomic.Pointer[epoch]

	// mu orders fills, commits and the end: see fill and Committed.
	mu         sync.Mutex
	index      *walindex.Index // nil: closed, or the file lost its name
	committing bool            // a commit of this process is under way
	epochs     uint64
}

// epoch is immutable.
type epoch struct {
	index  *walindex.Index
	header walindex.Header
	number uint64
	// purged is the latest time at which rows were purged: those that had
	// expired by then are gone, even should the clock go back.
	purged int64
}

// New makes a cache of at most so many bytes, or none.
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
			// On the caller's goroutine: it is short, and nothing is left
			// running when the store is closed.
			Executor: func(fn func()) { fn() },
		}),
	}
	// A header that is not usable yet matches no later one that is.
	h, _ := index.Load()
	c.begin(h, 0)
	return c
}

// begin starts an epoch. The caller holds mu, or is alone.
func (c *Cache) begin(h walindex.Header, purged int64) *epoch {
	c.epochs++
	e := &epoch{index: c.index, header: h, number: c.epochs, purged: purged}
	c.now.Store(e)
	return e
}

// Row returns what the cache knows of a row: what the database would answer now; nil
// if it does not know. A hit costs no lock and no system call.
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

// Group is Row for the rows of a group.
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

// lookup returns the entry of that key, if it is current.
func (c *Cache) lookup(k entryKey) *Entry {
	now := c.now.Load()
	if now == nil {
		return nil
	}
	// In this order: the header shows that the epoch was current when the read
	// had begun already, so whatever is then found in it is recent enough.
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

// Before notes the header ahead of a read from the database, for fill.
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

// FillRow keeps the row that a read found, or that there is none: see fill.
func (c *Cache) FillRow(grp, key string, row engine.GetRow, found bool, h walindex.Header) {
	c.fill(c.keys.row(grp, key), newRowEntry(grp, key, row, found), h)
}

// FillGroup keeps the rows that a read found: see fill.
func (c *Cache) FillGroup(grp string, rows *Group, h walindex.Header) {
	c.fill(c.keys.group(grp), newGroupEntry(grp, rows), h)
}

// fill keeps what a read found, unless it is too large, if the database stayed as it
// was while it read: h is the header before it.
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
		// Somebody else has committed. While a commit of this process is under
		// way it may be that one, which Committed is about to make known without
		// giving up all the rest.
		if c.committing {
			return
		}
		now = c.begin(h, now.purged)
	}
	e.epoch = now.number
	c.entries.Set(k, e)
}

// attached reports whether the cache is open and its header still the one that other
// processes write; if not, that is the end of the cache. The caller holds mu.
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

// Committed ends a commit: it makes the changes known before their writers are
// told that they are durable.
func (c *Cache) Committed(k *walindex.Commit, ch *Changes) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.committing = false
	if !c.attached() || !k.AfterOK {
		return // or someone else commits at this moment: the header will differ
	}
	now := c.now.Load()
	if k.After == now.header {
		return // nothing was changed
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

// replace keeps a row as it was written. The group's rows, as a whole, are no
// longer what they were.
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
	e.value = strings.Clone(e.value) // it may be part of something large of the caller's
	c.entries.Set(k, e)
}

// Close ends the cache: nothing is found in it any more.
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
