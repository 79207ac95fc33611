package store

import (
	"context"
	"errors"
	"iter"
)

// EventKind is what happened to a key.
type EventKind uint8

const (
	// EventSet: a value was written, or its expiry changed.
	EventSet EventKind = iota + 1
	// EventDelete: the key was deleted.
	EventDelete
	// EventExpire: the key had expired and was removed: by the purge, by a read
	// that came upon it, or by a delete that came too late. It is unreadable
	// before that already.
	EventExpire
)

// String returns "set", "delete" or "expire".
func (k EventKind) String() string {
	switch k {
	case EventSet:
		return "set"
	case EventDelete:
		return "delete"
	case EventExpire:
		return "expire"
	}
	return "unknown"
}

// Event is a change of a key. For EventSet the entry is as it was written; for the
// others it has no value, and is otherwise as it was last.
type Event[V any] struct {
	Kind EventKind
	Entry[V]
}

// WatchOption changes how a group is watched.
type WatchOption func(*watchConfig)

type watchConfig struct {
	prefix string
	buffer int
}

// WithPrefix watches only the keys that begin with p.
func WithPrefix(p string) WatchOption {
	return func(c *watchConfig) { c.prefix = p }
}

// WithBuffer sets how many events may wait for the consumer, with the values in them;
// the default is 4096, and the least 1. More are not kept: see [ErrLagged]. What a
// look at another process's changes finds does not count.
func WithBuffer(n int) WatchOption {
	return func(c *watchConfig) { c.buffer = n }
}

const defaultBuffer = 4096

// Watch yields the changes of the group that are committed after the call, in the
// order of their commits. It never keeps a writer waiting: if the consumer is so
// slow that the buffer is full, events are dropped, and it gets [ErrLagged] in
// their place; it may read the group again and go on, and hears of what is committed
// after the ErrLagged.
//
// Changes made by this Store come one by one. Those of another process, or of
// another Store on the same file, show up within some 20 ms, as the latest state of
// each key: what was overwritten in between is not seen. To tell them, a watcher of
// a file keeps the keys and revisions of its group in memory, and reads them
// whenever another process has committed.
//
// A transaction cannot be watched, nor can a file of an older version that
// [WithReadOnly] opens as it is, which is [ErrSchema]. Such errors come as the first
// of the iteration.
//
// The iteration ends when ctx does, with its error, or with [ErrClosed] when the
// store is closed, and is for one loop. A value that does not decode comes with its
// key and an error, and the iteration goes on. Until the loop has ended or ctx is
// done, the watcher costs every writer a little.
func (g Group[V]) Watch(ctx context.Context, opts ...WatchOption) iter.Seq2[Event[V], error] {
	w, err := g.watch(ctx, opts)
	return func(yield func(Event[V], error) bool) {
		if err != nil {
			yield(Event[V]{}, failed(err, "Watch", g.name, ""))
			return
		}
		defer w.stop()
		for {
			e, err := w.next(ctx)
			if err != nil {
				if !yield(Event[V]{}, failed(err, "Watch", g.name, "")) || !errors.Is(err, ErrLagged) {
					return
				}
				continue
			}
			event := Event[V]{Kind: e.kind}
			event.Entry, err = g.event(e)
			if !yield(event, failed(err, "Watch", g.name, e.row.Key)) {
				return
			}
		}
	}
}

// event makes an entry of a change.
func (g Group[V]) event(e event) (Entry[V], error) {
	if e.kind == EventSet {
		return g.decode(e.row)
	}
	return describe[V](e.row), nil
}

func (g Group[V]) watch(ctx context.Context, opts []WatchOption) (*watcher, error) {
	c := watchConfig{buffer: defaultBuffer}
	for _, o := range opts {
		if o != nil {
			o(&c)
		}
	}
	switch {
	case g.sc.tx != nil:
		return nil, errors.New("store: a transaction cannot be watched; watch the group outside it")
	case c.buffer <= 0:
		return nil, errors.New("store: WithBuffer needs room for at least one event")
	}
	return newWatcher(ctx, g.sc, g.sc.full(g.name), c)
}
