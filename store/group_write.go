package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// Set stores a value, over any earlier one and its expiry: without an option the
// key does not expire. Group, key and encoded value may have 999,999,936
// bytes together, beyond which any write gives [ErrTooLarge].
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

// put writes a value, unless check refuses it in view of the row before it. Of a
// row that is absent or has expired, check gets no revision.
func (g Group[V]) put(ctx context.Context, key, value string, d deadline, now time.Time, check func(old engine.LookupRow, found bool) error) (Revision, error) {
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

// SetMany stores several values in one transaction, all or none, each with the
// expiry that the options say. Other writers wait meanwhile, and all values are in
// memory in their encoded form. The error names the key at fault, if it is one.
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
	// In the order of the keys, which is that of the tree they go to.
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

// Add stores a value if there is none, or none that is live, else gives [ErrExists].
// Of several who try at once, one succeeds.
func (g Group[V]) Add(ctx context.Context, key string, v V, opts ...SetOption) error {
	_, err := g.putIf(ctx, key, v, opts, func(_ engine.LookupRow, found bool) error {
		if found {
			return ErrExists
		}
		return nil
	})
	return failed(err, "Add", g.name, key)
}

// CompareAndSwap stores a value if the key is at revision rev, and returns the new
// revision; else it gives [ErrConflict]. Revision 0 stands for a key that is absent,
// as one that has expired is. The revision comes from [Group.Entry], [Group.All],
// [Group.Watch] or the CompareAndSwap before.
func (g Group[V]) CompareAndSwap(ctx context.Context, key string, rev Revision, v V, opts ...SetOption) (Revision, error) {
	revision, err := g.putIf(ctx, key, v, opts, func(old engine.LookupRow, found bool) error {
		return compare(old, found, rev)
	})
	return revision, failed(err, "CompareAndSwap", g.name, key)
}

func (g Group[V]) putIf(ctx context.Context, key string, v V, opts []SetOption, check func(engine.LookupRow, bool) error) (Revision, error) {
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

func compare(old engine.LookupRow, found bool, rev Revision) error {
	if found && Revision(old.Revision) == rev || !found && rev == 0 {
		return nil
	}
	return ErrConflict
}

// CompareAndDelete removes a key if it is at revision rev, else gives
// [ErrConflict]. For revision 0 it is enough that the key is absent.
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

// Modify replaces a value by what fn makes of it, atomically, and returns that. An
// error of fn leaves the value as it was and is wrapped in Modify's. fn gets found
// false and a zero old if there is no value; old is its own to change. It runs once,
// on the caller's goroutine, while all other writers wait, and must not write to the
// store: see [Store.Update]. As for [Group.Set], the new value does not expire unless
// the options say so; [KeepTTL] leaves the expiry as it was.
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

// replace is modify within a transaction.
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

// Delete removes keys, all or none, and returns how many of them were live. Keys that
// are absent are no error.
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

// Take removes a key and returns the value it had, or [ErrNotFound]. Of several who
// try at once, one gets it. A value that does not decode stays.
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

// Clear removes every key of the group, all or none, and returns how many of them
// were live.
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
