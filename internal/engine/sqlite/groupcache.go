package sqlite

import (
	"math"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// groupRows are the live rows of a group, for all times from read to until.
type groupRows struct {
	rows  []engine.GetAllRow
	bytes int
	read  int64 // when they were read
	until int64 // the first of them expires
}

func newGroupRows(rows []engine.GetAllRow, now int64) *groupRows {
	g := &groupRows{rows: rows, read: now, until: math.MaxInt64}
	for _, r := range rows {
		g.bytes += len(r.Key) + len(r.Value) + groupRowOverhead
		if r.ExpiresAt.Valid {
			g.until = min(g.until, r.ExpiresAt.Int64)
		}
	}
	return g
}

// groupRowOverhead is the size of an engine.GetAllRow without its strings.
const groupRowOverhead = 48

// liveAt says whether these are the group's live rows at that time.
func (g *groupRows) liveAt(now int64) bool { return g.read <= now && now < g.until }
