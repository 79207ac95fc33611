package sqlite

import (
	"math"

	"forge.lthn.ai/core/go-store/internal/dbgen/sqlitegen"
)

// groupRows are the live rows of a group, for all times from read to until.
type groupRows struct {
	rows  []sqlitegen.GetAllToKeepRow
	bytes int
	read  int64 // when they were read
	until int64 // the first of them expires
}

func newGroupRows(rows []sqlitegen.GetAllToKeepRow, now int64) *groupRows {
	g := &groupRows{rows: rows, read: now, until: math.MaxInt64}
	for _, r := range rows {
		g.bytes += len(r.Key) + len(r.Value) + groupRowOverhead
		if r.ExpiresAt.Valid {
			g.until = min(g.until, r.ExpiresAt.Int64)
		}
	}
	return g
}

// groupRowOverhead is about what a row costs beside the bytes of its strings: its
// place in a slice that has grown, and what the strings are rounded up to.
const groupRowOverhead = 72

// liveAt says whether these are the group's live rows at that time.
func (g *groupRows) liveAt(now int64) bool { return g.read <= now && now < g.until }

// values are the rows as the caller of GetAll gets them.
func (g *groupRows) values() map[string]string {
	all := make(map[string]string, len(g.rows))
	for i := range g.rows {
		all[g.rows[i].Key] = g.rows[i].Value
	}
	return all
}
