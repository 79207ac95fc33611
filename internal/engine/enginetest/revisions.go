package enginetest

import (
	"fmt"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// revision returns the revision of a row.
func revision(t *testing.T, r engine.Reader, grp, key string) int64 {
	t.Helper()
	row, err := r.Lookup(t.Context(), engine.GetParams{Grp: grp, Key: key})
	noError(t, err)
	return row.Revision
}

// testRevision checks that Set gives a row the revision of its parameters, or the old
// row's revision plus one if that is higher.
func (s suite) testRevision(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	_, err := e.Lookup(ctx, engine.GetParams{Grp: "g", Key: "k"})
	isError(t, err, engine.ErrNotFound)
	for _, step := range []struct{ set, want int64 }{
		{100, 100}, {101, 101}, {500, 500}, {500, 501}, {3, 502}, {0, 503}, {504, 504},
	} {
		noError(t, e.Set(ctx, engine.SetParams{Grp: "g", Key: "k", Value: fmt.Sprint(step), Revision: step.set}))
		equal(t, "revision", revision(t, e, "g", "k"), step.want)
		// This one may come from a cache.
		equal(t, "revision", revision(t, e, "g", "k"), step.want)
		noError(t, e.View(ctx, func(r engine.Reader) error {
			equal(t, "revision in a view", revision(t, r, "g", "k"), step.want)
			return nil
		}))
	}
	// A Set of the same value is a write too.
	row, err := e.Lookup(ctx, engine.GetParams{Grp: "g", Key: "k"})
	noError(t, err)
	noError(t, e.Set(ctx, engine.SetParams{Grp: "g", Key: "k", Value: row.Value, Revision: 1}))
	equal(t, "revision", revision(t, e, "g", "k"), 505)
	// A row that is written after a Delete has a higher revision too.
	removed(t, 1)(e.Delete(ctx, engine.DeleteParams{Grp: "g", Key: "k"}))
	noError(t, e.Set(ctx, engine.SetParams{Grp: "g", Key: "k", Revision: 600}))
	equal(t, "revision", revision(t, e, "g", "k"), 600)
}

func (s suite) testSetExpiry(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	noError(t, e.Set(ctx, engine.SetParams{Grp: "g", Key: "k", Value: "v", Revision: 7}))
	put(t, e, "g", "other", "v", never)
	for i, expires := range []int64{5, 9} {
		noError(t, e.Update(ctx, func(tx engine.Tx) error {
			removed(t, 0)(tx.SetExpiry(ctx, engine.SetExpiryParams{Grp: "g", Key: "none", ExpiresAt: at(5), Revision: 1}))
			arg := engine.SetExpiryParams{Grp: "g", Key: "k", ExpiresAt: at(expires), Revision: int64(8 + i)}
			removed(t, 1)(tx.SetExpiry(ctx, arg)) // the number of rows changed
			return nil
		}))
		row, err := e.Lookup(ctx, engine.GetParams{Grp: "g", Key: "k"})
		noError(t, err)
		equal(t, "row", row, engine.GetRow{Value: "v", ExpiresAt: at(expires), Revision: int64(8 + i)})
		counts(t, e, "g", expires-1, 2)
		counts(t, e, "g", expires, 1)
	}
	noError(t, e.Update(ctx, func(tx engine.Tx) error {
		removed(t, 1)(tx.SetExpiry(ctx, engine.SetExpiryParams{Grp: "g", Key: "k", ExpiresAt: never, Revision: 20}))
		return nil
	}))
	counts(t, e, "g", 1<<60, 2)
}

// testRevisions pages through the rows of a group, expired or not, without values.
func (s suite) testRevisions(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	var want []engine.RevisionsRow
	for i := range int64(7) {
		key := fmt.Sprint("k", i)
		row := engine.RevisionsRow{Key: key, Revision: 10 + i}
		if i%2 == 0 {
			row.ExpiresAt = at(i)
		}
		noError(t, e.Set(ctx, engine.SetParams{Grp: "g", Key: key, Value: "v", ExpiresAt: row.ExpiresAt, Revision: row.Revision}))
		noError(t, e.Set(ctx, engine.SetParams{Grp: "g2", Key: key, Value: "v", Revision: 1}))
		want = append(want, row)
	}
	for low := range len(want) {
		for _, most := range []int{0, 1, 3, 100} {
			got, err := e.Revisions(ctx, engine.RevisionsParams{Grp: "g", Low: want[low].Key, MaxRows: int64(most)})
			noError(t, err)
			equal(t, "rows", append([]engine.RevisionsRow{}, got...), append([]engine.RevisionsRow{}, want[low:min(len(want), low+most)]...))
		}
	}
	got, err := e.Revisions(ctx, engine.RevisionsParams{Grp: "none", MaxRows: 9})
	noError(t, err)
	equal(t, "number of rows", len(got), 0)
}

// testCountParts counts parts of a group.
func (s suite) testCountParts(t *testing.T) {
	e := s.filled(t)
	for _, grp := range []string{"", "b", "b4"} {
		for _, low := range bounds {
			for _, high := range bounds {
				for _, bounded := range []bool{false, true} {
					want := int64(0)
					for _, row := range model() {
						live := !row.ExpiresAt.By(pagesNow)
						if live && row.Grp == grp && row.Key >= low && (!bounded || row.Key < high) {
							want++
						}
					}
					arg := engine.CountParams{Grp: grp, Low: low, High: high, Bounded: bounded, Now: pagesNow}
					n, err := e.Count(t.Context(), arg)
					noError(t, err)
					equal(t, fmt.Sprintf("%+v", arg), n, want)
				}
			}
		}
	}
}

func (s suite) testPurgeRange(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	for _, grp := range []string{"a", "b", "b:1", "b:2", "c"} {
		put(t, e, grp, "dead", "v", at(5))
		put(t, e, grp, "live", "v", at(6))
		put(t, e, grp, "ever", "v", never)
	}
	noError(t, e.Update(ctx, func(tx engine.Tx) error {
		removed(t, 0)(tx.PurgeRange(ctx, engine.PurgeRangeParams{Low: "b", High: "c", Now: 4}))
		removed(t, 3)(tx.PurgeRange(ctx, engine.PurgeRangeParams{Low: "b", High: "c", Now: 5}))
		removed(t, 0)(tx.PurgeRange(ctx, engine.PurgeRangeParams{Low: "b", High: "c", Now: 5}))
		return nil
	}))
	for grp, want := range map[string]int64{"a": 3, "b": 2, "b:1": 2, "b:2": 2, "c": 3} {
		counts(t, e, grp, 0, want)
	}
}
