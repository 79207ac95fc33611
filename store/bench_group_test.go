package store_test

import (
	"fmt"
	"testing"

	"forge.lthn.ai/core/go-store/store"
)

// BenchmarkGroupGet compares Group[string].Get with Store.Get, for a key in the cache.
func BenchmarkGroupGet(b *testing.B) {
	s := open(b, newPath(b))
	set(b, s, "g", "k", "value")
	g := store.NewGroup[string](s, "g")
	b.Run("Store", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Get("g", "k"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Group", func(b *testing.B) {
		for b.Loop() {
			if _, err := g.Get(background, "k"); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkManyNewKeys writes new keys with one SetMany of 100,000, and one by one as the
// previous release did. It reports the time for one key.
func BenchmarkManyNewKeys(b *testing.B) {
	b.Run("SetMany", func(b *testing.B) {
		const many = 100_000
		n := 0
		for b.Loop() {
			b.StopTimer()
			s := open(b, newPath(b))
			rows := make(map[string]string, many)
			for i := range many {
				rows[fmt.Sprintf("k%06d", i)] = "value"
			}
			b.StartTimer()
			if err := store.NewGroup[string](s, "g").SetMany(background, rows); err != nil {
				b.Fatal(err)
			}
			n += many
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/key")
	})
	b.Run("previous", func(b *testing.B) {
		p := openPrevious(b, newPath(b))
		n := 0
		for b.Loop() {
			if err := p.Set("g", fmt.Sprintf("k%06d", n), "value"); err != nil {
				b.Fatal(err)
			}
			n++
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/key")
	})
}
