package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"forge.lthn.ai/core/go-store/store"
)

// oddStrings are groups, keys and values that have broken stores.
var oddStrings = []string{
	"", " ", "a", "A", "a ", "aa",
	"\x00", "a\x00", "a\x00b", "\x00\x00",
	"\xff", "\xff\xff", "a\xffb", "\xc3", "\xed\xa0\x80", "\xf8\x88\x80\x80\x80",
	"日本語", "مرحبا", "ünïcode", "u\u0308", "\u00fc", "👩‍👩‍👧", "\ufeff", "\u202e",
	"\n", "a\r\nb", "\t", "\x1b[2J",
	"%", "_", "*", "?", "[a-z]", "\\",
	"'", "\"", "`", "''", "';", "'; DROP TABLE kv; --", `" OR ""="`, "x' OR '1'='1", "/* */", "?1", "@grp", ":key", "$1",
	"1", "01", "1.0", "1e0", "NULL", "true", "x'00'",
	"group/key", "../..", "{{.key}}",
	strings.Repeat("k", 10_000), strings.Repeat("é", 10_000), strings.Repeat("\x00", 10_000),
}

func TestAnyBytes(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open(store.WithDurability(store.Normal))
		// Each string is used in each place, all at once. No name may match another.
		want := map[string]map[string]string{}
		for i, group := range oddStrings {
			want[group] = map[string]string{}
			for j := range 5 {
				// Five keys in each group, so that every string is a key somewhere.
				key := oddStrings[(i*5+j)%len(oddStrings)]
				value := oddStrings[(i+j)%len(oddStrings)]
				want[group][key] = value
				set(t, s, group, key, value)
			}
		}
		for group, keys := range want {
			wantAll(t, s, group, keys)
			wantCount(t, s, group, len(keys))
			for key, value := range keys {
				wantValue(t, s, group, key, value)
			}
		}
		for group, keys := range want {
			for key := range keys {
				if err := s.Delete(group, key); err != nil {
					t.Fatal(err)
				}
				wantAbsent(t, s, group, key)
				delete(keys, key)
				wantAll(t, s, group, keys)
				break
			}
		}
		for group := range want {
			if err := s.DeleteGroup(group); err != nil {
				t.Fatal(err)
			}
			delete(want, group)
			for other, keys := range want {
				wantCount(t, s, other, len(keys))
			}
			if len(want) < len(oddStrings)-3 {
				break // three groups show it
			}
		}
	})
}

// Every odd string is a key of its own, also under the database's collation.
func TestNamesAreDistinct(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open(store.WithDurability(store.Normal))
		want := map[string]string{}
		for i, key := range oddStrings {
			want[key] = fmt.Sprint(i)
			set(t, s, "g", key, want[key])
		}
		wantAll(t, s, "g", want)
	})
}

func TestLargeValues(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open()
		random := rand.NewChaCha8([32]byte{1})
		for _, size := range []int{1 << 10, 1<<16 - 1, 1 << 20, 16 << 20} {
			b := make([]byte, size)
			_, _ = random.Read(b) // never fails
			value := string(b)
			set(t, s, "g", "large", value)
			wantValue(t, s, "g", "large", value)
			wantAll(t, s, "g", map[string]string{"large": value})
		}
		set(t, s, "g", "large", "small")
		wantValue(t, s, "g", "large", "small")
	})
}

// huge is a string that exceeds the limit by itself. Untouched memory costs nothing and
// is all zero. There is one for all tests, for machines with 32-bit addresses.
var huge = sync.OnceValue(func() string {
	zeros := make([]byte, 1_000_000_001)
	return unsafe.String(&zeros[0], len(zeros))
})

func TestTooLarge(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open()
		set(t, s, "g", "k", "kept")
		huge := huge()
		tests := []struct{ name, group, key, value string }{
			{"value", "g", "k", huge},
			{"key", "g", huge, "v"},
			{"group", huge, "k", "v"},
			{"all together", huge[:400_000_000], huge[:300_000_000], huge[:300_000_000]},
		}
		for _, test := range tests {
			for verb, err := range map[string]error{
				"Set":        s.Set(test.group, test.key, test.value),
				"SetWithTTL": s.SetWithTTL(test.group, test.key, test.value, 1<<40),
			} {
				if !errors.Is(err, store.ErrTooLarge) {
					t.Errorf("%s, %s: %v, want ErrTooLarge", verb, test.name, err)
				} else if n := len(err.Error()); n > 4096 {
					t.Errorf("%s, %s: the error's text has %d bytes", verb, test.name, n)
				}
			}
		}
		wantAll(t, s, "g", map[string]string{"k": "kept"})
	})
}
