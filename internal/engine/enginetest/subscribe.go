package enginetest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// listener is a feed that keeps all changes it receives.
type listener struct {
	mu      sync.Mutex
	changes []engine.Change
}

func (l *listener) Committed(changes []engine.Change) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changes = append(l.changes, changes...) // a copy: the slice is the engine's
}

func (l *listener) Foreign() {}

// take returns the changes received since the last call, without values.
func (l *listener) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	changes := []string{}
	for _, c := range l.changes {
		verb := "set"
		if c.Deleted {
			verb = "delete"
		}
		changes = append(changes, fmt.Sprint(verb, " ", c.Row.Grp, "/", c.Row.Key, " ", int64(c.Row.ExpiresAt), " r", c.Row.Revision))
	}
	l.changes = nil
	return changes
}

// testSubscribe checks that a feed receives each commit before its writer returns. It
// receives nothing that was rolled back, and nothing after it is cancelled.
func (s suite) testSubscribe(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	set := func(w engine.Writer, key string, expires, revision int64) {
		t.Helper()
		noError(t, w.Set(ctx, engine.SetParams{Grp: "g", Key: key, Value: "v", ExpiresAt: at(expires), Revision: revision}))
	}
	set(e, "before", 5, 1)
	var feed listener
	cancel, err := e.Subscribe(ctx, &feed, func(r engine.Reader) error {
		holds(t, r, "g", "before", "v")
		return nil
	})
	noError(t, err)
	received := func(want ...string) {
		t.Helper()
		equal(t, "changes", feed.take(), append([]string{}, want...))
	}
	received()
	set(e, "a", 5, 10)
	received("set g/a 5 r10")
	set(e, "a", 6, 2) // below the old revision
	received("set g/a 6 r11")
	removed(t, 0)(e.Delete(ctx, engine.DeleteParams{Grp: "g", Key: "none"}))
	received()
	equal(t, "error", e.Update(ctx, func(tx engine.Tx) error { set(tx, "x", 1, 1); return errStop }), errStop)
	received()
	noError(t, e.Update(ctx, func(tx engine.Tx) error {
		set(tx, "b", 7, 20)
		isError(t, tx.Nested(ctx, func() error { set(tx, "x", 1, 1); return errStop }), errStop)
		removed(t, 1)(tx.SetExpiry(ctx, engine.SetExpiryParams{Grp: "g", Key: "a", ExpiresAt: at(8), Revision: 21}))
		received()
		return nil
	}))
	received("set g/b 7 r20", "set g/a 8 r21")
	removed(t, 1)(e.Delete(ctx, engine.DeleteParams{Grp: "g", Key: "b"}))
	received("delete g/b 7 r20")
	removed(t, 1)(e.DeleteExpired(ctx, engine.DeleteExpiredParams{Grp: "g", Key: "a", Now: 9}))
	received("delete g/a 8 r21")
	removed(t, 1)(e.PurgeExpired(ctx, engine.PurgeExpiredParams{Now: 9, MaxRows: 9}))
	received("delete g/before 5 r1")
	set(e, "c", 5, 30)
	removed(t, 1)(e.DeleteGroup(ctx, "g"))
	received("set g/c 5 r30", "delete g/c 5 r30")

	cancel()
	set(e, "late", 5, 1)
	received()
	_, err = e.Subscribe(ctx, &feed, func(engine.Reader) error { return errStop })
	isError(t, err, errStop)
	set(e, "late", 5, 2)
	received()
}

// testAlign checks that the snapshot of Align shows exactly the commits that the feed
// has received when at is called.
func (s suite) testAlign(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	var feed listener
	cancel, err := e.Subscribe(ctx, &feed, func(engine.Reader) error { return nil })
	noError(t, err)
	defer cancel()
	const writes = 200
	var writer sync.WaitGroup
	writer.Go(func() {
		for i := range writes {
			if err := e.Set(ctx, engine.SetParams{Grp: "g", Key: fmt.Sprint(i), Revision: 1}); err != nil {
				t.Error(err)
			}
		}
	})
	for done := false; !done; {
		received := -1
		noError(t, e.Align(ctx, func() {
			feed.mu.Lock()
			defer feed.mu.Unlock()
			received = len(feed.changes)
		}, func(r engine.Reader) error {
			counts(t, r, "g", 0, int64(received))
			return nil
		}))
		done = received == writes
	}
	writer.Wait()
	isError(t, e.Align(ctx, func() {}, func(engine.Reader) error { return errStop }), errStop)
	isError(t, e.Align(cancelled(t), func() { t.Error("called") }, func(engine.Reader) error { return nil }), context.Canceled)
}

// testManyChanges changes more rows in one transaction than a cache would list.
func (s suite) testManyChanges(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	const rows = 1200
	for _, value := range []string{"one", "two"} {
		get := func(i int) {
			t.Helper()
			holds(t, e, "g", fmt.Sprint(i), value)
		}
		noError(t, e.Update(ctx, func(tx engine.Tx) error {
			for i := range rows {
				put(t, tx, "g", fmt.Sprint(i), value, never)
			}
			return nil
		}))
		for _, i := range []int{0, 1, rows / 2, rows - 1} {
			get(i)
			get(i)
		}
	}
	_, err := e.Lookup(ctx, engine.GetParams{Grp: "g", Key: "none"})
	isError(t, err, engine.ErrNotFound)
	_, err = e.Lookup(ctx, engine.GetParams{Grp: "g", Key: "none"})
	isError(t, err, engine.ErrNotFound)
	removed(t, rows)(e.DeleteGroup(ctx, "g"))
	lacks(t, e, "g", "0")
	equal(t, "rows", all(t, e, "g", 0), map[string]string{})
}
