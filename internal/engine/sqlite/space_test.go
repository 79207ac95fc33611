package sqlite

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// fillUp writes megabytes, one row each.
func fillUp(t *testing.T, e engine.Engine, megabytes int) {
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

// TestCheckpoints writes many times what the WAL may hold. A view that is open
// throughout keeps it from beginning anew, and nothing else does.
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
	fillUp(t, e, 5)
	<-checkpointed // it does come, with nobody asking for it
	if err := e.View(t.Context(), func(r engine.Reader) error {
		get(t, r, "g", "0")
		fillUp(t, e, 17)
		for <-checkpointed != conn.SQLCheckpointRestart { // writers are held up for it
			set(t, e, "g", "k", "v")
		}
		get(t, r, "g", "0")
		return nil
	}); err != nil {
		t.Error(err)
	}
	fillUp(t, e, 17)
	fillUp(t, e, 17)
	if err := e.checkpointer.finish(t.Context()); err != nil {
		t.Error(err)
	}
	set(t, e, "g", "k", "v") // begins the WAL anew
	if n := bytesOf(t, path+"-wal"); n > 32<<20 {
		t.Errorf("the WAL has %d bytes after 56 MB were written", n)
	}
	if n := bytesOf(t, path); n < 10<<20 {
		t.Errorf("the file has %d bytes", n)
	}
}

// TestReclaim deletes nearly all of a new file: it shrinks by itself.
func TestReclaim(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/kv.db"
	e := open(t, path, options())
	set(t, e, "kept", "k", "v")
	fillUp(t, e, 6)
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
		t.Error("a cancelled call did its work")
	}
}

// TestCompact deletes nearly all of a file that was not made to shrink. Compact
// makes it so.
func TestCompact(t *testing.T) {
	t.Parallel()
	path := fixture(t, preTTL)
	e := open(t, path, options())
	for range 2 {
		fillUp(t, e, 6)
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
	fillUp(t, e, 6)
	if _, err := e.DeleteGroup(t.Context(), "g"); err != nil {
		t.Fatal(err)
	}
	if err := e.Reclaim(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := bytesOf(t, path); n > 3<<20 {
		t.Errorf("the file has %d bytes, though it was made to shrink", n)
	}
}
