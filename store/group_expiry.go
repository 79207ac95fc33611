package store

import (
	"context"
	"database/sql"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

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

// Expire lets a key expire after ttl from now, whatever it had been given before. ttl
// is rounded up to whole milliseconds and must be above zero, else [ErrInvalidTTL].
// The value stays, and the revision becomes higher. A key that is absent, or has
// expired already, gives [ErrNotFound].
func (g Group[V]) Expire(ctx context.Context, key string, ttl time.Duration) error {
	_, err := g.touch(ctx, key, &ttl, nil)
	return failed(err, "Expire", g.name, key)
}

// Persist lets a key live until it is deleted. The value stays, and the revision
// becomes higher. A key that is absent, or has expired already, gives [ErrNotFound].
func (g Group[V]) Persist(ctx context.Context, key string) error {
	_, err := g.touch(ctx, key, nil, nil)
	return failed(err, "Persist", g.name, key)
}

// GetAndTouch returns the value of a key and lets it expire after ttl from now, as
// [Group.Expire] does: sliding expiry, in one step. It is a write, and costs as much.
// A value that does not decode is left as it is.
func (g Group[V]) GetAndTouch(ctx context.Context, key string, ttl time.Duration) (V, error) {
	v, err := g.getAndTouch(ctx, key, ttl)
	return v, failed(err, "GetAndTouch", g.name, key)
}

func (g Group[V]) getAndTouch(ctx context.Context, key string, ttl time.Duration) (v V, err error) {
	_, err = g.touch(ctx, key, &ttl, func(row engine.LookupRow) (err error) {
		v, err = decode[V](g.codec, row.Value)
		return err
	})
	if err != nil {
		var none V
		return none, err
	}
	return v, nil
}

// touch changes when a live key expires; nil: never. It returns the row as it was,
// unless check, if not nil, refuses it.
func (g Group[V]) touch(ctx context.Context, key string, ttl *time.Duration, check func(engine.LookupRow) error) (engine.LookupRow, error) {
	now := g.sc.now()
	var at sql.NullInt64
	var err error
	if ttl != nil {
		if at, err = expiry(now, *ttl); err != nil {
			return engine.LookupRow{}, err
		}
	}
	var row engine.LookupRow
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
