package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// durable are options with which commits wait for the disk.
func durable() Options {
	opts := cached()
	opts.Relaxed = false
	return opts
}

// framesIn is how many frames the WAL's file has room for.
func framesIn(t *testing.T, e *Engine) int64 {
	t.Helper()
	return bytesOf(t, e.checkpointer.room.path) / e.checkpointer.room.frame
}

// more makes room as the checkpointer does.
func more(t *testing.T, e *Engine) error {
	t.Helper()
	return e.checkpointer.inTurn(t.Context(), func() error { return e.checkpointer.room.more(e.checkpointer.db, e.index) })
}

// filled opens a store that has made so many small commits, and no room by itself.
func filled(t *testing.T, path string, opts Options, commits int) *Engine {
	t.Helper()
	e := open(t, path, opts)
	e.checkpointer.cancel() // more is called by hand
	e.checkpointer.done.Wait()
	for i := range commits {
		set(t, e, "g", fmt.Sprint(i), "v")
	}
	return e
}

func checkFilled(t *testing.T, r engine.Reader, commits int) {
	t.Helper()
	all, err := r.GetAll(t.Context(), engine.GetAllParams{Grp: "g"})
	if err != nil || len(all) != commits {
		t.Errorf("%d rows, want %d: %v", len(all), commits, err)
	}
}

