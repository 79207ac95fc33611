package store

import (
	"context"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// verbs are the string verbs of a [Store], a [Tx] and a [Namespace]. Each exported
// method wraps the error of the unexported one in an *[Error].
type verbs struct {
	scope
}

// Get returns the value of a key, or [ErrNotFound] if the key is absent or has
// expired.
func (v *verbs) Get(group, key string) (string, error) {
	row, err := v.get(context.Background(), group, key)
	if err != nil {
		return "", failed(err, "Get", group, key)
	}
	return row.Value, nil
}

// Set stores a value that does not expire, and replaces any earlier value and expiry.
// Group, key and value may hold any bytes. Together they may have up to 999,999,936
// bytes; beyond that, Set returns [ErrTooLarge].
func (v *verbs) Set(group, key, value string) error {
	return failed(v.set(context.Background(), group, key, value, engine.Never, v.now()), "Set", group, key)
}

// SetWithTTL stores a value that expires ttl from now, and replaces any earlier value
// and expiry. ttl is rounded up to whole milliseconds. If ttl is zero or less,
// SetWithTTL returns [ErrInvalidTTL]. The limits of [Store.Set] apply.
func (v *verbs) SetWithTTL(group, key, value string, ttl time.Duration) error {
	return failed(v.setWithTTL(group, key, value, ttl), "SetWithTTL", group, key)
}

// Delete removes a key. An absent key is not an error. [Group.Delete] reports whether
// the key was live.
func (v *verbs) Delete(group, key string) error {
	return failed(v.delete(context.Background(), group, key), "Delete", group, key)
}

// DeleteGroup removes every key of a group, all or none. An absent group is not an
// error.
func (v *verbs) DeleteGroup(group string) error {
	return failed(v.deleteGroup(context.Background(), group), "DeleteGroup", group, "")
}

// Count returns the number of live keys in a group, which is 0 if the group is absent.
// Its cost is proportional to the number of keys.
func (v *verbs) Count(group string) (int, error) {
	n, err := v.count(context.Background(), group, scan{})
	return int(n), failed(err, "Count", group, "")
}

// GetAll returns the live keys of a group and their values, all read from one
// snapshot. The caller owns the map. For an absent group it is empty and not nil; on
// an error it is nil. The whole group is held in memory: use [Group.All] for groups
// that are too large for that.
func (v *verbs) GetAll(group string) (map[string]string, error) {
	all, err := v.getAll(context.Background(), group)
	return all, failed(err, "GetAll", group, "")
}

// set writes a value. Without limits that is a single statement, which needs no
// savepoint in a transaction.
func (sc *scope) set(ctx context.Context, group, key, value string, expiresAt engine.Expiry, now time.Time) error {
	arg := engine.SetParams{
		Grp: sc.full(group), Key: key, Value: value,
		ExpiresAt: expiresAt, Revision: now.UnixMicro(),
	}
	if sc.limits != nil {
		return sc.change(ctx, func(t engine.Tx) error { return t.Set(ctx, arg) })
	}
	w, err := sc.writer()
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return w.Set(ctx, arg)
}

func (sc *scope) setWithTTL(group, key, value string, ttl time.Duration) error {
	now := sc.now()
	at, err := expiry(now, ttl)
	if err != nil {
		return err
	}
	return sc.set(context.Background(), group, key, value, at, now)
}

func (sc *scope) delete(ctx context.Context, group, key string) error {
	w, err := sc.writer()
	if err == nil {
		_, err = w.Delete(ctx, engine.DeleteParams{Grp: sc.full(group), Key: key})
	}
	return err
}

func (sc *scope) deleteGroup(ctx context.Context, group string) error {
	w, err := sc.writer()
	if err == nil {
		_, err = w.DeleteGroup(ctx, sc.full(group))
	}
	return err
}

// writer returns the statements that write, for a verb that is a single statement and
// that no limit can refuse.
func (sc *scope) writer() (engine.Writer, error) {
	if sc.tx != nil {
		return sc.tx.writer(sc.store)
	}
	return sc.store.eng, nil
}

func (sc *scope) count(ctx context.Context, group string, s scan) (int64, error) {
	if s.empty {
		return 0, nil
	}
	r, err := sc.reader()
	if err != nil {
		return 0, err
	}
	n, err := r.Count(ctx, engine.CountParams{
		Grp: sc.full(group), Low: s.low, High: s.high, Bounded: s.bounded, Now: sc.now().UnixMilli(),
	})
	if s.limit > 0 {
		n = min(n, int64(s.limit))
	}
	return n, err
}

func (sc *scope) getAll(ctx context.Context, group string) (map[string]string, error) {
	r, err := sc.reader()
	if err != nil {
		return nil, err
	}
	return r.GetAll(ctx, engine.GetAllParams{Grp: sc.full(group), Now: sc.now().UnixMilli()})
}
