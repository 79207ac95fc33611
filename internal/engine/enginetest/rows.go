package enginetest

import (
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

func (s suite) testRows(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	lacks(t, e, "g", "k")

	put(t, e, "g", "k", "one", at(5))
	row, err := e.Lookup(ctx, engine.GetParams{Grp: "g", Key: "k"})
	noError(t, err)
	equal(t, "row", row, engine.GetRow{Value: "one", ExpiresAt: at(5)})

	put(t, e, "g", "k", "two", never) // the old row's expiry is removed
	row, err = e.Lookup(ctx, engine.GetParams{Grp: "g", Key: "k"})
	noError(t, err)
	equal(t, "row", row, engine.GetRow{Value: "two", Revision: 1}) // the old row's plus 1
	counts(t, e, "g", 0, 1)

	put(t, e, "g", "empty", "", never)
	holds(t, e, "g", "empty", "")
	equal(t, "rows", all(t, e, "g", 0), map[string]string{"k": "two", "empty": ""})

	removed(t, 1)(e.Delete(ctx, engine.DeleteParams{Grp: "g", Key: "k"}))
	removed(t, 0)(e.Delete(ctx, engine.DeleteParams{Grp: "g", Key: "k"}))
	lacks(t, e, "g", "k")
	holds(t, e, "g", "empty", "")
}

func (s suite) testGroupsAreSeparate(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	for _, g := range []string{"g", "g2", "", "G"} {
		put(t, e, g, "k", "of "+g, never)
		put(t, e, g, "expired", "x", at(5))
	}
	removed(t, 0)(e.DeleteGroup(ctx, "none"))
	removed(t, 2)(e.DeleteGroup(ctx, "g")) // the expired row too
	lacks(t, e, "g", "k")
	for _, g := range []string{"g2", "", "G"} {
		equal(t, "rows", all(t, e, g, 5), map[string]string{"k": "of " + g})
		counts(t, e, g, 4, 2)
	}
	counts(t, e, "g", 0, 0)
	equal(t, "rows", all(t, e, "g", 0), map[string]string{})
}

func (s suite) testReopen(t *testing.T) {
	name := "reopened"
	e := s.reopen(t, name)
	put(t, e, "g", "k", "v", never)
	put(t, e, "g", "expires", "v", at(5))
	noError(t, e.Update(t.Context(), func(tx engine.Tx) error {
		put(t, tx, "g", "in tx", "v", never)
		return nil
	}))
	for range 2 {
		noError(t, e.Close())
		e = s.reopen(t, name)
		equal(t, "rows", all(t, e, "g", 4), map[string]string{"k": "v", "expires": "v", "in tx": "v"})
		equal(t, "rows", all(t, e, "g", 5), map[string]string{"k": "v", "in tx": "v"})
	}
	noError(t, e.Close())
}
