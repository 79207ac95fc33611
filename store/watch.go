package store

import (
	"context"
	"errors"
	"iter"
)

// EventKind says what happened to a key.
type EventKind uint8

const (
	// EventSet means that a value was written, or that its expiry changed.
	EventSet EventKind = iota + 1
	// EventDelete means that the key was deleted.
	EventDelete
	// EventExpire means that an expired key was removed: by a purge, after a read
	// that found it, or by a delete after its expiry. The key is unreadable from its
	// expiry on, which may be earlier than this event.
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

// Event is a change of a key. For [EventSet] the entry is the one that was written. For
// [EventDelete] and [EventExpire] it is the last entry of the key, without its value.
type Event[V any] struct {
	Kind EventKind
	Entry[V]
}

// WatchOption configures [Group.Watch]. A nil WatchOption is ignored.
type WatchOption func(*watchConfig)

type watchConfig struct {
	prefix string
	buffer int
}

// WithPrefix restricts a watcher to the keys that begin with p.
func WithPrefix(p string) WatchOption {
	return func(c *watchConfig) { c.prefix = p }
}

// WithBuffer sets how many events, with their values, may wait for the consumer. The
// default is 4096, and n must be at least 1. When the buffer is full, further events
// are dropped and the watcher receives [ErrLagged]. The limit applies to the changes
// of this Store; those of other processes are read when the consumer asks for them.
func WithBuffer(n int) WatchOption {
	return func(c *watchConfig) { c.buffer = n }
}

const defaultBuffer = 4096

// Watch yields the changes of the group that are committed after the call to Watch, in
// the order of their commits. It never delays a writer. If the consumer is so slow
// that the buffer is full, events are dropped and [ErrLagged] is yielded in their
// place. The consumer should then read the group again and may continue the loop,
// which yields what is committed after the ErrLagged.
//
// Changes by this Store arrive one by one. Changes by another process, or by another
// Store on the same file, arrive within about 20 ms, as the latest state of each key;
// values that were overwritten in between are not seen. To detect those changes, the
// watcher of a file keeps all keys and revisions of its group in memory, without the
// values, and reads them again whenever another process has committed.
//
// The iteration ends with the error of ctx when ctx is done, and with [ErrClosed] when
// the store is closed. It can be ranged over only once. A value that does not decode
// is yielded with its key and an error, and the iteration continues. The watcher adds
// a small cost to every write until the loop has ended or ctx is done.
//
// A transaction cannot be watched. A file of an older release without revisions,
// opened with [WithReadOnly], cannot be watched either, and Watch yields [ErrSchema].
// An error of Watch itself is the first of the iteration.
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

// event returns the entry of a change.
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
		return nil, errors.New("store: WithBuffer must have room for at least one event")
	}
	return newWatcher(ctx, g.sc, g.sc.full(g.name), c)
}
