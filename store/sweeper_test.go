package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/store"
)

// purger is an engine that does nothing but purge. It does no I/O, so that a test can let
// time pass with synctest.
type purger struct {
	engine.Engine
	purge func(ctx context.Context, arg engine.PurgeExpiredParams) (int64, error)
}

func (p purger) PurgeExpired(ctx context.Context, arg engine.PurgeExpiredParams) (int64, error) {
	return p.purge(ctx, arg)
}

func (purger) Close() error { return nil }

func TestBackgroundPurgeRunsAtItsInterval(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		opts     []store.Option
		interval time.Duration // 0: never
	}{
		{"default", nil, 60 * time.Second},
		{"shorter", []store.Option{store.WithPurgeInterval(time.Second)}, time.Second},
		{"longer", []store.Option{store.WithPurgeInterval(time.Hour)}, time.Hour},
		{"off", []store.Option{store.WithPurgeInterval(0)}, 0},
		{"read-only", []store.Option{store.WithReadOnly(), store.WithPurgeInterval(time.Second)}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var purges []time.Time
				s, err := store.NewOn(purger{purge: func(_ context.Context, arg engine.PurgeExpiredParams) (int64, error) {
					if now := time.Now().UnixMilli(); arg.Now != now {
						t.Errorf("purges what was expired at %d, and it is %d", arg.Now, now)
					}
					purges = append(purges, time.Now())
					return 0, nil
				}}, test.opts...)
				if err != nil {
					t.Fatal(err)
				}
				opened := time.Now()
				wait := test.interval
				if wait == 0 {
					wait = 24 * time.Hour
				}
				time.Sleep(10*wait + wait/2) // of the bubble's time
				synctest.Wait()
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				if test.interval == 0 {
					if len(purges) > 0 {
						t.Errorf("purged at %v", purges)
					}
					return
				}
				if n := int((10*wait + wait/2) / test.interval); len(purges) != n {
					t.Fatalf("%d purges, want %d", len(purges), n)
				}
				for i, at := range purges {
					if want := opened.Add(time.Duration(i+1) * test.interval); !at.Equal(want) {
						t.Fatalf("purge %d at %v, want %v", i, at, want)
					}
				}
				time.Sleep(10 * wait)
				if n := len(purges); n != int((10*wait+wait/2)/test.interval) {
					t.Error("purges after Close")
				}
			})
		})
	}
}

func TestBackgroundPurgeLogsItsErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err  error
		want bool // a line in the log
	}{
		{nil, false},
		{errors.New("no luck"), true},
		{store.ErrBusy, true},
		{store.ErrClosed, false}, // the store is being closed: nothing is wrong
		{context.Canceled, false},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.err), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				purges := 0
				s, err := store.NewOn(purger{purge: func(context.Context, engine.PurgeExpiredParams) (int64, error) {
					purges++
					return 0, test.err
				}}, store.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(3*time.Minute + 1)
				synctest.Wait()
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				if purges != 3 {
					t.Errorf("%d purges, want 3: an error is no reason to stop", purges)
				}
				want := 0
				if test.want {
					want = 3
				}
				if n := strings.Count(log.String(), "level=ERROR"); n != want {
					t.Errorf("%d lines in the log, want %d:\n%s", n, want, &log)
				}
				if test.want && !strings.Contains(log.String(), test.err.Error()) {
					t.Errorf("the log does not say %q:\n%s", test.err, &log)
				}
			})
		})
	}
}

func TestFailedRemovalIsLogged(t *testing.T) {
	t.Parallel()
	now := newClock()
	log := newLineWriter()
	s, _ := openHooked(t, ":memory:", func(_ context.Context, method string, _ any) error {
		if method == "DeleteExpired" {
			return errors.New("no luck")
		}
		return nil
	}, now.option(), store.WithPurgeInterval(0), store.WithLogger(slog.New(slog.NewTextHandler(log, nil))))
	if err := s.SetWithTTL("g", "k", "v", time.Second); err != nil {
		t.Fatal(err)
	}
	now.advance(time.Second)
	wantAbsent(t, s, "g", "k")
	line := receive(t, "a line in the log", log.lines)
	if !strings.Contains(line, "level=ERROR") || !strings.Contains(line, "no luck") {
		t.Errorf("log: %s", line)
	}
	wantAbsent(t, s, "g", "k") // in spite of the failure
}

// lineWriter sends each line that is written to a channel.
type lineWriter struct{ lines chan string }

func newLineWriter() lineWriter { return lineWriter{make(chan string, 100)} }

func (w lineWriter) Write(p []byte) (int, error) {
	w.lines <- string(p)
	return len(p), nil
}

// Close ends a background purge that is in progress and waits for something.
func TestCloseDuringABackgroundPurge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended := false
		s, err := store.NewOn(purger{purge: func(ctx context.Context, _ engine.PurgeExpiredParams) (int64, error) {
			<-ctx.Done() // as a purge does that waits for another process
			ended = true
			return 0, ctx.Err()
		}})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait() // the purge is in progress
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
				if !ended {
					t.Error("Close did not wait for the purge to end")
				}
			})
		}
		wg.Wait()
	})
}

// Close ends a background purge of a file that another connection has locked.
func TestCloseDuringABackgroundPurgeOfALockedFile(t *testing.T) {
	t.Parallel()
	path, now := newPath(t), newClock()
	purging := make(chan struct{}, 1)
	s, _ := openHooked(t, path, func(_ context.Context, method string, _ any) error {
		if method == "PurgeExpired" {
			select {
			case purging <- struct{}{}:
			default:
			}
		}
		return nil
	}, now.option(), store.WithPurgeInterval(time.Millisecond))
	db := raw(t, path)
	execute(t, db, "BEGIN IMMEDIATE")
	select { // one from before the lock
	case <-purging:
	default:
	}
	receive(t, "a purge begins", purging)
	began := time.Now()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("Close took %v, which is about the engine's busy timeout", took)
	}
	execute(t, db, "COMMIT")
}

func TestBackgroundPurgeRemovesRows(t *testing.T) {
	t.Parallel()
	path, now := newPath(t), newClock()
	s := open(t, path, now.option(), store.WithPurgeInterval(time.Millisecond))
	for i := range 50 {
		if err := s.SetWithTTL(fmt.Sprint("g", i%3), fmt.Sprint(i), "v", time.Second); err != nil {
			t.Fatal(err)
		}
	}
	set(t, s, "g0", "live", "v")
	if err := s.SetWithTTL("g1", "live", "v", time.Second+1); err != nil {
		t.Fatal(err)
	}
	now.advance(time.Second)
	db := raw(t, path)
	await(t, "the rows are removed", func() bool { return number(t, db, "SELECT COUNT(*) FROM kv") == 2 })
	wantValue(t, s, "g0", "live", "v")
	wantValue(t, s, "g1", "live", "v")
}
