package store

import (
	"cmp"
	"context"
	"slices"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// findForeign finds what other processes have changed: it compares a snapshot of the
// group with what the consumer knows. The events of this store's commits before the
// snapshot come first, one by one. The snapshot has none of this store's later
// commits.
func (w *watcher) findForeign(ctx context.Context) error {
	var own []event
	var lagged bool
	err := w.sc.store.eng.Align(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		own, w.waiting = w.waiting, nil
		lagged = w.lagged
	}, func(r engine.Reader) error {
		for _, e := range own {
			w.note(e)
		}
		if lagged {
			return nil // the consumer will read the group itself
		}
		return w.compare(ctx, r)
	})
	w.found = append(own, w.found...)
	return err
}

// compare appends to found how the group differs from known.
func (w *watcher) compare(ctx context.Context, r engine.Reader) error {
	now := w.sc.store.now().UnixMilli()
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
	// The order of their commits is unknown; that of the revisions is most likely it.
	slices.SortStableFunc(w.found, func(a, b event) int { return cmp.Compare(a.row.Revision, b.row.Revision) })
	w.known = current
	return nil
}

// catchUp sets known to the current state of the group. The consumer is told to read
// the group, and receives what is committed from here on.
func (w *watcher) catchUp(ctx context.Context) error {
	return w.sc.store.eng.Align(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.lagged = false
	}, func(r engine.Reader) (err error) {
		w.known, err = w.read(ctx, r)
		return err
	})
}

// read returns the rows of the group by key, without their values.
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
