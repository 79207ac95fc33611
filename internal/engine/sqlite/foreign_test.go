package sqlite

import (
	"log/slog"
	"os"
	"strings"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// foreignFeed is a feed on whose channel a test waits for the commit of another process.
type foreignFeed struct{ received chan struct{} }

func newForeignFeed() foreignFeed { return foreignFeed{make(chan struct{}, 1)} }

func (f foreignFeed) Committed([]engine.Change) {}

func (f foreignFeed) Foreign() {
	select {
	case f.received <- struct{}{}:
	default:
	}
}

func nothing(engine.Reader) error { return nil }

// TestForeign subscribes to a file that another connection writes: as a writer and as a
// reader, with and without a mapped index.
func TestForeign(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		mode string
		opts Options
	}{
		"writer":              {"WAL", options()},
		"reader":              {"WAL", reading()},
		"reader, without WAL": {"DELETE", reading()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := fixture(t, ttl)
			stop(t, start(t, path, options())) // upgraded
			alter(t, path, "PRAGMA journal_mode = "+test.mode)
			e := open(t, path, test.opts)
			feed, second := newForeignFeed(), newForeignFeed()
			cancel, err := e.Subscribe(t.Context(), feed, nothing)
			if err != nil {
				t.Fatal(err)
			}
			cancelSecond, err := e.Subscribe(t.Context(), second, nothing)
			if err != nil {
				t.Fatal(err)
			}
			for range 3 {
				select { // a notice of the commits before
				case <-feed.received:
				default:
				}
				alter(t, path, "UPDATE kv SET value = value || '.' WHERE grp = 'config'")
				<-feed.received
			}
			<-second.received
			cancel()
			cancelSecond()
			cancelSecond() // twice is fine
		})
	}
}

// TestCloseSubscribed closes a store that has a subscription.
func TestCloseSubscribed(t *testing.T) {
	t.Parallel()
	path := fixture(t, ttl)
	stop(t, start(t, path, options())) // upgraded
	alter(t, path, "PRAGMA journal_mode = DELETE")
	for path, opts := range map[string]Options{t.TempDir() + "/kv.db": options(), conn.Memory: options(), path: reading()} {
		e := start(t, path, opts)
		cancel, err := e.Subscribe(t.Context(), newForeignFeed(), nothing)
		if err != nil {
			t.Fatal(err)
		}
		stop(t, e)
		cancel()
		if _, err := e.Subscribe(t.Context(), newForeignFeed(), nothing); err == nil {
			t.Errorf("%s: subscribed to a closed store", path)
		}
	}
}

// TestFileReplaced deletes a file that a store has open and creates another one at its path.
// A store on the new file must not use the mapped index of the old one.
func TestFileReplaced(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/kv.db"
	e := open(t, path, cached())
	set(t, e, "g", "k", "first")
	get(t, e, "g", "k")
	for _, side := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + side); err != nil {
			t.Fatal(err)
		}
	}
	other := open(t, path, cached())
	set(t, other, "g", "k", "second")
	for range 3 {
		if v := get(t, other, "g", "k"); v != "second" {
			t.Errorf("the new file's store reads %q", v)
		}
		set(t, other, "g", "k", "second")
		// This may fail, because the file of the first store is deleted.
		_ = e.Set(t.Context(), engine.SetParams{Grp: "g", Key: "k", Value: "first"})
	}
}

// TestCheckpointReported checks that a failed checkpoint is logged, because no caller waits
// for it.
func TestCheckpointReported(t *testing.T) {
	t.Parallel()
	var tp tap
	opts := tp.on(options())
	logged := make(chan string, 1)
	opts.Logger = slog.New(slog.NewTextHandler(lines(func(line string) {
		if !strings.Contains(line, "level=ERROR") {
			return
		}
		select {
		case logged <- line:
		default:
		}
	}), nil))
	e := open(t, t.TempDir()+"/kv.db", opts)
	hook := func(_ *tapConn, _ action, statement string) error {
		if strings.Contains(statement, "wal_checkpoint") {
			return errFault
		}
		return nil
	}
	tp.hook.Store(&hook)
	defer tp.hook.Store(nil)
	setMegabytes(t, e, 5)
	if line := <-logged; !strings.Contains(line, errFault.Error()) {
		t.Errorf("the log has %s", line)
	}
	if err := e.Reclaim(t.Context()); err == nil {
		t.Error("Reclaim returned no error, but its checkpoint failed")
	}
}

type lines func(string)

func (l lines) Write(p []byte) (int, error) {
	l(string(p))
	return len(p), nil
}
