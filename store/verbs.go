package store

import (
	"context"
	"database/sql"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// verbs are the string API: those of a [Store], a [Tx] and a [Namespace]. Each
// exported one is the plain one with its error made an *[Error].
type verbs struct {
	scope
}

// Get returns the value of a key, or [ErrNotFound] if there is none or it has
// expired.
func (v *verbs) Get(group, key string) (string, error) {
	row, err := v.get(context.Background(), group, key)
	if err != nil {
		return "", failed(err, "Get", group, key)
	}
	return row.Value, nil
}

// Set stores a value that does not expire, over any earlier value and its TTL.
// Group, key and value may be any bytes, 999,999,936 of them together.
func (v *verbs) Set(group, key, value string) error {
	return failed(v.set(context.Background(), group, key, value, sql.NullInt64{}, v.now()), "Set", group, key)
}

// SetWithTTL stores a value that expires after ttl, which is rounded up to whole
// milliseconds and must be above zero, else [ErrInvalidTTL].
func (v *verbs) SetWithTTL(group, key, value string, ttl time.Duration) error {
	return failed(v.setWithTTL(group, key, value, ttl), "SetWithTTL", group, key)
}

// Delete removes a key. One that is absent is no error. [Group.Delete] says whether
// it was there.
func (v *verbs) Delete(group, key string) error {
	return failed(v.delete(context.Background(), group, key), "Delete", group, key)
}

// DeleteGroup removes every key of a group, all or none.
func (v *verbs) DeleteGroup(group string) error {
	return failed(v.deleteGroup(context.Background(), group), "DeleteGroup", group, "")
}

// Count returns the number of live keys in a group; 0 if it is absent.
func (v *verbs) Count(group string) (int, error) {
	n, err := v.count(context.Background(), group, scan{})
	return int(n), failed(err, "Count", group, "")
}

// GetAll returns the live keys of a group and their values, as of one moment.
// The map is the caller's; for a group that is absent it is empty, not nil.
func (v *verbs) GetAll(group string) (map[string]string, error) {
	all, err := v.getAll(context.Background(), group)
	return all, failed(err, "GetAll", group, "")
}

// set writes a value. It is one statement, unless it has to keep to limits.
func (sc *scope) set(ctx context.Context, group, key, value string, expiresAt sql.NullInt64, now time.Time) error {
	arg := engine.SetParams{
		Grp: sc.full(group), Key: key, Value: value,
		ExpiresAt: expiresAt, Revision: now.UnixMicro(),
	}
	if sc.tx == nil && sc.limits == nil {
		return sc.store.eng.Set(ctx, arg)
	}
	return sc.change(ctx, func(t engine.Tx) error { return t.Set(ctx, arg) })
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

// writer returns the statements that write, for a verb that is one of them and
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
