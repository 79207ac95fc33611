package sqlite

import "forge.lthn.ai/core/go-store/internal/engine"

// changes are what a transaction did to rows, for the cache.
type changes struct {
	rows   []change
	all    bool  // rows changed that are not listed
	purged int64 // rows that had expired by then were removed; 0: none
}

// change is a row after a write; found is false if it was deleted.
type change struct {
	grp, key string
	found    bool
	row      engine.GetRow
}

// manyChanges is how many rows of one transaction the cache takes over; more
// than these cost it more than they are worth.
const manyChanges = 1024

func (c *changes) reset() {
	clear(c.rows)
	*c = changes{rows: c.rows[:0]}
}

// wrote says whether the transaction has changed the file, as far as is known
// here. One that has not leaves no trace in it, not even in the header.
func (c *changes) wrote() bool { return len(c.rows) > 0 || c.all || c.purged != 0 }

func (c *changes) set(arg engine.SetParams) {
	c.add(change{
		grp: arg.Grp, key: arg.Key, found: true,
		row: engine.GetRow{Value: arg.Value, ExpiresAt: arg.ExpiresAt},
	})
}

func (c *changes) deleted(grp, key string) { c.add(change{grp: grp, key: key}) }

func (c *changes) add(w change) {
	if len(c.rows) == manyChanges {
		c.all = true
	}
	if !c.all {
		c.rows = append(c.rows, w)
	}
}
