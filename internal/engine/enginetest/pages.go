package enginetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// bounds are ends of ranges. They are equal to names of the tests below, between them
// and beyond them.
var bounds = []string{"", "a", "a\x00", "b5", "c", "d\xff", "e", "\xff"}

var pageSizes = []int64{0, 1, 3, 100}

const pagesNow = 1000

// model returns the rows of a table, in order.
func model() []engine.Row {
	var rows []engine.Row
	for _, grp := range []string{"", "a", "b", "b4", "c", "d\xff", "é"} {
		for i, key := range []string{"", "\x00", "a", "a\x00", "a\x00\x00", "b", "b6", "c", "d", "d\xff", "d\xff\xff", "é", "\xff"} {
			row := engine.Row{Grp: grp, Key: key, Value: grp + "/" + key}
			switch (i + len(grp)) % 4 {
			case 0:
				row.ExpiresAt = at(pagesNow)
			case 1:
				row.ExpiresAt = at(pagesNow + 1)
			}
			if grp == "b4" {
				row.ExpiresAt = at(pagesNow) // a group whose keys have all expired
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// filled returns an engine that holds the rows of model.
func (s suite) filled(t *testing.T) engine.Engine {
	e := s.open(t)
	noError(t, e.Update(t.Context(), func(tx engine.Tx) error {
		for _, row := range model() {
			put(t, tx, row.Grp, row.Key, row.Value, row.ExpiresAt)
		}
		return nil
	}))
	return e
}

// page returns the rows that a query for that page must return, in its order.
func page[R any](rows []R, name func(R) string, low, high string, bounded, reverse bool, most int64) []R {
	page := []R{}
	for _, row := range rows {
		if n := name(row); n >= low && (!bounded || n < high) {
			page = append(page, row)
		}
	}
	slices.SortFunc(page, func(a, b R) int { return strings.Compare(name(a), name(b)) })
	if reverse {
		slices.Reverse(page)
	}
	return page[:min(int64(len(page)), most)]
}

// eachPage runs check for every combination of bounds, direction and size.
func eachPage(check func(low, high string, bounded, reverse bool, most int64)) {
	for _, low := range bounds {
		for _, high := range bounds {
			for _, most := range pageSizes {
				for _, reverse := range []bool{false, true} {
					check(low, high, true, reverse, most)
					if high == "" { // without Bounded, High must not matter
						check(low, high, false, reverse, most)
						check(low, "b", false, reverse, most)
					}
				}
			}
		}
	}
}

func (s suite) testScanPages(t *testing.T) {
	e := s.filled(t)
	for _, grp := range []string{"b", "b4"} {
		var live []engine.Row
		for _, row := range model() {
			if row.Grp == grp && !row.ExpiresAt.By(pagesNow) {
				live = append(live, row)
			}
		}
		eachPage(func(low, high string, bounded, reverse bool, most int64) {
			arg := engine.ScanParams{Grp: grp, Low: low, High: high, Bounded: bounded, Reverse: reverse, Now: pagesNow, MaxRows: most}
			got, err := e.Scan(t.Context(), arg)
			noError(t, err)
			want := page(live, func(r engine.Row) string { return r.Key }, low, high, bounded, reverse, most)
			equal(t, fmt.Sprintf("%+v", arg), got, want)
		})
	}
}

func (s suite) testGroupsPages(t *testing.T) {
	e := s.filled(t)
	live := map[string]int64{}
	for _, row := range model() {
		if !row.ExpiresAt.By(pagesNow) {
			live[row.Grp]++
		}
	}
	var groups []engine.GroupsRow
	for grp, n := range live {
		groups = append(groups, engine.GroupsRow{Grp: grp, Live: n})
	}
	eachPage(func(low, high string, bounded, reverse bool, most int64) {
		arg := engine.GroupsParams{Low: low, High: high, Bounded: bounded, Reverse: reverse, Now: pagesNow, MaxRows: most}
		got, err := e.Groups(t.Context(), arg)
		noError(t, err)
		want := page(groups, func(r engine.GroupsRow) string { return r.Grp }, low, high, bounded, reverse, most)
		equal(t, fmt.Sprintf("%+v", arg), got, want)
	})
}
