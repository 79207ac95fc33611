package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

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

// errOverflow is an Increment that would not fit.
var errOverflow = errors.New("store: number would overflow")

// Increment adds delta to a number and returns the sum; a key that is absent counts
// as 0. A value that is no integer, or a sum that would overflow, is an error and
// changes nothing. As for Set, the sum expires only if the options say so: KeepTTL
// keeps the window of a counter.
func Increment(ctx context.Context, g Group[int64], key string, delta int64, opts ...SetOption) (int64, error) {
	n, err := increment(ctx, g, key, delta, opts)
	return n, failed(err, "Increment", g.name, key)
}

func increment(ctx context.Context, g Group[int64], key string, delta int64, opts []SetOption) (n int64, err error) {
	now := g.sc.now()
	d, err := newDeadline(now, opts)
	if err != nil {
		return 0, err
	}
	if g.codec == nil {
		g.codec = numberCodec{}
	}
	err = g.sc.change(ctx, func(t engine.Tx) error {
		n, err = g.replace(ctx, t, key, now, d, func(old int64, _ bool) (int64, error) {
			return add(old, delta)
		})
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

func add(a, b int64) (int64, error) {
	if b > 0 && a > math.MaxInt64-b || b < 0 && a < math.MinInt64-b {
		return 0, fmt.Errorf("%w: %d and %d", errOverflow, a, b)
	}
	return a + b, nil
}

// numberCodec is JSON without null, of which JSON would make the number that was
// there before.
type numberCodec struct{ jsonCodec }

func (c numberCodec) Unmarshal(data []byte, v any) error {
	if string(bytes.TrimSpace(data)) == "null" {
		return errors.New("store: null is no number")
	}
	return c.jsonCodec.Unmarshal(data, v)
}
