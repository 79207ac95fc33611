package store

import (
	"context"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// Group is the keys of one group, with values of one type. It is a cheap value,
// made by [NewGroup], and safe for many goroutines, unless it works in a [Tx]. The
// zero Group is of no use.
//
// Each verb is atomic, but for the iterators, and an expired key is absent for every
// one of them. A verb whose context is done gives the context's error; a write that
// has been picked up by then goes on to its end. Errors are of type *[Error] and
// name the group and, if it is about one, the key. What a verb returns is the
// caller's own; what it was given it does not keep.
type Group[V any] struct {
	sc    *scope
	name  string
	codec Codec
}

// GroupOption changes how NewGroup makes a group.
type GroupOption func(*groupConfig)

type groupConfig struct {
	codec Codec
}

// WithCodec sets how values are stored; nil stands for the default: string and
// []byte, but not types made of them, are stored as they are, and any other type as
// JSON. The file does not say which codec wrote a value: all who use the group must
// give the same.
func WithCodec(c Codec) GroupOption {
	return func(g *groupConfig) { g.codec = c }
}

// NewGroup returns the group of that name, which may be any bytes. It does no I/O: a
// group exists while it holds a key. Two groups of one name are the same, also with
// different types; a value that does not decode as V is an error of the verb that
// reads it.
func NewGroup[V any](s Session, name string, opts ...GroupOption) Group[V] {
	var c groupConfig
	for _, o := range opts {
		if o != nil {
			o(&c)
		}
	}
	return Group[V]{sc: s.session(), name: name, codec: c.codec}
}

// WithTx returns the same group, of a [Store] or of a [Namespace] with its limits, in
// a transaction. It works until the transaction ends, and g goes on as before. A
// transaction of another Store is an error of the verbs.
func (g Group[V]) WithTx(tx *Tx) Group[V] {
	sc := *g.sc
	sc.tx = tx
	g.sc = &sc
	return g
}

// Revision counts the writes of a key: each makes it higher. It follows the clock,
// in microseconds, and so does not begin again when a key is deleted and made anew.
// Changing when a key expires is a write too. Revisions of different keys say
// nothing of each other.
type Revision int64

// Entry is a key with all that the store knows of it. ExpiresAt is in whole
// milliseconds and in the local time zone.
type Entry[V any] struct {
	Key       string
	Value     V
	ExpiresAt time.Time // zero: never
	Revision  Revision
}

// Get returns the value of a key, or [ErrNotFound].
func (g Group[V]) Get(ctx context.Context, key string) (V, error) {
	v, err := g.get(ctx, key)
	if err != nil {
		return v, failed(err, "Get", g.name, key)
	}
	return v, nil
}

func (g Group[V]) get(ctx context.Context, key string) (v V, err error) {
	if err := ctx.Err(); err != nil {
		return v, err
	}
	row, err := g.sc.get(ctx, g.name, key)
	if err != nil {
		return v, err
	}
	return decode[V](g.codec, row.Value)
}

// Entry returns a key's entry, or [ErrNotFound]. If the value does not decode, the
// entry lacks only that. In a file of an older version, which [WithReadOnly] opens as
// it is, every revision is 1.
func (g Group[V]) Entry(ctx context.Context, key string) (Entry[V], error) {
	e, err := g.entry(ctx, key)
	return e, failed(err, "Entry", g.name, key)
}

func (g Group[V]) entry(ctx context.Context, key string) (Entry[V], error) {
	if err := ctx.Err(); err != nil {
		return Entry[V]{}, err
	}
	row, err := g.sc.lookup(ctx, g.name, key)
	if err != nil {
		return Entry[V]{}, err
	}
	return g.decode(engine.Row{Key: key, Value: row.Value, ExpiresAt: row.ExpiresAt, Revision: row.Revision})
}

// decode makes an entry of a row. On an error the entry lacks only its value.
func (g Group[V]) decode(row engine.Row) (Entry[V], error) {
	e := describe[V](row)
	var err error
	e.Value, err = decode[V](g.codec, row.Value)
	return e, err
}

// describe makes an entry of a row without its value.
func describe[V any](row engine.Row) Entry[V] {
	e := Entry[V]{Key: row.Key, Revision: Revision(row.Revision)}
	if row.ExpiresAt.Valid {
		e.ExpiresAt = time.UnixMilli(row.ExpiresAt.Int64)
	}
	return e
}

// GetMany returns the values of those keys that are live, as of one moment. The map
// is not nil, unless there was an error; then it is, also if one value of many does
// not decode. A key may be named twice.
func (g Group[V]) GetMany(ctx context.Context, keys ...string) (map[string]V, error) {
	all, err := g.getMany(ctx, keys)
	return all, failed(err, "GetMany", g.name, "")
}

func (g Group[V]) getMany(ctx context.Context, keys []string) (map[string]V, error) {
	var all map[string]V
	err := g.sc.snapshot(ctx, func(r engine.Reader) error {
		all = make(map[string]V, len(keys))
		now := g.sc.now().UnixMilli()
		for _, key := range keys {
			row, err := r.Get(ctx, engine.GetParams{Grp: g.sc.full(g.name), Key: key})
			switch {
			case isNotFound(err) || err == nil && expired(row.ExpiresAt, now):
				continue
			case err != nil:
				return err
			}
			if all[key], err = decode[V](g.codec, row.Value); err != nil {
				return failed(err, "GetMany", g.name, key)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// TTL returns how long a key still lives, which is above 0; 0 if it does not
// expire; or [ErrNotFound]. The option for writing one is [TTL].
func (g Group[V]) TTL(ctx context.Context, key string) (time.Duration, error) {
	if err := ctx.Err(); err != nil {
		return 0, failed(err, "TTL", g.name, key)
	}
	row, err := g.sc.get(ctx, g.name, key)
	if err != nil {
		return 0, failed(err, "TTL", g.name, key)
	}
	if !row.ExpiresAt.Valid {
		return 0, nil
	}
	// At least something: it was live a moment ago.
	return max(1, time.UnixMilli(row.ExpiresAt.Int64).Sub(g.sc.now())), nil
}

// Count returns the number of live keys that meet the options, at most that of
// [Limit]. It visits the keys that it counts.
func (g Group[V]) Count(ctx context.Context, opts ...ScanOption) (int64, error) {
	n, err := g.sc.count(ctx, g.name, newScan(opts))
	return n, failed(err, "Count", g.name, "")
}
