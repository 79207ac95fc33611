package sqlite

import (
	"context"
	"errors"
	"fmt"

	"forge.lthn.ai/core/go-store/internal/dbgen/sqlitegen"
	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// maxRowBytes is SQLite's limit for one row (SQLITE_MAX_LENGTH), less the maximum size of
// the row's header.
const maxRowBytes = 1_000_000_000 - 64

// tx implements engine.Tx with the generated statements of the writer's connection. A
// statement that has begun runs to its end, because interrupting it would roll back the
// transaction for every caller that shares it.
type tx struct {
	reader
	w *writer
}

func (t tx) Set(ctx context.Context, arg engine.SetParams) error {
	if n := len(arg.Grp) + len(arg.Key) + len(arg.Value); n > maxRowBytes {
		return fmt.Errorf("%w: %d bytes, the limit is %d", engine.ErrTooLarge, n, maxRowBytes)
	}
	row := engine.Row{Grp: arg.Grp, Key: arg.Key, Value: arg.Value, ExpiresAt: arg.ExpiresAt}
	detailed := t.w.changes.Detailed
	// The lookup may fail after the write, which must then be undone.
	return t.w.statement(detailed, func() error {
		if err := t.q.Set(context.Background(), sqlitegen.SetParams(arg)); err != nil {
			return conn.Translate(err)
		}
		if detailed { // only the database knows what revision the row got
			got, err := t.Lookup(ctx, engine.GetParams{Grp: arg.Grp, Key: arg.Key})
			if err != nil {
				return err
			}
			row.Revision = got.Revision
		}
		t.w.changes.Add(engine.Change{Row: row})
		return nil
	})
}

func (t tx) SetExpiry(ctx context.Context, arg engine.SetExpiryParams) (int64, error) {
	n, err := t.q.SetExpiry(context.Background(), sqlitegen.SetExpiryParams(arg))
	if err != nil || n == 0 {
		return 0, conn.Translate(err)
	}
	row, err := t.Lookup(ctx, engine.GetParams{Grp: arg.Grp, Key: arg.Key})
	if err != nil {
		return 0, err
	}
	t.w.changes.Add(engine.Change{Row: engine.Row{
		Grp: arg.Grp, Key: arg.Key, Value: row.Value, ExpiresAt: row.ExpiresAt, Revision: row.Revision,
	}})
	return n, nil
}

func (t tx) Delete(ctx context.Context, arg engine.DeleteParams) (int64, error) {
	return t.delete(ctx, engine.GetParams(arg), func() (int64, error) {
		return t.q.Delete(context.Background(), sqlitegen.DeleteParams(arg))
	})
}

func (t tx) DeleteExpired(ctx context.Context, arg engine.DeleteExpiredParams) (int64, error) {
	return t.delete(ctx, engine.GetParams{Grp: arg.Grp, Key: arg.Key}, func() (int64, error) {
		return t.q.DeleteExpired(context.Background(), sqlitegen.DeleteExpiredParams(arg))
	})
}

// delete runs a statement that deletes one row, and records the deletion.
func (t tx) delete(ctx context.Context, arg engine.GetParams, statement func() (int64, error)) (int64, error) {
	row := engine.Row{Grp: arg.Grp, Key: arg.Key}
	if t.w.changes.Detailed {
		old, err := t.Lookup(ctx, arg)
		if err != nil && !errors.Is(err, engine.ErrNotFound) {
			return 0, err
		}
		row.ExpiresAt, row.Revision = old.ExpiresAt, old.Revision
	}
	var n int64
	err := t.w.statement(false, func() (err error) {
		if n, err = statement(); n > 0 {
			t.w.changes.Add(engine.Change{Deleted: true, Row: row})
		}
		return conn.Translate(err)
	})
	return n, err
}

func (t tx) DeleteGroup(_ context.Context, grp string) (int64, error) {
	if t.w.changes.Detailed {
		rows, err := t.q.DeleteGroupKeys(context.Background(), grp)
		for _, r := range rows {
			t.w.changes.Add(engine.Change{Deleted: true, Row: engine.Row{
				Grp: grp, Key: r.Key, ExpiresAt: r.ExpiresAt, Revision: r.Revision,
			}})
		}
		return int64(len(rows)), conn.Translate(err)
	}
	n, err := t.q.DeleteGroup(context.Background(), grp)
	if n > 0 {
		t.w.changes.All = true
	}
	return n, conn.Translate(err)
}

func (t tx) PurgeExpired(_ context.Context, arg engine.PurgeExpiredParams) (int64, error) {
	rows, err := t.q.PurgeExpired(context.Background(), sqlitegen.PurgeExpiredParams(arg))
	for _, r := range rows {
		t.purged(sqlitegen.PurgeRangeRow(r), arg.Now)
	}
	return int64(len(rows)), conn.Translate(err)
}

func (t tx) PurgeRange(_ context.Context, arg engine.PurgeRangeParams) (int64, error) {
	rows, err := t.q.PurgeRange(context.Background(), sqlitegen.PurgeRangeParams(arg))
	for _, r := range rows {
		t.purged(r, arg.Now)
	}
	return int64(len(rows)), conn.Translate(err)
}

// purged records the removal of a row that had expired by now. The cache needs only that
// time, not each row.
func (t tx) purged(r sqlitegen.PurgeRangeRow, now int64) {
	c := &t.w.changes
	c.Purged = max(c.Purged, now)
	if c.Detailed {
		c.Rows = append(c.Rows, engine.Change{Deleted: true, Row: engine.Row{
			Grp: r.Grp, Key: r.Key, ExpiresAt: r.ExpiresAt, Revision: r.Revision,
		}})
	}
}

func (t tx) StartUsage(_ context.Context, arg engine.StartUsageParams) error {
	n, err := t.q.StartUsage(context.Background(), sqlitegen.StartUsageParams(arg))
	if n > 0 {
		t.w.changes.Silent = true
	}
	return conn.Translate(err)
}

// Nested implements [engine.Tx].
func (t tx) Nested(_ context.Context, fn func() error) error {
	fnErr, err := t.w.nested(fn)
	if err != nil {
		return err
	}
	return fnErr
}
