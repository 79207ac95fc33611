package enginetest

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// names returns strings that are valid as groups, as keys and as values. All of them
// are different, because names are compared by their bytes.
func names() []string {
	return []string{
		"", " ", "a", "a ", " a", "A", "a\x00", "a\x00b", "\x00", "\x00\x00",
		"é", "e\u0301", "日本語", "مرحبا", "🙂", "\ufeff", "\u2028",
		"\xff", "\xff\xfe", "\xc0\x80", "\xed\xa0\x80", "a\xff", // not UTF-8
		"'; DROP TABLE kv; --", `"; DELETE FROM kv; --`, "' OR '1'='1", "$1", "?1", "@key", ":key", "%", "_", `\`,
		"\n", "\r\n", "\t", "1", "1.0", "01", "null", "NULL",
		strings.Repeat("k", 10_000), strings.Repeat("界", 10_000), strings.Repeat("\x00", 10_000),
	}
}

func (s suite) testNames(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	for _, name := range names() {
		put(t, e, name, "key", "v1", never)
		put(t, e, "group", name, "v2", never)
		put(t, e, "values", "key", name, never)
		holds(t, e, name, "key", "v1")
		holds(t, e, "group", name, "v2")
		holds(t, e, "values", "key", name)
		counts(t, e, name, 0, 1)
		equal(t, "rows", all(t, e, name, 0), map[string]string{"key": "v1"})

		rows, err := e.Scan(ctx, engine.ScanParams{Grp: "group", Low: name, MaxRows: 1})
		noError(t, err)
		equal(t, "rows", rows, []engine.Row{{Grp: "group", Key: name, Value: "v2"}})
		groups, err := e.Groups(ctx, engine.GroupsParams{Low: name, MaxRows: 1})
		noError(t, err)
		equal(t, "groups", groups, []engine.GroupsRow{{Grp: name, Live: 1}})

		removed(t, 1)(e.DeleteGroup(ctx, name))
		removed(t, 1)(e.Delete(ctx, engine.DeleteParams{Grp: "group", Key: name}))
		lacks(t, e, name, "key")
		lacks(t, e, "group", name)
	}
}

// testDistinctNames puts all names into one group. Each must be a key of its own, and
// they must be in the order of their bytes.
func (s suite) testDistinctNames(t *testing.T) {
	e := s.open(t)
	want := map[string]string{}
	for i, name := range names() {
		value := strings.Repeat("v", i)
		put(t, e, "g", name, value, never)
		want[name] = value
	}
	equal(t, "number of names", len(want), len(names()))
	equal(t, "rows", all(t, e, "g", 0), want)

	rows, err := e.Scan(t.Context(), engine.ScanParams{Grp: "g", MaxRows: 1000})
	noError(t, err)
	var got []string
	for _, row := range rows {
		got = append(got, row.Key)
	}
	inOrder := names()
	slices.Sort(inOrder)
	equal(t, "order", got, inOrder)
}

func (s suite) testLargeValue(t *testing.T) {
	e := s.open(t)
	value := make([]byte, 16<<20)
	rng := rand.NewChaCha8([32]byte{})
	rng.Read(value) // every byte occurs, NUL among them
	put(t, e, "g", "k", string(value), never)
	row, err := e.Get(t.Context(), engine.GetParams{Grp: "g", Key: "k"})
	noError(t, err)
	equal(t, "the value is unchanged", bytes.Equal([]byte(row.Value), value), true)
}

// testTooLarge writes a row that is larger than the limit of package store,
// 1,000,000,000 bytes for group, key and value together.
func (s suite) testTooLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a third of a gigabyte of memory")
	}
	e := s.open(t)
	third := strings.Repeat("x", 333_333_334)
	large := engine.SetParams{Grp: third, Key: third, Value: third}
	isError(t, e.Set(t.Context(), large), engine.ErrTooLarge)
	// The error does not end the transaction that the Set is part of.
	noError(t, e.Update(t.Context(), func(tx engine.Tx) error {
		put(t, tx, "g", "before", "v", never)
		isError(t, tx.Set(t.Context(), large), engine.ErrTooLarge)
		put(t, tx, "g", "after", "v", never)
		return nil
	}))
	equal(t, "rows", all(t, e, "g", 0), map[string]string{"before": "v", "after": "v"})
	groups, err := e.Groups(t.Context(), engine.GroupsParams{MaxRows: 10})
	noError(t, err)
	equal(t, "groups", groups, []engine.GroupsRow{{Grp: "g", Live: 2}})
}
