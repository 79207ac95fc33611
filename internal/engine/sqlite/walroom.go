package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"os"
)

// walRoom makes the file of a new WAL longer than what is in it, ahead of the
// commits that fill it.
//
// A commit beyond the end of a file costs more than one within: the file system has
// to write down the new length too, and waits for the disk once more. After a
// checkpoint SQLite writes over the WAL that it has, but until then, for the first
// thousand commits or so, each is beyond the end.
//
// SQLite itself makes the room: what a transaction changes beyond the page cache it
// writes to the WAL before the commit, and on a rollback leaves it there, for the
// next commits to write over.
//
// All of it happens in the writers' turn.
type walRoom struct {
	path   string // of the WAL
	frame  int64  // the size of a frame, in bytes
	step   int64  // the frames by which the file becomes longer at a time
	wanted chan struct{}

	frames int64 // in the WAL as of the last commit
	end    int64 // as many frames the file has room for, as far as is known
}

const (
	// roomFrames is how much longer the file becomes at a time, or less where pages
	// are large: at most roomBytes. Writers wait for it about as long as for ten
	// commits.
	roomFrames = 256
	roomBytes  = 1 << 20
	// roomFirst spares those who write little.
	roomFirst = 64
	// roomAhead is the share of it, 1/roomAhead, that is left when more is asked for.
	roomAhead = 16
	// smallCommit has few frames, so that waiting is most of what it costs.
	smallCommit = 8
	// roomPages is for how many pages the connection that makes the room has memory.
	roomPages = 8

	walFrameHeader = 24
)

// newWALRoom is for the WAL of the database at path.
func newWALRoom(ctx context.Context, conn *preparedConn, path string) (*walRoom, error) {
	var size int64
	if err := conn.QueryRowContext(ctx, sqlPageSize).Scan(&size); err != nil {
		return nil, translate(err)
	}
	return &walRoom{
		path:  path + "-wal",
		frame: size + walFrameHeader, step: min(roomFrames, roomBytes/size),
		wanted: make(chan struct{}, 1),
	}, nil
}

// committed asks for more room if a commit, which left so many frames in the WAL,
// came close to the end. It never blocks.
func (r *walRoom) committed(frames int64) {
	if r == nil {
		return
	}
	added := frames - r.frames
	r.frames = frames
	if added < 0 { // the WAL has begun anew, and its file may have been cut
		r.end = 0
	}
	small := 0 < added && added <= smallCommit
	if small && roomFirst <= frames && frames <= checkpointFrames && r.end < frames+r.step/roomAhead {
		ask(r.wanted)
	}
}

// more makes room, if there is none. Nothing depends on its success: there will be
// another attempt when the commits have come as far as it would have reached.
func (r *walRoom) more(db *sql.DB, index *walIndex) error {
	r.end = r.frames + r.step
	ctx := context.Background()
	conn, err := db.Conn(ctx)
	if err != nil {
		return translate(err)
	}
	defer conn.Close() // it goes back to the pool
	if _, err := conn.ExecContext(ctx, sqlBegin); err != nil {
		return translate(err)
	}
	if r.lacking(index) {
		if _, err = conn.ExecContext(ctx, sqlRoomTable); err == nil {
			// The last roomPages of it stay in memory.
			_, err = conn.ExecContext(ctx, sqlRoom, (r.step+roomPages)*(r.frame-walFrameHeader))
		}
	}
	if _, rollback := conn.ExecContext(ctx, sqlRollback); rollback != nil {
		// It would keep the write lock.
		rollback = conn.Raw(func(any) error { return driver.ErrBadConn })
		return errors.Join(err, rollback)
	}
	return translate(err)
}

// lacking says whether room is to be made now that nobody else writes. It is not in a
// file that had been longer before, nor in a WAL that is copied to its end: that
// would begin anew, with the room at its beginning, and the next commit does so
// anyway.
func (r *walRoom) lacking(index *walIndex) bool {
	if h, ok := index.load(); !ok || index.copied() >= h.frames() {
		return false
	}
	if info, err := os.Stat(r.path); err == nil && info.Size()/r.frame >= r.end {
		r.end = info.Size() / r.frame
		return false
	}
	return true
}
