package store_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/store"
)

func TestScanOptions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		opts []store.ScanOption
		want string // keys, between commas
	}{
		{"none", nil, ",a,a\x00,aa,ab,b,ba,\xff,\xff\xff"},
		{"nil", []store.ScanOption{nil}, ",a,a\x00,aa,ab,b,ba,\xff,\xff\xff"},
		{"Reverse", []store.ScanOption{store.Reverse()}, "\xff\xff,\xff,ba,b,ab,aa,a\x00,a,"},
		{"Prefix", []store.ScanOption{store.Prefix("a")}, "a,a\x00,aa,ab"},
		{"empty Prefix", []store.ScanOption{store.Prefix("")}, ",a,a\x00,aa,ab,b,ba,\xff,\xff\xff"},
		{"Prefix of one", []store.ScanOption{store.Prefix("ab")}, "ab"},
		{"Prefix of none", []store.ScanOption{store.Prefix("abc")}, "none"},
		{"Prefix without a next one", []store.ScanOption{store.Prefix("\xff")}, "\xff,\xff\xff"},
		{"Prefix, in reverse", []store.ScanOption{store.Prefix("a"), store.Reverse()}, "ab,aa,a\x00,a"},
		{"From", []store.ScanOption{store.From("ab")}, "ab,b,ba,\xff,\xff\xff"},
		{"From between", []store.ScanOption{store.From("a\x01")}, "aa,ab,b,ba,\xff,\xff\xff"},
		{"To", []store.ScanOption{store.To("aa")}, ",a,a\x00"},
		{"To the first", []store.ScanOption{store.To("")}, "none"},
		{"From and To", []store.ScanOption{store.From("a"), store.To("b")}, "a,a\x00,aa,ab"},
		{"To before From", []store.ScanOption{store.From("b"), store.To("a")}, "none"},
		{"From the same To", []store.ScanOption{store.From("a"), store.To("a")}, "none"},
		{"From and To, in reverse", []store.ScanOption{store.From("a"), store.To("b"), store.Reverse()}, "ab,aa,a\x00,a"},
		{"After", []store.ScanOption{store.After("a")}, "a\x00,aa,ab,b,ba,\xff,\xff\xff"},
		{"After the empty key", []store.ScanOption{store.After("")}, "a,a\x00,aa,ab,b,ba,\xff,\xff\xff"},
		{"After the last", []store.ScanOption{store.After("\xff\xff")}, "none"},
		{"After, in reverse", []store.ScanOption{store.After("aa"), store.Reverse()}, "a\x00,a,"},
		{"After, said before Reverse", []store.ScanOption{store.Reverse(), store.After("aa")}, "a\x00,a,"},
		{"After the first, in reverse", []store.ScanOption{store.After(""), store.Reverse()}, "none"},
		{"After twice", []store.ScanOption{store.After("b"), store.After("a")}, "ba,\xff,\xff\xff"},
		{"After twice, in reverse", []store.ScanOption{store.After("a"), store.After("b"), store.Reverse()}, ""},
		{"After outside the Prefix", []store.ScanOption{store.Prefix("a"), store.After("b")}, "none"},
		{"After before the Prefix", []store.ScanOption{store.Prefix("b"), store.After("a")}, "b,ba"},
		{"Limit", []store.ScanOption{store.Limit(3)}, ",a,a\x00"},
		{"Limit 0", []store.ScanOption{store.Limit(0)}, "none"},
		{"no Limit", []store.ScanOption{store.Limit(-1)}, ",a,a\x00,aa,ab,b,ba,\xff,\xff\xff"},
		{"a Limit above all", []store.ScanOption{store.Limit(math.MaxInt)}, ",a,a\x00,aa,ab,b,ba,\xff,\xff\xff"},
		{"Limit, in reverse", []store.ScanOption{store.Limit(2), store.Reverse()}, "\xff\xff,\xff"},
		{"a page", []store.ScanOption{store.Prefix("a"), store.After("a\x00"), store.Limit(1)}, "aa"},
		{"two Prefixes", []store.ScanOption{store.Prefix("a"), store.Prefix("ab")}, "ab"},
		{"two Prefixes apart", []store.ScanOption{store.Prefix("a"), store.Prefix("b")}, "none"},
	}
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open()
		g := store.NewGroup[string](s, "group")
		for _, key := range strings.Split(",a,a\x00,aa,ab,b,ba,\xff,\xff\xff", ",") {
			set(t, s, "group", key, "value of "+key)
			set(t, s, key, "only", "")
			set(t, s, "grouq", key+"x", "another group's")
		}
		for _, test := range tests {
			want := strings.Split(test.want, ",")
			if test.want == "none" {
				want = nil
			}
			// Twice, since the sequence can be ranged over again.
			seq := g.All(background, test.opts...)
			for range 2 {
				var got []string
				for e, err := range seq {
					if err != nil || e.Value != "value of "+e.Key {
						t.Errorf("%s: %+v, %v", test.name, e, err)
					}
					got = append(got, e.Key)
				}
				if !slices.Equal(got, want) {
					t.Errorf("All, %s: %q, want %q", test.name, got, want)
				}
			}
		}
		for _, group := range []string{"group", "grouq"} {
			if err := s.DeleteGroup(group); err != nil {
				t.Fatal(err)
			}
		}
		for _, test := range tests {
			want := strings.Split(test.want, ",")
			if test.want == "none" {
				want = nil
			}
			seq := s.Groups(background, test.opts...)
			for range 2 {
				var got []string
				for g, err := range seq {
					if err != nil || g.Keys != 1 {
						t.Errorf("%s: %+v, %v", test.name, g, err)
					}
					got = append(got, g.Name)
				}
				if !slices.Equal(got, want) {
					t.Errorf("Groups, %s: %q, want %q", test.name, got, want)
				}
			}
		}
	})
}

