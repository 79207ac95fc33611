package sqlite

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// setMegabytes writes that many rows of one megabyte each.
func setMegabytes(t *testing.T, e engine.Engine, megabytes int) {
	t.Helper()
	for i := range megabytes {
		set(t, e, "g", fmt.Sprint(i), strings.Repeat("x", 1<<20))
	}
}

func bytesOf(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// TestCheckpoints writes many times the limit of the WAL. While a view is open, the WAL cannot
// be restarted. Otherwise checkpoints must keep it small.
func TestCheckpoints(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/kv.db"
	var tp tap
	e := open(t, path, tp.on(options()))
	checkpointed := make(chan string, 1000)
	hook := func(_ *tapConn, what action, statement string) error {
		if strings.Contains(statement, "wal_checkpoint") {
			select {
			case checkpointed <- statement:
			default:
			}
		}
		return nil
	}
	tp.hook.Store(&hook)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	next := func() string {
		select {
		case statement := <-checkpointed:
			return statement
		case <-ctx.Done():
			t.Fatal("no checkpoint came within a minute")
			return ""
		}
	}
	setMegabytes(t, e, 5)
	next() // without a call that asks for it
	if err := e.View(t.Context(), func(r engine.Reader) error {
		get(t, r, "g", "0")
		setMegabytes(t, e, 17)
		for next() != conn.SQLCheckpointRestart { // the one that blocks writers
			set(t, e, "g", "k", "v")
		}
		get(t, r, "g", "0")
		return nil
	}); err != nil {
		t.Error(err)
	}
	setMegabytes(t, e, 17)
	setMegabytes(t, e, 17)
	if err := e.checkpointer.finish(t.Context()); err != nil {
		t.Error(err)
	}
	set(t, e, "g", "k", "v") // restarts the WAL
	if n := bytesOf(t, path+"-wal"); n > 32<<20 {
		t.Errorf("the WAL has %d bytes after 56 MB were written", n)
	}
	if n := bytesOf(t, path); n < 10<<20 {
		t.Errorf("the file has %d bytes", n)
	}
}

// TestReclaim deletes nearly all rows of a new file and checks that Reclaim makes it smaller.
func TestReclaim(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/kv.db"
	e := open(t, path, options())
	set(t, e, "kept", "k", "v")
	setMegabytes(t, e, 6)
	if _, err := e.DeleteGroup(t.Context(), "g"); err != nil {
		t.Fatal(err)
	}
	if err := e.Reclaim(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := bytesOf(t, path); n > 3<<20 {
		t.Errorf("the file has %d bytes after all but one row were deleted", n)
	}
	get(t, e, "kept", "k")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if e.Reclaim(ctx) == nil || e.Compact(ctx) == nil {
		t.Error("a cancelled call returned no error")
	}
}

// TestCompact deletes nearly all rows of an old file, which has no auto-vacuum. Compact must
// make it smaller, and Reclaim must work from then on.
func TestCompact(t *testing.T) {
	t.Parallel()
	path := fixture(t, preTTL)
	e := open(t, path, options())
	for range 2 {
		setMegabytes(t, e, 6)
		if _, err := e.DeleteGroup(t.Context(), "g"); err != nil {
			t.Fatal(err)
		}
		if err := e.Reclaim(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := e.Compact(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := bytesOf(t, path); n > 1<<20 {
			t.Errorf("the file has %d bytes", n)
		}
		checkFixture(t, e, preTTL)
	}
	setMegabytes(t, e, 6)
	if _, err := e.DeleteGroup(t.Context(), "g"); err != nil {
		t.Fatal(err)
	}
	if err := e.Reclaim(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := bytesOf(t, path); n > 3<<20 {
		t.Errorf("the file has %d bytes, but Reclaim must make it smaller after Compact", n)
	}
}
