package sqlite

import (
	"log/slog"
	"os"
	"strings"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// foreignFeed waits for the word that another process has committed.
type foreignFeed struct{ told chan struct{} }

func newForeignFeed() foreignFeed { return foreignFeed{make(chan struct{}, 1)} }

func (f foreignFeed) Committed([]engine.Change) {}

func (f foreignFeed) Foreign() {
	select {
	case f.told <- struct{}{}:
	default:
	}
}

func nothing(engine.Reader) error { return nil }

// TestForeign subscribes to a file that another connection writes: with a mapped
// index, without one, and as a reader.
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
				select { // what came of the commits before
				case <-feed.told:
				default:
				}
				alter(t, path, "UPDATE kv SET value = value || '.' WHERE grp = 'config'")
				<-feed.told
			}
			<-second.told
			cancel()
			cancelSecond()
			cancelSecond() // twice is fine
		})
	}
}

// TestCloseSubscribed closes a store under those who listen to it.
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

// TestFileReplaced deletes a file under a store that has it open, and puts another
// in its place. No more can be asked of the first store; the second must not be
// taken in by what is mapped of the first one's file.
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
		// It may well refuse to write to a file that has no name.
		_ = e.Set(t.Context(), engine.SetParams{Grp: "g", Key: "k", Value: "first"})
	}
}

// TestCheckpointReported has a checkpoint fail that nobody waits for.
func TestCheckpointReported(t *testing.T) {
	t.Parallel()
	var tp tap
	opts := tp.on(options())
	said := make(chan string, 1)
	opts.Logger = slog.New(slog.NewTextHandler(lines(func(line string) {
		if !strings.Contains(line, "level=ERROR") {
			return
		}
		select {
		case said <- line:
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
	fillUp(t, e, 5)
	if line := <-said; !strings.Contains(line, errFault.Error()) {
		t.Errorf("logged was %s", line)
	}
	if err := e.Reclaim(t.Context()); err == nil {
		t.Error("a failed checkpoint went unnoticed by who waited for it")
	}
}

type lines func(string)

func (l lines) Write(p []byte) (int, error) {
	l(string(p))
	return len(p), nil
}
