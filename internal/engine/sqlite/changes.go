package sqlite

import "forge.lthn.ai/core/go-store/internal/engine"

// changes are what a transaction did to rows, for the cache and for those who
// watch.
type changes struct {
	rows []engine.Change
	all  bool // rows changed that are not listed
	// purged says that rows which had expired by then were removed; 0: none.
	purged int64
	// silent says that the file was changed, but no row.
	silent bool
	// detailed asks for every row to be listed, with its revision.
	detailed bool
}

// manyChanges is how many rows of one transaction the cache takes over; more
// than these cost it more than they are worth.
const manyChanges = 1024

func (c *changes) reset(detailed bool) {
	clear(c.rows)
	*c = changes{rows: c.rows[:0], detailed: detailed}
}

// wrote says whether the transaction has changed the file, as far as is known
// here. One that has not leaves no trace in it, not even in the header.
func (c *changes) wrote() bool { return len(c.rows) > 0 || c.all || c.purged != 0 || c.silent }

func (c *changes) add(w engine.Change) {
	if len(c.rows) >= manyChanges {
		c.all = true
		if !c.detailed {
			return
		}
	}
	c.rows = append(c.rows, w)
}