func TestWALRoom(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/kv.db"
	e := filled(t, path, durable(), roomFirst)
	get(t, e, "g", "0")
	before := framesIn(t, e)
	if err := more(t, e); err != nil {
		t.Fatal(err)
	}
	after := framesIn(t, e)
	if after < before+roomFrames-roomPages {
		t.Fatalf("the WAL has grown from %d frames to %d", before, after)
	}
	if e.cache.row("g", "0") == nil {
		t.Error("the cache was emptied")
	}
	// Nothing of it is in the database: not here, and not after a crash.
	checkFilled(t, e, roomFirst)
	crashed := filepath.Join(t.TempDir(), "kv.db")
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(crashed+suffix, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := open(t, crashed, options())
	checkFilled(t, c, roomFirst)
	var tables int
	if err := c.writer.conn.QueryRowContext(t.Context(),
		"SELECT COUNT(*) FROM sqlite_schema WHERE name = 'kv_room'").Scan(&tables); err != nil || tables != 0 {
		t.Errorf("the room is in the database: %d, %v", tables, err)
	}
	// The next commits fit.
	for i := range roomFrames / 2 {
		set(t, e, "g", fmt.Sprint(i), "w")
	}
	if n := framesIn(t, e); n != after {
		t.Errorf("the WAL has grown on to %d frames", n)
	}
	if err := more(t, e); err != nil || framesIn(t, e) <= after {
		t.Errorf("no more room: %d frames, %v", framesIn(t, e), err)
	}
	checkFilled(t, open(t, path, options()), roomFrames/2)
}

// A file of another page size has as many bytes of room at the most.
func TestWALRoom_PageSizes(t *testing.T) {
	t.Parallel()
	for size, want := range map[int64]int64{512: roomFrames, 1024: roomFrames, 4096: roomFrames, 65536: 16} {
		path := build(t, fmt.Sprintf("PRAGMA page_size = %d", size), preTTLTable)
		e := filled(t, path, durable(), roomFirst)
		if room := e.checkpointer.room; room.frame != size+walFrameHeader || room.step != want {
			t.Errorf("pages of %d bytes: %+v", size, room)
		}
		before := framesIn(t, e)
		if err := more(t, e); err != nil {
			t.Errorf("pages of %d bytes: %v", size, err)
		}
		if grown := framesIn(t, e) - before; grown < want-want/4 || grown > want+want/4 {
			t.Errorf("pages of %d bytes: %d frames longer", size, grown)
		}
		checkFilled(t, e, roomFirst)
	}
}

// Where the WAL is long already there is no need for room.
func TestWALRoom_OfAnOlderWAL(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/kv.db"
	e := filled(t, path, durable(), 2*roomFirst)
	if err := more(t, e); err != nil {
		t.Fatal(err)
	}
	room, long := e.checkpointer.room, framesIn(t, e)
	room.frames, room.end = 10, 0 // as if the WAL had begun anew
	if err := more(t, e); err != nil || framesIn(t, e) != long || room.end != long {
		t.Errorf("%d frames, known to be %d, were %d: %v", framesIn(t, e), room.end, long, err)
	}
}

// In a WAL that is copied to its end it would be at the beginning, and the cache would
// take that for somebody's commit.
func TestWALRoom_NotInACopiedWAL(t *testing.T) {
	t.Parallel()
	e := filled(t, t.TempDir()+"/kv.db", durable(), roomFirst)
	get(t, e, "g", "0")
	before := framesIn(t, e)
	if err := e.checkpointer.finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := more(t, e); err != nil || framesIn(t, e) != before {
		t.Errorf("%d frames, were %d: %v", framesIn(t, e), before, err)
	}
	if e.cache.row("g", "0") == nil {
		t.Error("the cache was emptied")
	}
	set(t, e, "g", "0", "w") // begins the WAL anew
	if e.checkpointer.room.end != 0 {
		t.Errorf("room for %d frames is taken for granted", e.checkpointer.room.end)
	}
}

// Writers would have to wait for a checkpoint that is under way.
func TestWALRoom_NotBesideACheckpoint(t *testing.T) {
	t.Parallel()
	e := filled(t, t.TempDir()+"/kv.db", durable(), roomFirst)
	before := framesIn(t, e)
	e.checkpointer.using.Lock()
	e.checkpointer.makeRoom(t.Context())
	e.checkpointer.using.Unlock()
	if n := framesIn(t, e); n != before {
		t.Errorf("%d frames, were %d", n, before)
	}
	e.checkpointer.makeRoom(t.Context())
	if n := framesIn(t, e); n <= before {
		t.Errorf("%d frames, were %d", n, before)
	}
}

// A WAL that somebody has cut is made longer again.
func TestWALRoom_OfAShortenedWAL(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/kv.db"
	e := filled(t, path, durable(), roomFirst)
	if err := more(t, e); err != nil {
		t.Fatal(err)
	}
	other := open(t, path, options())
	if _, err := other.writer.conn.ExecContext(t.Context(), "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
	if n := framesIn(t, e); n != 0 {
		t.Fatalf("the WAL has %d frames", n)
	}
	for i := range 2 * roomFirst {
		set(t, e, "g", fmt.Sprint(i%roomFirst), fmt.Sprint("again", i))
	}
	select {
	case <-e.checkpointer.room.wanted:
	default:
		t.Error("no room is wanted")
	}
	before := framesIn(t, e)
	if err := more(t, e); err != nil || framesIn(t, e) < before+roomFrames/2 {
		t.Errorf("%d frames, were %d: %v", framesIn(t, e), before, err)
	}
}

// It is asked for by small commits near the end of what is there.
func TestWALRoom_Wanted(t *testing.T) {
	asked := func(r *walRoom, frames int64) bool {
		r.committed(frames)
		select {
		case <-r.wanted:
			return true
		default:
			return false
		}
	}
	for name, tt := range map[string]struct {
		frames, next, end int64
		want              bool
	}{
		"too early":            {roomFirst - 2, roomFirst - 1, 0, false},
		"early":                {roomFirst - 1, roomFirst, 0, true},
		"room enough":          {roomFirst, roomFirst + 1, roomFirst + 1 + roomFrames/roomAhead, false},
		"room that runs short": {roomFirst, roomFirst + 1, roomFirst + roomFrames/roomAhead, true},
		"a large commit":       {roomFirst, roomFirst + smallCommit + 1, 0, false},
		"about to begin anew":  {checkpointFrames, checkpointFrames + 1, 0, false},
		"begun anew":           {900, roomFirst, 0, false},
		"nothing written":      {900, 900, 0, false},
	} {
		r := &walRoom{frames: tt.frames, end: tt.end, step: roomFrames, wanted: make(chan struct{}, 1)}
		if got := asked(r, tt.next); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	r := &walRoom{step: roomFrames, wanted: make(chan struct{}, 1)}
	for i := range int64(roomFirst + 5) { // nobody makes it: asking does not block
		r.committed(i)
	}
	var none *walRoom
	none.committed(roomFirst)
}

// It is made while commits go on, without anybody's doing.
func TestWALRoom_MadeInTheBackground(t *testing.T) {
	t.Parallel()
	e := open(t, t.TempDir()+"/kv.db", durable())
	for i := 0; ; i++ {
		set(t, e, "g", fmt.Sprint(i), "v")
		h, ok := e.index.load()
		if ok && framesIn(t, e) > int64(h.frames())+roomFrames/2 {
			return
		}
		if i == checkpointFrames {
			t.Fatal("no room was made")
		}
	}
}

func TestWALRoom_NotWhereCommitsDoNotWait(t *testing.T) {
	t.Parallel()
	opts := durable()
	opts.Relaxed = true
	if e := open(t, t.TempDir()+"/kv.db", opts); e.checkpointer.room != nil {
		t.Error("there is room")
	}
}

// Whatever of it fails, the write lock is free afterwards, and nothing is tried again
// at once.
func TestWALRoom_Faults(t *testing.T) {
	t.Parallel()
	for _, failing := range []string{sqlBegin, sqlRoomTable, sqlRoom, sqlRollback} {
		t.Run(strings.Fields(failing)[0], func(t *testing.T) {
			t.Parallel()
			path := t.TempDir() + "/kv.db"
			var tp tap
			e := filled(t, path, tp.on(durable()), roomFirst)
			hook := func(_ *tapConn, _ action, statement string) error {
				if statement == failing {
					return errFault
				}
				return nil
			}
			tp.hook.Store(&hook)
			err := more(t, e)
			tp.hook.Store(nil)
			if err == nil {
				t.Error("no error")
			}
			if failing != sqlRollback && !errors.Is(err, errFault) {
				t.Errorf("the error is %v", err)
			}
			if room := e.checkpointer.room; room.end != room.frames+roomFrames {
				t.Errorf("it is tried again at frame %d of %d", room.end, room.frames)
			}
			set(t, e, "g", "0", "after")
			other := open(t, path, options())
			set(t, other, "g", "1", "another's")
			checkFilled(t, e, roomFirst)
			if err := more(t, e); err != nil {
				t.Errorf("the next time: %v", err)
			}
		})
	}
}