// A prefix may end inside a character, and any byte may follow it.
func TestPrefixesAreBytes(t *testing.T) {
	t.Parallel()
	s := open(t, ":memory:")
	keys := []string{""}
	for _, b := range []byte{0, 1, 'a', 0x7e, 0x7f, 0x80, 0x81, 0xc2, 0xc3, 0xc4, 0xfd, 0xfe, 0xff} {
		for _, end := range []string{"", "\x00", "z", "\xfe", "\xff", "\xff\xff"} {
			keys = append(keys, string([]byte{b})+end)
		}
	}
	for _, key := range keys {
		set(t, s, "g", key, "v")
	}
	g := store.NewGroup[string](s, "g")
	for _, prefix := range keys {
		o := scanOptions{prefix: &prefix}
		if got, want := keysOf(t, g.All(background, o.options()...)), o.visits(keys); !slices.Equal(got, want) {
			t.Errorf("Prefix(%q): %q, want %q", prefix, got, want)
		}
	}
}

// manyKeys fill several pages.
const manyKeys = 1200

func fillKeys(t testing.TB, s *store.Store, group string) (keys []string) {
	t.Helper()
	fill(t, s, group, manyKeys, time.Hour)
	for i := range manyKeys {
		keys = append(keys, fmt.Sprintf("k%06d", i))
	}
	return keys
}

func TestAllInPages(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open(store.WithDurability(store.Normal))
		keys := fillKeys(t, s, "g")
		g := store.NewGroup[string](s, "g")
		tests := []struct {
			opts []store.ScanOption
			want []string
		}{
			{nil, keys},
			{[]store.ScanOption{store.Limit(16)}, keys[:16]}, // the first page, whole
			{[]store.ScanOption{store.Limit(17)}, keys[:17]},
			{[]store.ScanOption{store.Limit(1000)}, keys[:1000]},
			{[]store.ScanOption{store.After(keys[499]), store.Limit(600)}, keys[500:1100]},
		}
		for _, test := range tests {
			seq := g.All(background, test.opts...)
			for range 2 { // the sequence can be ranged over again
				if got := keysOf(t, seq); !slices.Equal(got, test.want) {
					t.Errorf("%d keys, want %d", len(got), len(test.want))
				}
			}
		}
		want := slices.Clone(keys)
		slices.Reverse(want)
		if got := keysOf(t, g.All(background, store.Reverse())); !slices.Equal(got, want) {
			t.Errorf("in reverse: %d keys, want %d", len(got), len(want))
		}
		for n := range 40 { // break after any number
			got := 0
			for range g.All(background) {
				if got++; got > n {
					break
				}
			}
			if got != n+1 {
				t.Errorf("broke after %d, not %d", got, n+1)
			}
		}
	})
}

