package proof

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

// A commit that changes nothing leaves the file unchanged, so the next change that its
// process sees is another process's. A store that took that change for its own would keep
// stale values of the other's keys in its cache. Here one store writes all the time, while
// the other one deletes absent keys.
func TestCommitsThatChangeNothing(t *testing.T) {
	t.Parallel()
	for name, nothing := range map[string]func(s *store.Store) error{
		"delete": func(s *store.Store) error { return s.Delete("g", "absent") },
		"purge":  func(s *store.Store) error { _, err := s.PurgeExpired(); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changeNothing(t, nothing)
		})
	}
}

func changeNothing(t *testing.T, nothing func(s *store.Store) error) {
	path := newPath(t)
	writer := open(t, path, store.WithDurability(store.Normal))
	idle := open(t, path, store.WithDurability(store.Normal))
	var stop atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		for !stop.Load() {
			if err := nothing(idle); err != nil {
				t.Error(err)
				return
			}
		}
	})
	defer wg.Wait()
	defer stop.Store(true)
	for i, end := 0, time.Now().Add(span(t, time.Second)); time.Now().Before(end); i++ {
		value := strconv.Itoa(i)
		set(t, writer, "g", "k", value)
		wantValue(t, idle, "g", "k", value)
		if t.Failed() {
			return
		}
	}
}
