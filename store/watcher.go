package store

import (
	"context"
	"slices"
	"strings"
	"sync"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// event is a change of one row.
type event struct {
	kind EventKind
	row  engine.Row
}

// watcher gathers the changes of a group for one consumer. It is an engine.Feed:
// the engine calls Committed and Foreign, the consumer next and stop.
type watcher struct {
	sc     *scope
	group  string // with the namespace's prefix
	config watchConfig

	// known is what the consumer has been told of each key, to tell what another
	// process has changed. The consumer's goroutine alone uses it.
	known map[string]engine.RevisionsRow
	// found are the events that a look at the group has come up with.
	found []event

	mu      sync.Mutex
	waiting []event
	lagged  bool // events were dropped after those that wait
	foreign bool // another process has committed
	ended   error
	wake    chan struct{} // of capacity 1: there is something to do

	unsubscribe func()
	detach      func() bool // of the context
}

func newWatcher(ctx context.Context, sc *scope, from engine.RevisionsParams, c watchConfig) (*watcher, error) {
	w := &watcher{
		sc: sc, group: from.Grp, config: c,
		known: map[string]engine.RevisionsRow{},
		wake:  make(chan struct{}, 1),
	}
	cancel, err := sc.store.eng.Subscribe(ctx, w, func(r engine.Reader) (err error) {
		w.known, err = w.read(ctx, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	w.unsubscribe = sync.OnceFunc(cancel)
	// A consumer may never begin its loop.
	w.detach = context.AfterFunc(ctx, w.unsubscribe)
	if !sc.store.watchers.add(w) {
		w.stop()
		return nil, ErrClosed
	}
	return w, nil
}

// stop ends the subscription.
func (w *watcher) stop() {
	w.detach()
	w.unsubscribe()
	w.sc.store.watchers.remove(w)
}

// end makes next return err once it has returned what waits.
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
		// After a loss nothing is kept until the consumer knows of it, so that
		// it meets the loss where it happened.
		if w.lagged || len(w.waiting) >= w.config.buffer {
			w.lagged = true
			break
		}
		w.waiting = append(w.waiting, event{kind: kindOf(c, now), row: c.Row})
	}
	w.mu.Unlock()
	w.signal()
}

// kindOf tells an expiry from a deletion.
func kindOf(c engine.Change, now int64) EventKind {
	switch {
	case !c.Deleted:
		return EventSet
	case expired(c.Row.ExpiresAt, now):
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
			w.found = w.found[1:]
			return e, nil
		}
		e, state, err := w.take()
		switch state {
		case tookEvent:
			if w.tell(e) {
				return e, nil
			}
			continue
		case tookLoss, tookEnd:
			return event{}, err
		case tookForeign:
			if err := w.look(ctx); err != nil {
				return event{}, err
			}
			continue
		}
		select {
		case <-w.wake:
		case <-ctx.Done():
		}
	}
}

// took is what take has found.
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
		w.waiting[0] = event{} // let go of its value
		w.waiting = w.waiting[1:]
		return e, tookEvent, nil
	case w.lagged:
		w.lagged = false
		// What was lost is for the consumer to read; what it finds is known.
		w.foreign = true
		return event{}, tookLoss, ErrLagged
	case w.ended != nil:
		return event{}, tookEnd, w.ended
	case w.foreign:
		w.foreign = false
		return event{}, tookForeign, nil
	}
	return event{}, tookNothing, nil
}

// tell notes that the consumer is told of an event. It returns false for one that
// a look at the group has told already, in a later state.
func (w *watcher) tell(e event) bool {
	old, ok := w.known[e.row.Key]
	if e.kind == EventSet {
		if ok && old.Revision >= e.row.Revision {
			return false
		}
		w.known[e.row.Key] = engine.RevisionsRow{Key: e.row.Key, ExpiresAt: e.row.ExpiresAt, Revision: e.row.Revision}
		return true
	}
	if !ok || old.Revision > e.row.Revision {
		return false
	}
	delete(w.known, e.row.Key)
	return true
}

// look compares the group with what the consumer knows of it.
func (w *watcher) look(ctx context.Context) error {
	var now int64
	err := w.sc.snapshot(ctx, func(r engine.Reader) error {
		now = w.sc.now().UnixMilli()
		current, err := w.read(ctx, r)
		if err != nil {
			return err
		}
		for key, row := range current {
			if old, ok := w.known[key]; ok && old.Revision == row.Revision {
				continue
			}
			got, err := r.Lookup(ctx, engine.GetParams{Grp: w.group, Key: key})
			if err != nil {
				return err
			}
			w.found = append(w.found, event{kind: EventSet, row: engine.Row{
				Grp: w.group, Key: key, Value: got.Value, ExpiresAt: got.ExpiresAt, Revision: got.Revision,
			}})
		}
		for key, old := range w.known {
			if _, ok := current[key]; !ok {
				gone := engine.Change{Deleted: true, Row: engine.Row{
					Grp: w.group, Key: key, ExpiresAt: old.ExpiresAt, Revision: old.Revision,
				}}
				w.found = append(w.found, event{kind: kindOf(gone, now), row: gone.Row})
			}
		}
		w.known = current
		return nil
	})
	// Their order is not known; that of their revisions is the likeliest.
	slices.SortStableFunc(w.found, func(a, b event) int { return int(a.row.Revision - b.row.Revision) })
	return err
}

// read reads the keys of the group and their revisions.
func (w *watcher) read(ctx context.Context, r engine.Reader) (map[string]engine.RevisionsRow, error) {
	all := map[string]engine.RevisionsRow{}
	s := newScan([]ScanOption{Prefix(w.config.prefix)})
	for {
		page, err := r.Revisions(ctx, engine.RevisionsParams{Grp: w.group, Low: s.low, MaxRows: largePage})
		if err != nil {
			return nil, err
		}
		for _, row := range page {
			if s.bounded && row.Key >= s.high {
				return all, nil
			}
			all[row.Key] = row
		}
		if len(page) < largePage {
			return all, nil
		}
		s.goPast(page[len(page)-1].Key)
	}
}

// watchers are those of a store, which end with it.
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
