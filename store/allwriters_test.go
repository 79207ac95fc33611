package store_test

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"forge.lthn.ai/core/go-store/store"
)

// All and Count agree with a map in every place that a verb can work in.
func TestScansModel(t *testing.T) {
	t.Parallel()
	m := &model{} // for its generator of options
	onEachPlace(t, func(t *testing.T, p place, _ *clock) {
		run := 0
		rapid.Check(t, func(r *rapid.T) {
			run++
			group := fmt.Sprint(run)
			keys := rapid.MapOf(names, values).Draw(r, "rows")
			o := m.options(r)
			p.in(func(at store.Session) {
				g := store.NewGroup[string](at, group)
				if err := g.SetMany(background, keys); err != nil {
					r.Fatal(err)
				}
				want := o.visits(slices.Collect(maps.Keys(keys)))
				got := append([]string{}, keysOf(r, g.All(background, o.options()...))...)
				if !slices.Equal(got, want) {
					r.Errorf("All = %q, want %q", got, want)
				}
				if n, err := g.Count(background, o.options()...); err != nil || n != int64(len(want)) {
					r.Errorf("Count = %d, %v; want %d", n, err, len(want))
				}
				if n, err := g.Clear(background); err != nil || n != int64(len(keys)) {
					r.Errorf("Clear = %d, %v; want %d", n, err, len(keys))
				}
			})
		})
	})
}

// Keys that come and go during an iteration are visited at most once, and those
// that stay exactly once.
func TestAllAmongWriters(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open(store.WithDurability(store.Normal))
		g := store.NewGroup[int64](s, "g")
		stay := map[string]int64{}
		for i := range 2000 {
			stay[fmt.Sprintf("%05d", 2*i)] = 1
		}
		ok(t, g.SetMany(background, stay))
		stop := make(chan struct{})
		var writers sync.WaitGroup
		defer writers.Wait()
		defer close(stop)
		for w := range 4 {
			writers.Go(func() {
				for i := w; ; i += 7 {
					select {
					case <-stop:
						return
					default:
					}
					key := fmt.Sprintf("%05d", (2*i+1)%4000)
					if err := g.Set(background, key, 1); err != nil {
						t.Error(err)
					}
					if _, err := g.Delete(background, key); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for _, opts := range [][]store.ScanOption{nil, {store.Reverse()}} {
			for range 3 {
				visits := map[string]int{}
				for _, key := range keysOf(t, g.All(background, opts...)) {
					if visits[key]++; visits[key] > 1 {
						t.Fatalf("%s came twice", key)
					}
				}
				for key := range stay {
					if visits[key] != 1 {
						t.Fatalf("%s was missed", key)
					}
				}
			}
		}
	})
}

// An iteration holds one page in memory, however many keys there are.
func TestAllKeepsMemoryFlat(t *testing.T) {
	n := 1_000_000
	if testing.Short() || raceEnabled {
		n = 50_000
	}
	path := newPath(t)
	s := open(t, path)
	execute(t, raw(t, path), `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO kv (grp, key, value) SELECT 'g', printf('k%07d', i), 'value ' || i FROM n`, n)
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	visited, most := 0, uint64(0)
	for _, err := range store.NewGroup[string](s, "g").All(background) {
		ok(t, err)
		if visited++; visited%(n/20) == 0 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			most = max(most, now.HeapAlloc)
		}
	}
	if visited != n {
		t.Errorf("%d keys visited", visited)
	}
	if extra := int64(most) - int64(before.HeapAlloc); extra > 32<<20 {
		t.Errorf("%d bytes more than before", extra)
	}
}
