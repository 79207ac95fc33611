package store

import (
	"context"
	"iter"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// Get returns the value of a key, or [ErrNotFound] if the key is absent or has
// expired.
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

// Entry returns a key with its value, expiry and revision, or [ErrNotFound]. If the
// value does not decode, Entry returns the error and an entry that lacks only the
// value. In a file of an older release that has no revisions, opened with
// [WithReadOnly], every revision is 1.
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

// GetMany returns the values of the given keys, all read from one snapshot. Keys that
// are absent or expired are left out, and a key may be given twice. On success the
// map is non-nil and belongs to the caller. If any value fails to decode, GetMany
// returns nil and an error that names its key.
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
			case isNotFound(err) || err == nil && row.ExpiresAt.By(now):
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

// Count returns the number of live keys that match the options, at most the number
// given to [Limit]. Its cost is proportional to the number of keys in the range.
func (g Group[V]) Count(ctx context.Context, opts ...ScanOption) (int64, error) {
	n, err := g.sc.count(ctx, g.name, newScan(opts))
	return n, failed(err, "Count", g.name, "")
}

// All yields the live entries of the group in byte order of the keys. It reads page
// by page, from 16 up to 1,024 entries a page, and fewer, about 1 MiB, if values are
// large. It holds no connection, lock or snapshot while the body of the loop runs, so
// the body may write. A key that exists throughout the iteration is visited exactly
// once. A key that is created or deleted meanwhile is visited at most once.
//
// A value that does not decode is yielded as an entry without its value, together
// with an error, and the iteration continues. Any other error, including that of
// ctx, ends the iteration. The sequence can be ranged over again.
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
