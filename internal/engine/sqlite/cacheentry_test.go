package sqlite

import (
	"database/sql"
	"fmt"
	"math"
	"strings"
	"testing"
	"unsafe"

	"forge.lthn.ai/core/go-store/internal/dbgen/sqlitegen"
	"forge.lthn.ai/core/go-store/internal/engine"
)

// entryNames are pairs of names that an entry must not take for one another: the same
// bytes cut at another place, and lengths around those that fit into an entry.
func entryNames() [][2]string {
	all := [][2]string{{"", ""}, {"", "a"}, {"a", ""}, {"a", "b"}, {"ab", ""}, {"", "ab"}, {"b", "a"}, {"a\x00", "b"}, {"a", "\x00b"}}
	for _, n := range []int{shortNames - 1, shortNames, shortNames + 1, 255, 256, 300} {
		x := strings.Repeat("x", n)
		all = append(all, [2]string{x, ""}, [2]string{"", x}, [2]string{x[:n/2], x[n/2:]}, [2]string{x[:1], x[1:]})
	}
	return all
}

func TestCacheEntry_KnowsItsNames(t *testing.T) {
	row := engine.LookupRow{Value: "v", Revision: 7}
	expiring := engine.LookupRow{Value: "v", Revision: 7, ExpiresAt: sql.NullInt64{Int64: 5, Valid: true}}
	for _, of := range entryNames() {
		group := newGroupEntry(of[0], newGroupRows(nil, 0))
		for _, e := range []*cacheEntry{
			newRowEntry(of[0], of[1], row, true),
			newRowEntry(of[0], of[1], expiring, true),
			newRowEntry(of[0], of[1], engine.LookupRow{}, false),
		} {
			for _, n := range entryNames() {
				if got, want := e.ofRow(n[0], n[1]), n == of; got != want {
					t.Errorf("the entry of %q is that of %q: %v", of, n, got)
				}
				if e.ofGroup(n[0]) {
					t.Errorf("the entry of the row %q is that of the group %q", of, n[0])
				}
			}
			want := int64(entryOverhead + len(e.value))
			if n := len(of[0]) + len(of[1]); n > shortNames {
				want += moreOverhead + int64(n)
			} else if e.expiry().Valid {
				want += moreOverhead
			}
			if got := e.size(); got != want {
				t.Errorf("the entry of %q is %d bytes, said to be %d", of, got, want)
			}
		}
		for _, n := range entryNames() {
			if group.ofRow(n[0], n[1]) {
				t.Errorf("the entry of the group %q is that of the row %q", of[0], n)
			}
			if got, want := group.ofGroup(n[0]), n[0] == of[0]; got != want {
				t.Errorf("the entry of the group %q is that of the group %q: %v", of[0], n[0], got)
			}
		}
	}
}

func TestCacheEntry_HoldsItsRow(t *testing.T) {
	for _, of := range entryNames() {
		for _, at := range []sql.NullInt64{{}, {Int64: 0, Valid: true}, {Int64: math.MaxInt64, Valid: true}, {Int64: math.MinInt64, Valid: true}} {
			e := newRowEntry(of[0], of[1], engine.LookupRow{Value: "v", ExpiresAt: at, Revision: 7}, true)
			first := int64(math.MaxInt64)
			if at.Valid {
				first = at.Int64
			}
			if e.value != "v" || e.expiry() != at || e.revision != 7 || !e.found || e.firstExpiry() != first {
				t.Errorf("%q, %v: %+v, first %d", of, at, e, e.firstExpiry())
			}
		}
	}
}

// A word more would make every entry a third larger.
func TestCacheEntry_FillsASizeClass(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) == 8 && unsafe.Sizeof(cacheEntry{}) != 96 {
		t.Errorf("%d bytes", unsafe.Sizeof(cacheEntry{}))
	}
}