// The body of the loop may write, also to the group itself. A key that exists throughout is
// visited once.
func TestAllWhileWriting(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open(store.WithDurability(store.Normal))
		const n = 200
		for i := range n {
			set(t, s, "g", fmt.Sprintf("k%06d", i), "v")
		}
		visits := map[string]int{}
		i := 0
		for e, err := range store.NewGroup[string](s, "g").All(background) {
			if err != nil {
				t.Fatal(err)
			}
			visits[e.Key]++
			set(t, s, "g", e.Key+"x", "added behind")
			set(t, s, "g", fmt.Sprintf("a%06d", i), "added before")
			set(t, s, "g", e.Key, "changed")
			i++
		}
		for i := range n {
			if key := fmt.Sprintf("k%06d", i); visits[key] != 1 {
				t.Errorf("%s was visited %d times", key, visits[key])
			}
		}
		for key, times := range visits {
			if times != 1 {
				t.Errorf("%s was visited %d times", key, times)
			}
		}
	})
}

// An open iteration does not make Close wait.
func TestAllHoldsNothing(t *testing.T) {
	t.Parallel()
	s := open(t, newPath(t))
	for i := range 100 {
		set(t, s, "g", fmt.Sprint(i), "v")
	}
	visited := 0
	var last error
	for _, err := range store.NewGroup[string](s, "g").All(background) {
		if visited++; visited == 1 {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		last = err
	}
	if !errors.Is(last, store.ErrClosed) {
		t.Errorf("%d keys visited, then %v; want ErrClosed", visited, last)
	}
}

func TestIterationsEndWithTheirContext(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open(store.WithDurability(store.Normal))
		for i := range 100 {
			set(t, s, "g", fmt.Sprint(i), "v")
			set(t, s, fmt.Sprint("g", i), "k", "v")
		}
		ctx, cancel := context.WithCancel(background)
		defer cancel()
		visited := 0
		var last error
		for _, err := range store.NewGroup[string](s, "g").All(ctx) {
			if visited++; visited == 3 {
				cancel()
			}
			last = err
		}
		if !errors.Is(last, context.Canceled) {
			t.Errorf("All: %d keys visited, then %v", visited, last)
		}
		for _, err := range s.Groups(ctx) {
			last = err
		}
		if !errors.Is(last, context.Canceled) {
			t.Errorf("Groups: %v", last)
		}
		if _, err := store.NewGroup[string](s, "g").Entry(ctx, "1"); !errors.Is(err, context.Canceled) {
			t.Errorf("Entry: %v", err)
		}
	})
}

// Pages grow, so that many keys need few of them, but stay small in bytes if values are
// large.
func TestPagesFitTheirRows(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]int{"small values": 10, "large values": 100_000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var asked []int64
			s, _ := openHooked(t, ":memory:", func(_ context.Context, method string, arg any) error {
				if method == "Scan" {
					mu.Lock()
					defer mu.Unlock()
					asked = append(asked, arg.(engine.ScanParams).MaxRows)
				}
				return nil
			})
			value := strings.Repeat("v", size)
			for i := range 400 {
				set(t, s, "g", fmt.Sprintf("%03d", i), value)
			}
			if n := len(keysOf(t, store.NewGroup[string](s, "g").All(background))); n != 400 {
				t.Fatalf("%d keys", n)
			}
			most := slices.Max(asked)
			switch {
			case size < 1000 && len(asked) > 6:
				t.Errorf("%d pages: %v", len(asked), asked)
			case size > 1000 && most*int64(size) > 4<<20:
				t.Errorf("a page of %d rows has %d bytes", most, most*int64(size))
			}
		})
	}
}
