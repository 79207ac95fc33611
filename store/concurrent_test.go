package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

// 64 goroutines use every verb at once. Each checks its own keys, and checks that values
// which all of them write are not mixed.
func TestGoroutines(t *testing.T) {
	t.Parallel()
	rounds := 16
	if testing.Short() {
		rounds = 6
	}
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open(store.WithPurgeInterval(20*time.Millisecond), store.WithDurability(store.Normal))
		var wg sync.WaitGroup
		for g := range 64 {
			wg.Go(func() {
				if err := useEveryVerb(s, "own"+strconv.Itoa(g), rounds); err != nil {
					t.Errorf("goroutine %d: %v", g, err)
				}
			})
		}
		wg.Wait()
		for g := range 64 {
			wantCount(t, s, "own"+strconv.Itoa(g), (rounds+1)/2)
		}
	})
}

func useEveryVerb(s *store.Store, own string, rounds int) error {
	for i := range rounds {
		key, value := strconv.Itoa(i), strings.Repeat(strconv.Itoa(i), 1+i%50)
		shared := "k" + strconv.Itoa(rand.IntN(10))
		if err := s.Set(own, key, value); err != nil {
			return err
		}
		if got, err := s.Get(own, key); err != nil || got != value {
			return fmt.Errorf("own key: %q, %w; want %q", got, err, value)
		}
		if err := s.SetWithTTL("shared", shared, strings.Repeat(own+";", 20), 2*time.Millisecond); err != nil {
			return err
		}
		got, err := s.Get("shared", shared)
		switch name, _, _ := strings.Cut(got, ";"); {
		case errors.Is(err, store.ErrNotFound): // it has expired, or another goroutine has deleted it
		case err != nil:
			return err
		case got != strings.Repeat(name+";", 20):
			return fmt.Errorf("a mixed value: %q", got)
		}
		if err := s.Delete("shared", "k"+strconv.Itoa(rand.IntN(10))); err != nil {
			return err
		}
		if i%2 == 1 {
			if err := s.Delete(own, key); err != nil {
				return err
			}
		}
		n, err := s.Count(own)
		if err != nil || n != i/2+1 {
			return fmt.Errorf("Count = %d, %w; want %d", n, err, i/2+1)
		}
		all, err := s.GetAll(own)
		if err != nil || len(all) != n {
			return fmt.Errorf("GetAll returned %d keys, %w; want %d", len(all), err, n)
		}
		if out, err := s.Render("{{len .}}", own); err != nil || out != strconv.Itoa(n) {
			return fmt.Errorf("Render = %q, %w", out, err)
		}
		switch i % 16 {
		case 7:
			if err := s.DeleteGroup("shared"); err != nil {
				return err
			}
		case 13:
			if _, err := s.PurgeExpired(); err != nil {
				return err
			}
		}
	}
	return nil
}

// GetAll reads one snapshot: of two keys that are only ever deleted together, with their
// group, it returns both or none.
func TestGetAllSeesOneMoment(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open(store.WithDurability(store.Normal))
		var stop atomic.Bool
		var wg sync.WaitGroup
		wg.Go(func() {
			defer stop.Store(true)
			for range 100 {
				for _, key := range []string{"first", "second"} {
					if err := s.Set("g", key, "v"); err != nil {
						t.Error(err)
						return
					}
				}
				if err := s.DeleteGroup("g"); err != nil {
					t.Error(err)
					return
				}
			}
		})
		for range 4 {
			wg.Go(func() {
				for !stop.Load() {
					all, err := s.GetAll("g")
					if err != nil {
						t.Error(err)
						return
					}
					// The first is written before the second.
					if _, ok := all["second"]; ok && len(all) != 2 {
						t.Errorf("GetAll = %q", all)
						return
					}
				}
			})
		}
		wg.Wait()
	})
}

// A Get that begins after a Set has returned returns that value or a later one.
func TestReadsAreNeverStale(t *testing.T) {
	t.Parallel()
	rounds := 500
	if testing.Short() {
		rounds = 100
	}
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open(store.WithDurability(store.Normal))
		set(t, s, "g", "k", "0")
		var written atomic.Int64
		var stop atomic.Bool
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				last := int64(0)
				for !stop.Load() {
					least := written.Load()
					got, err := s.Get("g", "k")
					if err != nil {
						t.Error(err)
						return
					}
					n, err := strconv.ParseInt(got, 10, 64)
					if err != nil || n < least || n < last {
						t.Errorf("read %q after %d was written and %d read", got, least, last)
						return
					}
					last = n
				}
			})
		}
		for i := range rounds {
			set(t, s, "g", "k", strconv.Itoa(i))
			written.Store(int64(i))
		}
		stop.Store(true)
		wg.Wait()
	})
}
