package rowcache

import "forge.lthn.ai/core/go-store/internal/engine"

// Changes are what a transaction did to rows, for the cache and for feeds.
type Changes struct {
	Rows []engine.Change
	All  bool // rows changed that are not listed
	// Purged is the time by which rows that were removed had expired; 0: none were.
	Purged int64
	// Silent reports that the file was changed, but no row.
	Silent bool
	// Detailed asks for every row to be listed, with its revision.
	Detailed bool
}

// manyChanges is how many rows of one transaction the cache takes over; more
// than these cost it more than they are worth.
const manyChanges = 1024

// Reset forgets the changes of the transaction before.
func (c *Changes) Reset(detailed bool) {
	clear(c.Rows)
	*c = Changes{Rows: c.Rows[:0], Detailed: detailed}
}

// Wrote reports whether the transaction changed the file, as far as is known
// here. One that did not leaves no trace in it, not even in the header.
func (c *Changes) Wrote() bool { return len(c.Rows) > 0 || c.All || c.Purged != 0 || c.Silent }

// Add lists a row.
func (c *Changes) Add(w engine.Change) {
	if len(c.Rows) >= manyChanges {
		c.All = true
		if !c.Detailed {
			return
		}
	}
	c.Rows = append(c.Rows, w)
}
