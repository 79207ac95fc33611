package enginetest

import (
	"fmt"
	"math"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// testExpiry reads rows whose expiry is close to now: a row is live if it has no
// expiry or if its expiry is after now.
func (s suite) testExpiry(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	const now = 1_700_000_000_000
	live := map[string]string{}
	for key, expires := range map[string]int64{
		"before": now - 1, "now": now, "after": now + 1,
		"epoch": 0, "past": -1, "least": math.MinInt64, "most": math.MaxInt64,
	} {
		put(t, e, "g", key, "v", at(expires))
		if expires > now {
			live[key] = "v"
		}
		row, err := e.Get(ctx, engine.GetParams{Grp: "g", Key: key})
		noError(t, err) // Get returns expired rows too
		equal(t, "row", row, engine.GetRow{Value: "v", ExpiresAt: at(expires)})
	}
	put(t, e, "g", "never", "v", never)
	live["never"] = "v"
	put(t, e, "dead", "k", "v", at(now))

	counts(t, e, "g", now, int64(len(live)))
	counts(t, e, "dead", now, 0)
	counts(t, e, "dead", now-1, 1)
	equal(t, "rows", all(t, e, "g", now), live)
	for _, reverse := range []bool{false, true} {
		for _, bounded := range []bool{false, true} {
			rows, err := e.Scan(ctx, engine.ScanParams{Grp: "g", High: "z", Bounded: bounded, Reverse: reverse, Now: now, MaxRows: 100})
			noError(t, err)
			got := map[string]string{}
			for _, row := range rows {
				got[row.Key] = row.Value
			}
			equal(t, "rows", got, live)
			groups, err := e.Groups(ctx, engine.GroupsParams{High: "z", Bounded: bounded, Reverse: reverse, Now: now, MaxRows: 100})
			noError(t, err)
			equal(t, "groups", groups, []engine.GroupsRow{{Grp: "g", Live: int64(len(live))}})
		}
	}
}

func (s suite) testDeleteExpired(t *testing.T) {
	e := s.open(t)
	arg := engine.DeleteExpiredParams{Grp: "g", Key: "k", Now: 100}
	removed(t, 0)(e.DeleteExpired(t.Context(), arg))
	put(t, e, "g", "other", "v", at(1))
	put(t, e, "other", "k", "v", at(1))
	// A row that has not expired at arg.Now stays.
	for _, expires := range []int64{101, math.MaxInt64} {
		put(t, e, "g", "k", "v", at(expires))
		removed(t, 0)(e.DeleteExpired(t.Context(), arg))
	}
	put(t, e, "g", "k", "v", never)
	removed(t, 0)(e.DeleteExpired(t.Context(), arg))
	holds(t, e, "g", "k", "v")
	for _, expires := range []int64{100, 99} {
		put(t, e, "g", "k", "v", at(expires))
		removed(t, 1)(e.DeleteExpired(t.Context(), arg))
		lacks(t, e, "g", "k")
	}
	holds(t, e, "g", "other", "v")
	holds(t, e, "other", "k", "v")
}

func (s suite) testPurge(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	const now = 100
	removed(t, 0)(e.PurgeExpired(ctx, engine.PurgeExpiredParams{Now: now, MaxRows: 10}))
	noError(t, e.Update(ctx, func(tx engine.Tx) error {
		for i := range int64(25) {
			put(t, tx, fmt.Sprint("g", i%3), fmt.Sprint("dead", i), "v", at(now-i))
			put(t, tx, fmt.Sprint("g", i%3), fmt.Sprint("live", i), "v", at(now+1+i))
			put(t, tx, fmt.Sprint("g", i%3), fmt.Sprint("ever", i), "v", never)
		}
		return nil
	}))
	for _, want := range []int64{10, 10, 5, 0} {
		removed(t, want)(e.PurgeExpired(ctx, engine.PurgeExpiredParams{Now: now, MaxRows: 10}))
	}
	removed(t, 0)(e.PurgeExpired(ctx, engine.PurgeExpiredParams{Now: now + 50, MaxRows: 0}))
	for i := range int64(25) {
		grp := fmt.Sprint("g", i%3)
		lacks(t, e, grp, fmt.Sprint("dead", i))
		holds(t, e, grp, fmt.Sprint("live", i), "v")
		holds(t, e, grp, fmt.Sprint("ever", i), "v")
	}
}
