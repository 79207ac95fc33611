package store_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"forge.lthn.ai/core/go-store/store"
)

// Each benchmark runs on the store and, for comparison, on the statements of the previous
// release. Compare the two with
//
//	go test -run '^$' -bench . -count 6 ./store | benchstat -col /by -

type contender interface {
	Set(group, key, value string) error
	Get(group, key string) (string, error)
	GetAll(group string) (map[string]string, error)
}

const benchKeys = 10_000

// compare runs a benchmark on both, each holding benchKeys keys.
func compare(b *testing.B, file bool, bench func(b *testing.B, c contender, keys []string)) {
	keys := make([]string, benchKeys)
	for i := range keys {
		keys[i] = fmt.Sprintf("key-%05d", i)
	}
	for _, by := range []string{"store", "previous"} {
		b.Run("by="+by, func(b *testing.B) {
			path := ":memory:"
			if file {
				path = newPath(b)
			}
			// Each fills its own file: the store would upgrade that of the other.
			var c contender
			if by == "store" {
				s := open(b, path)
				c = s
				fillBench(b, s, keys)
			} else {
				p := openPrevious(b, path)
				c = p
				execute(b, p.db, "BEGIN")
				fillBench(b, p, keys)
				execute(b, p.db, "COMMIT")
			}
			b.ReportAllocs()
			b.ResetTimer()
			bench(b, c, keys)
		})
	}
}

func fillBench(b *testing.B, c contender, keys []string) {
	b.Helper()
	if s, ok := c.(*store.Store); ok { // many at once share a commit
		var wg sync.WaitGroup
		for w := range 64 {
			wg.Go(func() {
				for i := w; i < len(keys); i += 64 {
					set(b, s, "g", keys[i], benchValue(i))
				}
			})
		}
		wg.Wait()
		return
	}
	for i, key := range keys {
		if err := c.Set("g", key, benchValue(i)); err != nil {
			b.Fatal(err)
		}
	}
}

// benchValue returns 100 bytes that differ for each i. SQLite does not write a row that is
// overwritten with the same bytes.
func benchValue(i int) string {
	n := strconv.Itoa(i)
	return n + benchFilling[len(n):]
}

var benchFilling = strings.Repeat(".", 100)

func benchSet(b *testing.B, c contender, keys []string) {
	for i := benchKeys; b.Loop(); i++ {
		if err := c.Set("g", keys[i%len(keys)], benchValue(i)); err != nil {
			b.Fatal(err)
		}
	}
}

func benchGet(b *testing.B, c contender, keys []string) {
	for i := 0; b.Loop(); i++ {
		if _, err := c.Get("g", keys[i%len(keys)]); err != nil {
			b.Fatal(err)
		}
	}
}

// benchGetRandom reads keys in random order, which neither the processor nor its caches
// can predict.
func benchGetRandom(b *testing.B, c contender, keys []string) {
	draw := rand.NewPCG(1, 2)
	for b.Loop() {
		if _, err := c.Get("g", keys[draw.Uint64()%benchKeys]); err != nil {
			b.Fatal(err)
		}
	}
}

func benchGetAll(b *testing.B, c contender, keys []string) {
	for b.Loop() {
		if all, err := c.GetAll("g"); err != nil || len(all) != len(keys) {
			b.Fatal(len(all), err)
		}
	}
}

func BenchmarkSet(b *testing.B)            { compare(b, false, benchSet) }
func BenchmarkGet(b *testing.B)            { compare(b, false, benchGet) }
func BenchmarkGetAll(b *testing.B)         { compare(b, false, benchGetAll) }
func BenchmarkSet_FileBacked(b *testing.B) { compare(b, true, benchSet) }
func BenchmarkGet_FileBacked(b *testing.B) { compare(b, true, benchGet) }
func BenchmarkGet_FileBacked_Random(b *testing.B) {
	compare(b, true, benchGetRandom)
}
func BenchmarkGetAll_FileBacked(b *testing.B) { compare(b, true, benchGetAll) }

// Sixteen goroutines read while one writes as fast as it can.
func BenchmarkGet_FileBacked_WhileWriting(b *testing.B) {
	compare(b, true, func(b *testing.B, c contender, keys []string) {
		var stop atomic.Bool
		var writes int
		var writer, readers sync.WaitGroup
		writing := make(chan struct{})
		writer.Go(func() {
			for i := benchKeys; !stop.Load(); i++ {
				if err := c.Set("g", keys[i%len(keys)], benchValue(i)); err != nil {
					b.Error(err)
					return
				}
				if writes++; writes == 1 {
					close(writing)
				}
			}
		})
		<-writing
		b.ResetTimer()
		var left atomic.Int64
		left.Store(int64(b.N))
		for r := range 16 {
			readers.Go(func() {
				for i := r * 601; left.Add(-1) >= 0; i++ {
					if _, err := c.Get("g", keys[i%len(keys)]); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		readers.Wait()
		b.StopTimer()
		stop.Store(true)
		writer.Wait()
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reads/s")
		b.ReportMetric(float64(writes)/b.Elapsed().Seconds(), "writes/s")
	})
}
