package store

import (
	"context"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// TTL returns the time until a key expires, which is always above 0. It returns 0 if
// the key does not expire, and [ErrNotFound] if the key is absent or has expired. To
// set a TTL in a write, use the option [TTL].
func (g Group[V]) TTL(ctx context.Context, key string) (time.Duration, error) {
	if err := ctx.Err(); err != nil {
		return 0, failed(err, "TTL", g.name, key)
	}
	row, err := g.sc.get(ctx, g.name, key)
	if err != nil {
		return 0, failed(err, "TTL", g.name, key)
	}
	if row.ExpiresAt == engine.Never {
		return 0, nil
	}
	// Above 0 even if the clock has moved on: the key was live a moment ago.
	return max(1, row.ExpiresAt.Time().Sub(g.sc.now())), nil
}

// Expire makes a key expire ttl from now and replaces any earlier expiry. The ttl is
// rounded up to whole milliseconds; if it is zero or less, Expire returns
// [ErrInvalidTTL]. The value stays the same, and the revision rises. If the key is
// absent or has expired, Expire returns [ErrNotFound].
func (g Group[V]) Expire(ctx context.Context, key string, ttl time.Duration) error {
	_, err := g.touch(ctx, key, &ttl, nil)
	return failed(err, "Expire", g.name, key)
}

// Persist removes the expiry of a key. The value stays the same, and the revision
// rises. If the key is absent or has expired, Persist returns [ErrNotFound].
func (g Group[V]) Persist(ctx context.Context, key string) error {
	_, err := g.touch(ctx, key, nil, nil)
	return failed(err, "Persist", g.name, key)
}

// GetAndTouch returns the value of a key and makes it expire ttl from now, as
// [Group.Expire] does, in one atomic step: a sliding expiry. It is a write and costs
// as much as one. It returns [ErrNotFound] if the key is absent or has expired, and
// [ErrInvalidTTL] if ttl is zero or less. If the value does not decode, the expiry
// stays as it was.
func (g Group[V]) GetAndTouch(ctx context.Context, key string, ttl time.Duration) (V, error) {
	v, err := g.getAndTouch(ctx, key, ttl)
	return v, failed(err, "GetAndTouch", g.name, key)
}

func (g Group[V]) getAndTouch(ctx context.Context, key string, ttl time.Duration) (v V, err error) {
	_, err = g.touch(ctx, key, &ttl, func(row engine.GetRow) (err error) {
		v, err = decode[V](g.codec, row.Value)
		return err
	})
	if err != nil {
		var none V
		return none, err
	}
	return v, nil
}

// touch sets the expiry of a live key to ttl from now; a nil ttl removes it. It
// returns the row as it was before. A non-nil check sees that row first, and its
// error leaves the row unchanged.
func (g Group[V]) touch(ctx context.Context, key string, ttl *time.Duration, check func(engine.GetRow) error) (engine.GetRow, error) {
	now := g.sc.now()
	var at engine.Expiry
	var err error
	if ttl != nil {
		if at, err = expiry(now, *ttl); err != nil {
			return engine.GetRow{}, err
		}
	}
	var row engine.GetRow
	group := g.sc.full(g.name)
	err = g.sc.change(ctx, func(t engine.Tx) error {
		var found bool
		if row, found, err = find(ctx, t, group, key, now); err != nil {
			return err
		}
		if !found {
			return ErrNotFound
		}
		if check != nil {
			if err := check(row); err != nil {
				return err
			}
		}
		_, err = t.SetExpiry(ctx, engine.SetExpiryParams{
			Grp: group, Key: key, ExpiresAt: at, Revision: revisionAt(now, row.Revision),
		})
		return err
	})
	return row, err
}
