package sqlite

import (
	"context"
	"database/sql"
	"runtime"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/walindex"
)

// TestPollerCloses closes the feeds and the pool while a poll is opening its connection
// and the last feed is being removed. The pool must get the connection back.
func TestPollerCloses(t *testing.T) {
	t.Parallel()
	db, err := conn.Opener{}.Pool(conn.DSN(t.TempDir()+"/kv.db", "rwc", 0))
	if err != nil {
		t.Fatal(err)
	}
	polling, release := make(chan struct{}), make(chan struct{})
	p := newPool(db, 4, func(context.Context, *sql.Conn) error {
		close(polling)
		<-release
		return nil
	})
	f := &feeds{poller: &poller{pool: p}}
	f.add(noFeed{}, walindex.Header{})
	<-polling
	removed, closed := make(chan struct{}), make(chan struct{})
	go func() {
		f.remove(noFeed{})
		close(removed)
	}()
	for f.active() {
		runtime.Gosched()
	}
	go func() {
		f.close()
		close(closed)
	}()
	close(release)
	<-removed
	<-closed
	if err := p.close(); err != nil {
		t.Error(err)
	}
}
