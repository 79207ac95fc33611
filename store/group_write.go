package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// Set stores a value and replaces any earlier value and expiry. Without an option the
// key does not expire. Group, key and encoded value together may have up to
// 999,999,936 bytes; beyond that, Set and every other write returns [ErrTooLarge].
func (g Group[V]) Set(ctx context.Context, key string, v V, opts ...SetOption) error {
	return failed(g.set(ctx, key, v, opts), "Set", g.name, key)
}

func (g Group[V]) set(ctx context.Context, key string, v V, opts []SetOption) error {
	now := g.sc.now()
	d, err := newDeadline(now, opts)
	if err != nil {
		return err
	}
	value, err := encode(g.codec, v)
	if err != nil {
		return err
	}
	if !d.keep {
		return g.sc.set(ctx, g.name, key, value, d.at, now)
	}
	_, err = g.put(ctx, key, value, d, now, nil)
	return err
}

// put writes a value and returns its revision. A non-nil check sees the row before
// the write, and its error prevents the write. If found is false, the row is absent
// or has expired.
func (g Group[V]) put(ctx context.Context, key, value string, d deadline, now time.Time, check func(old engine.GetRow, found bool) error) (Revision, error) {
	var revision int64
	group := g.sc.full(g.name)
	err := g.sc.change(ctx, func(t engine.Tx) error {
		old, found, err := find(ctx, t, group, key, now)
		if err != nil {
			return err
		}
		if check != nil {
			if err := check(old, found); err != nil {
				return err
			}
		}
		revision = revisionAt(now, old.Revision)
		return t.Set(ctx, engine.SetParams{
			Grp: group, Key: key, Value: value, ExpiresAt: d.after(old.ExpiresAt, found), Revision: revision,
		})
	})
	if err != nil {
		return 0, err
	}
	return Revision(revision), nil
}

// SetMany stores several values in one transaction, all or none. The options apply to
// each of them. All encoded values are in memory at once, and other writers wait
// until the transaction ends. If one key is at fault, the error names it.
func (g Group[V]) SetMany(ctx context.Context, vs map[string]V, opts ...SetOption) error {
	return failed(g.setMany(ctx, vs, opts), "SetMany", g.name, "")
}

func (g Group[V]) setMany(ctx context.Context, vs map[string]V, opts []SetOption) error {
	now := g.sc.now()
	d, err := newDeadline(now, opts)
	if err != nil {
		return err
	}
	group := g.sc.full(g.name)
	rows := make([]engine.SetParams, 0, len(vs))
	for key, v := range vs {
		value, err := encode(g.codec, v)
		if err != nil {
			return failed(err, "SetMany", g.name, key)
		}
		rows = append(rows, engine.SetParams{
			Grp: group, Key: key, Value: value, ExpiresAt: d.at, Revision: now.UnixMicro(),
		})
	}
	// SQLite's tree is in key order, so writing in that order visits each page once.
	slices.SortFunc(rows, func(a, b engine.SetParams) int { return strings.Compare(a.Key, b.Key) })
	return g.sc.change(ctx, func(t engine.Tx) error {
		for _, row := range rows {
			if d.keep {
				old, found, err := find(ctx, t, group, row.Key, now)
				if err != nil {
					return err
				}
				row.ExpiresAt = d.after(old.ExpiresAt, found)
			}
			if err := t.Set(ctx, row); err != nil {
				return failed(err, "SetMany", g.name, row.Key)
			}
		}
		return nil
	})
}

// Add stores a value if the key is absent or has expired, and returns [ErrExists]
// otherwise. Of several concurrent Adds of one key, exactly one succeeds.
func (g Group[V]) Add(ctx context.Context, key string, v V, opts ...SetOption) error {
	_, err := g.putIf(ctx, key, v, opts, func(_ engine.GetRow, found bool) error {
		if found {
			return ErrExists
		}
		return nil
	})
	return failed(err, "Add", g.name, key)
}

// CompareAndSwap stores a value if the key is at revision rev, and returns the new
// revision. Otherwise it returns [ErrConflict]. A rev of 0 means that the key must be
// absent or expired. Revisions come from [Group.Entry], [Group.All], [Group.Watch] or
// an earlier CompareAndSwap.
func (g Group[V]) CompareAndSwap(ctx context.Context, key string, rev Revision, v V, opts ...SetOption) (Revision, error) {
	revision, err := g.putIf(ctx, key, v, opts, func(old engine.GetRow, found bool) error {
		return compare(old, found, rev)
	})
	return revision, failed(err, "CompareAndSwap", g.name, key)
}

func (g Group[V]) putIf(ctx context.Context, key string, v V, opts []SetOption, check func(engine.GetRow, bool) error) (Revision, error) {
	now := g.sc.now()
	d, err := newDeadline(now, opts)
	if err != nil {
		return 0, err
	}
	value, err := encode(g.codec, v)
	if err != nil {
		return 0, err
	}
	return g.put(ctx, key, value, d, now, check)
}

func compare(old engine.GetRow, found bool, rev Revision) error {
	if found && Revision(old.Revision) == rev || !found && rev == 0 {
		return nil
	}
	return ErrConflict
}

