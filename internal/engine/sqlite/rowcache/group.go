package rowcache

import (
	"math"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// GroupRow is one row of a group.
type GroupRow struct {
	Key       string
	Value     string
	ExpiresAt engine.Expiry
}

// Group is the live rows of a group, for all times from read to until. It is
// immutable.
type Group struct {
	rows  []GroupRow
	bytes int
	read  int64 // when they were read
	until int64 // when the first of them expires
}

// NewGroup takes over rows that were live at now.
func NewGroup(rows []GroupRow, now int64) *Group {
	g := &Group{rows: rows, read: now, until: math.MaxInt64}
	for _, r := range rows {
		g.bytes += len(r.Key) + len(r.Value) + groupRowOverhead
		if r.ExpiresAt != engine.Never {
			g.until = min(g.until, int64(r.ExpiresAt))
		}
	}
	return g
}

// groupRowOverhead is about what a row costs beside the bytes of its strings: its
// place in a slice that has grown, and what the strings are rounded up to.
const groupRowOverhead = 72

// LiveAt reports whether these are the group's live rows at that time.
func (g *Group) LiveAt(now int64) bool { return g.read <= now && now < g.until }

// Values returns the rows as the caller of GetAll gets them, in a map of its own.
func (g *Group) Values() map[string]string {
	all := make(map[string]string, len(g.rows))
	for i := range g.rows {
		all[g.rows[i].Key] = g.rows[i].Value
	}
	return all
}
