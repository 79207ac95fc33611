package store

import (
	"context"
	"errors"
	"strings"
	"sync"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// event is a change of one row.
type event struct {
	kind EventKind
	row  engine.Row
}

// watcher collects the changes of a group for one consumer. It is an engine.Feed: the
// engine calls Committed and Foreign, and the consumer calls next and stop.
type watcher struct {
	sc     *scope
	group  string // with the namespace's prefix
	config watchConfig

	// known is the group as the consumer knows it after all events of found. It
	// serves to detect what another process has changed. Only the consumer's
	// goroutine uses known, found and failed.
	known  map[string]engine.RevisionsRow
	found  []event
	failed error // what next returns after found

	mu      sync.Mutex
	waiting []event
	lagged  bool // events were dropped after the waiting ones
	foreign bool // another process has committed
	ended   error
	wake    chan struct{} // of capacity 1: holds a value if next has something to do

	release func()      // ends the subscription
	detach  func() bool // from the context
}

func newWatcher(ctx context.Context, sc *scope, group string, c watchConfig) (*watcher, error) {
	w := &watcher{sc: sc, group: group, config: c, wake: make(chan struct{}, 1)}
	cancel, err := sc.store.eng.Subscribe(ctx, w, func(r engine.Reader) (err error) {
		w.known, err = w.read(ctx, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	w.release = sync.OnceFunc(func() {
		cancel()
		sc.store.watchers.remove(w)
	})
	if !sc.store.watchers.add(w) {
		w.release()
		return nil, ErrClosed
	}
	// The context ends the subscription of a consumer that never begins its loop.
	w.detach = context.AfterFunc(ctx, w.release)
	return w, nil
}

// errWatched is the error of a second loop over one Watch.
var errWatched = errors.New("store: the result of Watch can be ranged over only once")

// stop ends the subscription.
func (w *watcher) stop() {
	w.detach()
	w.release()
	w.end(errWatched)
}

// end makes next return err after the waiting events.
func (w *watcher) end(err error) {
	w.mu.Lock()
	w.ended = err
	w.mu.Unlock()
	w.signal()
}

func (w *watcher) signal() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Committed implements engine.Feed.
func (w *watcher) Committed(changes []engine.Change) {
	now := w.sc.store.now().UnixMilli()
	w.mu.Lock()
	for _, c := range changes {
		if c.Row.Grp != w.group || !strings.HasPrefix(c.Row.Key, w.config.prefix) {
			continue
		}
		// After a loss the watcher keeps no more events until the consumer knows of
		// the loss, so that ErrLagged stands where the events are missing.
		if w.lagged || len(w.waiting) >= w.config.buffer {
			w.lagged = true
			break
		}
		w.waiting = append(w.waiting, event{kind: kindOf(c, now), row: c.Row})
	}
	w.mu.Unlock()
	w.signal()
}

// kindOf returns the kind of a change: a set, an expiry or a deletion.
func kindOf(c engine.Change, now int64) EventKind {
	switch {
	case !c.Deleted:
		return EventSet
	case c.Row.ExpiresAt.By(now):
		return EventExpire
	default:
		return EventDelete
	}
}

// Foreign implements engine.Feed.
func (w *watcher) Foreign() {
	w.mu.Lock()
	w.foreign = true
	w.mu.Unlock()
	w.signal()
}

// next waits for the next event, ErrLagged, or the end.
func (w *watcher) next(ctx context.Context) (event, error) {
	for {
		if err := ctx.Err(); err != nil {
			return event{}, err
		}
		if len(w.found) > 0 {
			e := w.found[0]
			w.found[0] = event{} // release its value
			w.found = w.found[1:]
			return e, nil
		}
		if w.failed != nil {
			return event{}, w.failed
		}
		e, state, err := w.take()
		switch state {
		case tookEvent:
			w.note(e)
			return e, nil
		case tookLoss:
			w.failed = w.catchUp(ctx)
			return event{}, ErrLagged
		case tookEnd:
			return event{}, err
		case tookForeign:
			w.failed = w.findForeign(ctx)
			continue
		}
		select {
		case <-w.wake:
		case <-ctx.Done():
		}
	}
}

// took is the kind of result that take returns.
type took uint8

const (
	tookNothing took = iota
	tookEvent
	tookLoss
	tookForeign
	tookEnd
)

func (w *watcher) take() (event, took, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case len(w.waiting) > 0:
		e := w.waiting[0]
		w.waiting[0] = event{}
		w.waiting = w.waiting[1:]
		return e, tookEvent, nil
	case w.lagged:
		return event{}, tookLoss, nil
	case w.ended != nil:
		return event{}, tookEnd, w.ended
	case w.foreign:
		// Before the comparison: a commit during it must lead to another one.
		w.foreign = false
		return event{}, tookForeign, nil
	}
	return event{}, tookNothing, nil
}

// note updates known with an event that the consumer receives.
func (w *watcher) note(e event) {
	if e.kind == EventSet {
		w.known[e.row.Key] = engine.RevisionsRow{Key: e.row.Key, ExpiresAt: e.row.ExpiresAt, Revision: e.row.Revision}
	} else {
		delete(w.known, e.row.Key)
	}
}

// watchers are the watchers of a store. They end when it is closed.
type watchers struct {
	mu     sync.Mutex
	all    map[*watcher]struct{}
	closed bool
}

func (ws *watchers) add(w *watcher) bool {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.closed {
		return false
	}
	if ws.all == nil {
		ws.all = map[*watcher]struct{}{}
	}
	ws.all[w] = struct{}{}
	return true
}

func (ws *watchers) remove(w *watcher) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	delete(ws.all, w)
}

// close ends all watchers.
func (ws *watchers) close() {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.closed = true
	for w := range ws.all {
		w.end(ErrClosed)
	}
}
