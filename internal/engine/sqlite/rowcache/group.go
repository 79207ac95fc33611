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

// Group has the live rows of a group, at every time from read to until. It is immutable.
type Group struct {
	rows  []GroupRow
	bytes int
	read  int64 // the time of the read
	until int64 // the expiry of the row that expires first
}

// NewGroup returns a group of rows that were live at now. It takes ownership of rows.
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

// groupRowOverhead is the approximate memory of a row without the bytes of its strings:
// its element in a slice with spare capacity, and the rounding of the strings' sizes.
const groupRowOverhead = 72

// LiveAt reports whether these are the group's live rows at that time.
func (g *Group) LiveAt(now int64) bool { return g.read <= now && now < g.until }

// Values returns the values by key, in a new map.
func (g *Group) Values() map[string]string {
	all := make(map[string]string, len(g.rows))
	for i := range g.rows {
		all[g.rows[i].Key] = g.rows[i].Value
	}
	return all
}
