package rowcache

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"unsafe"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/walindex"
)

// entryNames returns pairs of names that an entry must tell apart: the same bytes divided
// at different places, and lengths around the limit of an entry.
func entryNames() [][2]string {
	all := [][2]string{{"", ""}, {"", "a"}, {"a", ""}, {"a", "b"}, {"ab", ""}, {"", "ab"}, {"b", "a"}, {"a\x00", "b"}, {"a", "\x00b"}}
	for _, n := range []int{shortNames - 1, shortNames, shortNames + 1, 255, 256, 300} {
		x := strings.Repeat("x", n)
		all = append(all, [2]string{x, ""}, [2]string{"", x}, [2]string{x[:n/2], x[n/2:]}, [2]string{x[:1], x[1:]})
	}
	return all
}

func TestEntry_KnowsItsNames(t *testing.T) {
	row := engine.GetRow{Value: "v", Revision: 7}
	expiring := engine.GetRow{Value: "v", Revision: 7, ExpiresAt: 5}
	for _, of := range entryNames() {
		group := newGroupEntry(of[0], NewGroup(nil, 0))
		for _, e := range []*Entry{
			newRowEntry(of[0], of[1], row, true),
			newRowEntry(of[0], of[1], expiring, true),
			newRowEntry(of[0], of[1], engine.GetRow{}, false),
		} {
			for _, n := range entryNames() {
				if got, want := e.ofRow(n[0], n[1]), n == of; got != want {
					t.Errorf("the entry of %q claims to be that of %q: %v", of, n, got)
				}
				if e.ofGroup(n[0]) {
					t.Errorf("the entry of the row %q claims to be that of the group %q", of, n[0])
				}
			}
			want := int64(entryOverhead + len(e.value))
			if n := len(of[0]) + len(of[1]); n > shortNames {
				want += moreOverhead + int64(n)
			} else if e.Expiry() != engine.Never {
				want += moreOverhead
			}
			if got := e.size(); got != want {
				t.Errorf("the size of the entry of %q is %d, want %d", of, got, want)
			}
		}
		for _, n := range entryNames() {
			if group.ofRow(n[0], n[1]) {
				t.Errorf("the entry of the group %q claims to be that of the row %q", of[0], n)
			}
			if got, want := group.ofGroup(n[0]), n[0] == of[0]; got != want {
				t.Errorf("the entry of the group %q claims to be that of the group %q: %v", of[0], n[0], got)
			}
		}
	}
}

func TestEntry_HoldsItsRow(t *testing.T) {
	for _, of := range entryNames() {
		for _, at := range []engine.Expiry{engine.Never, -1, math.MaxInt64, math.MinInt64} {
			e := newRowEntry(of[0], of[1], engine.GetRow{Value: "v", ExpiresAt: at, Revision: 7}, true)
			first := int64(math.MaxInt64)
			if at != engine.Never {
				first = int64(at)
			}
			if e.value != "v" || e.Expiry() != at || e.revision != 7 || !e.found || e.firstExpiry() != first {
				t.Errorf("%q, %v: %+v, first %d", of, at, e, e.firstExpiry())
			}
		}
	}
}

// TestEntry_FillsASizeClass checks the size of an entry: one more word would make every
// entry a third larger.
func TestEntry_FillsASizeClass(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) == 8 && unsafe.Sizeof(Entry{}) != 96 {
		t.Errorf("%d bytes", unsafe.Sizeof(Entry{}))
	}
}

// TestKeys_TellNamesApart checks that names have different hashes, and that a lookup does
// not return an entry of other names with the same hash.
func TestKeys_TellNamesApart(t *testing.T) {
	c := New(walindex.NewMemory(), 1<<20)
	seen := map[entryKey][2]string{}
	for _, n := range entryNames() {
		k := c.keys.row(n[0], n[1])
		if other, ok := seen[k]; ok {
			t.Errorf("%q and %q have the same hash", other, n)
		}
		seen[k] = n
	}
	// An artificial collision.
	k := c.keys.row("g", "k")
	e := newRowEntry("another", "row", engine.GetRow{Value: "v"}, true)
	e.epoch = c.now.Load().number
	c.entries.Set(k, e)
	if c.lookup(k) != e {
		t.Fatal("the entry is not in the cache")
	}
	if got := c.Row("g", "k"); got != nil {
		t.Errorf("the lookup returned another row's entry: %+v", got)
	}
	other := newGroupEntry("another", NewGroup(nil, 0))
	other.epoch = e.epoch
	for what, e := range map[string]*Entry{"a row's": e, "another group's": other} {
		c.entries.Set(c.keys.group("g"), e)
		if got := c.Group("g"); got != nil {
			t.Errorf("the lookup of the group returned %s entry: %+v", what, got)
		}
	}
}

// TestCache_IsBounded checks that entries that are too large are not kept, and that the
// cache holds no more than its limit.
func TestCache_IsBounded(t *testing.T) {
	const bound = 1 << 20
	c := New(walindex.NewMemory(), bound)
	h, _ := c.Before()
	fits, large := strings.Repeat("v", bound/16-1000), strings.Repeat("v", bound/16)
	rows := func(value string) *Group {
		return NewGroup([]GroupRow{{Key: "k", Value: value}}, 0)
	}
	c.FillRow("g", "fits", engine.GetRow{Value: fits}, true, h)
	c.FillRow("g", "large", engine.GetRow{Value: large}, true, h)
	c.FillRow("g", large, engine.GetRow{}, false, h)
	c.FillGroup("fits", rows(fits), h)
	c.FillGroup("large", rows(large), h)
	if c.Row("g", "fits") == nil || c.Group("fits") == nil {
		t.Error("an entry below the limit is not kept")
	}
	if c.Row("g", "large") != nil || c.Row("g", large) != nil || c.Group("large") != nil {
		t.Error("an entry above the limit is kept")
	}
	if n := newGroupEntry("g", rows(fits)).size(); n < int64(len(fits)) {
		t.Errorf("the size of a group of %d bytes is %d", len(fits), n)
	}
	for i := range 1000 {
		c.FillRow("g", fmt.Sprint(i), engine.GetRow{Value: fits[:10_000]}, true, h)
	}
	if n := c.entries.WeightedSize(); n > bound || n < bound/2 {
		t.Errorf("the cache holds %d bytes of %d", n, bound)
	}
}

// TestEntry_KeepsNoName checks that an entry copies its names, which may be parts of a
// large string.
func TestEntry_KeepsNoName(t *testing.T) {
	long := strings.Repeat("x", shortNames+1)
	row, group := newRowEntry(long, long, engine.GetRow{}, true), newGroupEntry(long, NewGroup(nil, 0))
	for _, kept := range []string{row.more.grp, row.more.key, group.more.grp} {
		if kept != long || unsafe.StringData(kept) == unsafe.StringData(long) {
			t.Error("a name is not a copy")
		}
	}
}

// TestGroup_LiveAt checks that a group is valid from the time of its read until the first
// row expires.
func TestGroup_LiveAt(t *testing.T) {
	g := NewGroup([]GroupRow{
		{Key: "a"}, {Key: "b", ExpiresAt: 20}, {Key: "c", ExpiresAt: 30},
	}, 10)
	for now, want := range map[int64]bool{9: false, 10: true, 19: true, 20: false, 30: false} {
		if g.LiveAt(now) != want {
			t.Errorf("live at %d: %v", now, !want)
		}
	}
}
