package rowcache

import "forge.lthn.ai/core/go-store/internal/engine"

// Changes are the changes of one transaction, for the cache and for feeds.
type Changes struct {
	Rows []engine.Change
	All  bool // rows changed that are not in Rows
	// Purged is the time by which the purged rows had expired; 0: no purge.
	Purged int64
	// Silent reports that the transaction changed the file, but no rows.
	Silent bool
	// Detailed makes the transaction list every row, with its revision.
	Detailed bool
}

// manyChanges is the number of rows of one transaction that are listed for the cache.
// Replacing more entries would cost more than it saves.
const manyChanges = 1024

// Reset prepares c for the next transaction.
func (c *Changes) Reset(detailed bool) {
	clear(c.Rows)
	*c = Changes{Rows: c.Rows[:0], Detailed: detailed}
}

// Wrote reports whether the transaction changed the file. One that did not leaves the
// header as it was.
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
