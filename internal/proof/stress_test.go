package proof

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

// counter is a key that one goroutine increases.
type counter struct {
	begun, acknowledged atomic.Int64
}

// Two stores of one process share a file, and a third one opens and closes it all the time,
// which must not drop the locks of the others. A reader sees no value older than one that
// was acknowledged before its read began, no value that was not written yet, and no value
// older than one that it has seen.
func TestStoresOfOneProcess(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	stores := []*store.Store{
		open(t, path, store.WithDurability(store.Normal), store.WithPurgeInterval(10*time.Millisecond)),
		open(t, path, store.WithDurability(store.Normal), store.WithPurgeInterval(10*time.Millisecond)),
	}
	const writers = 4
	counters := make([]counter, writers)
	for i := range counters {
		set(t, stores[0], "g", strconv.Itoa(i), "0")
	}
	var stop atomic.Bool
	var all sync.WaitGroup
	work := func(what string, fn func(i int) error) {
		all.Go(func() {
			for i := 0; !stop.Load(); i++ {
				if err := fn(i); err != nil {
					t.Errorf("%s: %v", what, err)
					stop.Store(true)
				}
			}
		})
	}
	for i := range counters {
		work("count", func(n int) error { return counters[i].count(stores[n%2], i) })
	}
	for _, s := range stores {
		for range 3 {
			seen := make([]int64, writers)
			work("read", func(n int) error { return counters[n%writers].check(s, n%writers, seen) })
		}
		seen := make([]int64, writers)
		work("read all", func(int) error { return checkAll(s, counters, seen) })
	}
	work("open and close", func(int) error {
		s, err := store.New(path, patient())
		if err != nil {
			return err
		}
		return s.Close()
	})
	time.AfterFunc(span(t, 3*time.Second), func() { stop.Store(true) })
	all.Wait()
	total := int64(0)
	for i := range counters {
		total += counters[i].acknowledged.Load()
		wantValue(t, stores[i%2], "g", strconv.Itoa(i), strconv.FormatInt(counters[i].acknowledged.Load(), 10))
	}
	t.Logf("%d writes", total)
}

// count increases the key by one. Only one goroutine does so for each key. From time to
// time it also sets or deletes another key, which may be absent.
func (c *counter) count(s *store.Store, key int) error {
	n := c.begun.Add(1)
	if n%5 == 0 {
		if err := s.Delete("other", strconv.Itoa(key)); err != nil {
			return err
		}
	}
	if n%7 == 0 {
		if err := s.SetWithTTL("other", strconv.Itoa(key), "v", time.Millisecond); err != nil {
			return err
		}
	}
	if err := s.Set("g", strconv.Itoa(key), strconv.FormatInt(n, 10)); err != nil {
		return err
	}
	c.acknowledged.Store(n)
	return nil
}

func (c *counter) check(s *store.Store, key int, seen []int64) error {
	least := max(c.acknowledged.Load(), seen[key])
	text, err := s.Get("g", strconv.Itoa(key))
	if err != nil {
		return err
	}
	return c.fits(text, least, &seen[key])
}

func (c *counter) fits(text string, least int64, seen *int64) error {
	n, err := strconv.ParseInt(text, 10, 64)
	if most := c.begun.Load(); err != nil || n < least || n > most {
		return fmt.Errorf("read %q after %d and before %d", text, least, most)
	}
	*seen = n
	return nil
}

func checkAll(s *store.Store, counters []counter, seen []int64) error {
	least := make([]int64, len(counters))
	for i := range counters {
		least[i] = max(counters[i].acknowledged.Load(), seen[i])
	}
	all, err := s.GetAll("g")
	if err != nil {
		return err
	}
	for i := range counters {
		if err := counters[i].fits(all[strconv.Itoa(i)], least[i], &seen[i]); err != nil {
			return err
		}
	}
	return nil
}
