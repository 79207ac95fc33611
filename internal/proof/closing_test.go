package proof

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

// Close waits for the calls in progress. When the last store of a file has closed, the
// -wal and -shm files are gone. Each concurrent call returns its result or ErrClosed.
func TestCloseUnderLoad(t *testing.T) {
	t.Parallel()
	calls := map[string]func(s *store.Store, i int) error{
		"Get": func(s *store.Store, i int) error {
			_, err := s.Get("g", strconv.Itoa(i%100))
			return err
		},
		"GetAll": func(s *store.Store, _ int) error {
			_, err := s.GetAll("g")
			return err
		},
		"Set": func(s *store.Store, i int) error {
			return s.Set("g", strconv.Itoa(i%100), strings.Repeat("v", i%4000))
		},
		"PurgeExpired": func(s *store.Store, i int) error {
			err := s.SetWithTTL("gone", strconv.Itoa(i), "v", time.Nanosecond)
			if err == nil {
				_, err = s.PurgeExpired()
			}
			return err
		},
		"Compact": func(s *store.Store, _ int) error { return s.Compact(context.Background()) },
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := newPath(t)
			for range rounds(t, 5, 300) {
				closeUnderLoad(t, path, call)
				if t.Failed() {
					return
				}
			}
		})
	}
}

func closeUnderLoad(t *testing.T, path string, call func(s *store.Store, i int) error) {
	var log reports
	// Without a cache, every read uses a connection.
	s, err := store.New(path, patient(), store.WithDurability(store.Normal), store.WithLogger(slog.New(&log)), store.WithCacheSize(0))
	if err != nil {
		t.Fatal(err)
	}
	const callers = 8
	var begun, all sync.WaitGroup
	begun.Add(callers)
	for g := range callers {
		all.Go(func() {
			for i := g; ; i++ {
				err := call(s, i)
				if i == g {
					begun.Done()
				}
				if errors.Is(err, store.ErrClosed) {
					return
				}
				if err != nil && !errors.Is(err, store.ErrNotFound) {
					t.Errorf("a call during Close: %v", err)
					return
				}
			}
		})
	}
	begun.Wait()
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	for _, side := range []string{"-wal", "-shm"} {
		if _, err := os.Stat(path + side); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("after Close there is still a file %s: %v", side, err)
		}
	}
	all.Wait()
	log.wantNone(t)
}

// reports collects what a store logs.
type reports struct {
	mu   sync.Mutex
	text []string
}

func (r *reports) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }
func (r *reports) WithAttrs([]slog.Attr) slog.Handler               { return r }
func (r *reports) WithGroup(string) slog.Handler                    { return r }

func (r *reports) Handle(_ context.Context, record slog.Record) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	text := record.Message
	record.Attrs(func(a slog.Attr) bool {
		text += fmt.Sprintf(" %s=%v", a.Key, a.Value)
		return true
	})
	r.text = append(r.text, text)
	return nil
}

func (r *reports) wantNone(t testing.TB) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, text := range r.text {
		t.Errorf("the store reported: %s", text)
	}
}