// Two rows whose keys in the cache are the same take each other's place, no more.
func TestCacheKeys_TellNamesApart(t *testing.T) {
	c := newCache(newMemoryIndex(), 1<<20)
	seen := map[cacheKey][2]string{}
	for _, n := range entryNames() {
		k := c.keys.row(n[0], n[1])
		if other, ok := seen[k]; ok {
			t.Errorf("%q and %q have one key", other, n)
		}
		seen[k] = n
	}
	// A collision, made by hand.
	k := c.keys.row("g", "k")
	e := newRowEntry("another", "row", engine.LookupRow{Value: "v"}, true)
	e.epoch = c.now.Load().number
	c.entries.Set(k, e)
	if c.lookup(k) != e {
		t.Fatal("the entry is not in the cache")
	}
	if got := c.row("g", "k"); got != nil {
		t.Errorf("took another row's entry: %+v", got)
	}
	other := newGroupEntry("another", newGroupRows(nil, 0))
	other.epoch = e.epoch
	for what, e := range map[string]*cacheEntry{"a row's": e, "another group's": other} {
		c.entries.Set(c.keys.group("g"), e)
		if got := c.group("g"); got != nil {
			t.Errorf("took %s entry for that of the group: %+v", what, got)
		}
	}
}

// What is too large for the cache is not kept, and what is kept is all weighed.
func TestCache_IsBounded(t *testing.T) {
	const bound = 1 << 20
	c := newCache(newMemoryIndex(), bound)
	h, _ := c.before()
	fits, large := strings.Repeat("v", bound/16-1000), strings.Repeat("v", bound/16)
	rows := func(value string) *groupRows {
		return newGroupRows([]sqlitegen.GetAllToKeepRow{{Key: "k", Value: value}}, 0)
	}
	c.fillRow("g", "fits", engine.LookupRow{Value: fits}, true, h)
	c.fillRow("g", "large", engine.LookupRow{Value: large}, true, h)
	c.fillRow("g", large, engine.LookupRow{}, false, h)
	c.fillGroup("fits", rows(fits), h)
	c.fillGroup("large", rows(large), h)
	if c.row("g", "fits") == nil || c.group("fits") == nil {
		t.Error("what fits is not kept")
	}
	if c.row("g", "large") != nil || c.row("g", large) != nil || c.group("large") != nil {
		t.Error("what is too large is kept")
	}
	if n := newGroupEntry("g", rows(fits)).size(); n < int64(len(fits)) {
		t.Errorf("a group of %d bytes weighs %d", len(fits), n)
	}
	for i := range 1000 {
		c.fillRow("g", fmt.Sprint(i), engine.LookupRow{Value: fits[:10_000]}, true, h)
	}
	if n := c.entries.WeightedSize(); n > bound || n < bound/2 {
		t.Errorf("the cache holds %d bytes of %d", n, bound)
	}
}

// Of a large string, a part of which was a name, nothing is kept.
func TestCacheEntry_KeepsNoName(t *testing.T) {
	long := strings.Repeat("x", shortNames+1)
	row, group := newRowEntry(long, long, engine.LookupRow{}, true), newGroupEntry(long, newGroupRows(nil, 0))
	for _, kept := range []string{row.more.grp, row.more.key, group.more.grp} {
		if kept != long || unsafe.StringData(kept) == unsafe.StringData(long) {
			t.Error("a name is kept as it was given")
		}
	}
}

// A group's rows are live from when they were read until the first of them expires.
func TestGroupRows_LiveAt(t *testing.T) {
	g := newGroupRows([]sqlitegen.GetAllToKeepRow{
		{Key: "a"}, {Key: "b", ExpiresAt: sql.NullInt64{Int64: 20, Valid: true}}, {Key: "c", ExpiresAt: sql.NullInt64{Int64: 30, Valid: true}},
	}, 10)
	for now, want := range map[int64]bool{9: false, 10: true, 19: true, 20: false, 30: false} {
		if g.liveAt(now) != want {
			t.Errorf("live at %d: %v", now, !want)
		}
	}
}
