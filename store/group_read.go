package store

import (
	"context"
	"iter"

	"forge.lthn.ai/core/go-store/internal/engine"
)

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

// Count returns the number of live keys that meet the options, at most that of
// [Limit]. It visits the keys that it counts.
func (g Group[V]) Count(ctx context.Context, opts ...ScanOption) (int64, error) {
	n, err := g.sc.count(ctx, g.name, newScan(opts))
	return n, failed(err, "Count", g.name, "")
}

// All yields the live entries of the group in the order of their keys' bytes. It
// reads page by page and holds no connection, lock or snapshot while the loop's
// body runs, which may thus write. A key that is there throughout is visited
// exactly once; one that comes or goes meanwhile, at most once. A value that does
// not decode comes with its key and an error, and the iteration goes on; any other
// error ends it.
func (g Group[V]) All(ctx context.Context, opts ...ScanOption) iter.Seq2[Entry[V], error] {
	return func(yield func(Entry[V], error) bool) {
		for row, err := range g.sc.rows(ctx, g.name, newScan(opts)) {
			if err != nil {
				yield(Entry[V]{}, failed(err, "All", g.name, ""))
				return
			}
			e, err := g.decode(row)
			if !yield(e, failed(err, "All", g.name, row.Key)) {
				return
			}
		}
	}
}
