package enginetest

import (
	"fmt"
	"sync"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// listener is a feed that keeps all it is told.
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

// take returns what was told since the last call, values left out.
func (l *listener) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	told := []string{}
	for _, c := range l.changes {
		verb := "set"
		if c.Deleted {
			verb = "delete"
		}
		told = append(told, fmt.Sprint(verb, " ", c.Row.Grp, "/", c.Row.Key, " ", c.Row.ExpiresAt.Int64, " r", c.Row.Revision))
	}
	l.changes = nil
	return told
}

// testSubscribe checks that a feed is told of each commit before its writer, of
// nothing that was rolled back, and of nothing once it is cancelled.
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
	told := func(want ...string) {
		t.Helper()
		equal(t, "told", feed.take(), append([]string{}, want...))
	}
	told()
	set(e, "a", 5, 10)
	told("set g/a 5 r10")
	set(e, "a", 6, 2) // below the old one
	told("set g/a 6 r11")
	removed(t, 0)(e.Delete(ctx, engine.DeleteParams{Grp: "g", Key: "none"}))
	told()
	equal(t, "error", e.Update(ctx, func(tx engine.Tx) error { set(tx, "x", 1, 1); return errStop }), errStop)
	told()
	noError(t, e.Update(ctx, func(tx engine.Tx) error {
		set(tx, "b", 7, 20)
		isError(t, tx.Nested(ctx, func() error { set(tx, "x", 1, 1); return errStop }), errStop)
		removed(t, 1)(tx.SetExpiry(ctx, engine.SetExpiryParams{Grp: "g", Key: "a", ExpiresAt: at(8), Revision: 21}))
		told()
		return nil
	}))
	told("set g/b 7 r20", "set g/a 8 r21")
	removed(t, 1)(e.Delete(ctx, engine.DeleteParams{Grp: "g", Key: "b"}))
	told("delete g/b 7 r20")
	removed(t, 1)(e.DeleteExpired(ctx, engine.DeleteExpiredParams{Grp: "g", Key: "a", Now: 9}))
	told("delete g/a 8 r21")
	removed(t, 1)(e.PurgeExpired(ctx, engine.PurgeExpiredParams{Now: 9, MaxRows: 9}))
	told("delete g/before 5 r1")
	set(e, "c", 5, 30)
	removed(t, 1)(e.DeleteGroup(ctx, "g"))
	told("set g/c 5 r30", "delete g/c 5 r30")

	cancel()
	set(e, "late", 5, 1)
	told()
	_, err = e.Subscribe(ctx, &feed, func(engine.Reader) error { return errStop })
	isError(t, err, errStop)
	set(e, "late", 5, 2)
	told()
}