// CompareAndDelete removes a key if it is at revision rev. Otherwise it returns
// [ErrConflict]. With a rev of 0 it returns nil if the key is absent or has expired.
func (g Group[V]) CompareAndDelete(ctx context.Context, key string, rev Revision) error {
	now := g.sc.now()
	group := g.sc.full(g.name)
	err := g.sc.change(ctx, func(t engine.Tx) error {
		old, found, err := find(ctx, t, group, key, now)
		if err != nil {
			return err
		}
		if err := compare(old, found, rev); err != nil || !found {
			return err
		}
		_, err = t.Delete(ctx, engine.DeleteParams{Grp: group, Key: key})
		return err
	})
	return failed(err, "CompareAndDelete", g.name, key)
}

// Modify replaces a value with the result of fn, atomically, and returns that result.
// If fn returns an error or panics, the value stays as it was; Modify wraps the error
// in its own and lets the panic pass.
//
// If the key is absent or has expired, fn receives a zero old and found is false. fn
// may change and keep old. It runs once, on the caller's goroutine, while all other
// writers wait. It must be quick, and it must not write to the store: see
// [Store.Update]. As with [Group.Set], the new value does not expire unless an option
// sets its expiry; [KeepTTL] keeps the old expiry.
func (g Group[V]) Modify(ctx context.Context, key string, fn func(old V, found bool) (V, error), opts ...SetOption) (V, error) {
	v, err := g.modify(ctx, key, fn, opts)
	return v, failed(err, "Modify", g.name, key)
}

func (g Group[V]) modify(ctx context.Context, key string, fn func(old V, found bool) (V, error), opts []SetOption) (v V, err error) {
	now := g.sc.now()
	d, err := newDeadline(now, opts)
	if err != nil {
		return v, err
	}
	err = g.sc.changeBy(ctx, func(t engine.Tx) error {
		v, err = g.replace(ctx, t, key, now, d, fn)
		return err
	})
	if err != nil {
		var none V
		return none, err
	}
	return v, nil
}

// replace runs fn on a value and writes the result, within a transaction.
func (g Group[V]) replace(ctx context.Context, t engine.Tx, key string, now time.Time, d deadline, fn func(old V, found bool) (V, error)) (v V, err error) {
	group := g.sc.full(g.name)
	row, found, err := find(ctx, t, group, key, now)
	if err != nil {
		return v, err
	}
	var old V
	if found {
		if old, err = decode[V](g.codec, row.Value); err != nil {
			return v, err
		}
	}
	if v, err = fn(old, found); err != nil {
		return v, err
	}
	value, err := encode(g.codec, v)
	if err != nil {
		return v, err
	}
	return v, t.Set(ctx, engine.SetParams{
		Grp: group, Key: key, Value: value,
		ExpiresAt: d.after(row.ExpiresAt, found), Revision: revisionAt(now, row.Revision),
	})
}

// Delete removes keys in one transaction, all or none, and returns how many of them
// were live. An absent key is not an error.
func (g Group[V]) Delete(ctx context.Context, keys ...string) (int64, error) {
	now := g.sc.now()
	group := g.sc.full(g.name)
	var n int64
	err := g.sc.change(ctx, func(t engine.Tx) error {
		n = 0
		for _, key := range keys {
			_, found, err := find(ctx, t, group, key, now)
			if err != nil {
				return err
			}
			if found {
				n++
			}
			if _, err := t.Delete(ctx, engine.DeleteParams{Grp: group, Key: key}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, failed(err, "Delete", g.name, "")
	}
	return n, nil
}

// Take removes a key and returns its value, atomically, or returns [ErrNotFound] if
// the key is absent or has expired. Of several concurrent Takes of one key, exactly
// one gets the value. If the value does not decode, the key stays.
func (g Group[V]) Take(ctx context.Context, key string) (V, error) {
	now := g.sc.now()
	group := g.sc.full(g.name)
	var v V
	err := g.sc.change(ctx, func(t engine.Tx) error {
		row, found, err := find(ctx, t, group, key, now)
		if err != nil {
			return err
		}
		if !found {
			return ErrNotFound
		}
		if v, err = decode[V](g.codec, row.Value); err != nil {
			return err
		}
		_, err = t.Delete(ctx, engine.DeleteParams{Grp: group, Key: key})
		return err
	})
	if err != nil {
		var none V
		return none, failed(err, "Take", g.name, key)
	}
	return v, nil
}

// Clear removes every key of the group in one transaction, all or none, and returns
// how many of them were live. Other writers wait until it ends.
func (g Group[V]) Clear(ctx context.Context) (int64, error) {
	now := g.sc.now().UnixMilli()
	group := g.sc.full(g.name)
	var n int64
	err := g.sc.change(ctx, func(t engine.Tx) (err error) {
		if n, err = t.Count(ctx, engine.CountParams{Grp: group, Now: now}); err != nil {
			return err
		}
		_, err = t.DeleteGroup(ctx, group)
		return err
	})
	if err != nil {
		return 0, failed(err, "Clear", g.name, "")
	}
	return n, nil
}
