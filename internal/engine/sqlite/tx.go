package sqlite

import (
	"context"
	"fmt"

	"forge.lthn.ai/core/go-store/internal/dbgen/sqlitegen"
	"forge.lthn.ai/core/go-store/internal/engine"
)

// maxRowBytes is SQLite's limit on one row (SQLITE_MAX_LENGTH), less what the
// row's own header can take.
const maxRowBytes = 1_000_000_000 - 64

// tx is engine.Tx over the generated statements of the writer's connection.
// Statements run to their end once begun: interrupting one would roll back the
// writes of everyone who shares the transaction.
type tx struct {
	reader
	changes *changes
}

func (t tx) Set(_ context.Context, arg engine.SetParams) error {
	if n := len(arg.Grp) + len(arg.Key) + len(arg.Value); n > maxRowBytes {
		return fmt.Errorf("%w: %d bytes, the limit is %d", engine.ErrTooLarge, n, maxRowBytes)
	}
	if err := t.q.Set(context.Background(), sqlitegen.SetParams(arg)); err != nil {
		return translate(err)
	}
	t.changes.set(arg)
	return nil
}

func (t tx) Delete(_ context.Context, arg engine.DeleteParams) (int64, error) {
	n, err := t.q.Delete(context.Background(), sqlitegen.DeleteParams(arg))
	if n > 0 {
		t.changes.deleted(arg.Grp, arg.Key)
	}
	return n, translate(err)
}

func (t tx) DeleteExpired(_ context.Context, arg engine.DeleteExpiredParams) (int64, error) {
	n, err := t.q.DeleteExpired(context.Background(), sqlitegen.DeleteExpiredParams(arg))
	if n > 0 {
		t.changes.deleted(arg.Grp, arg.Key)
	}
	return n, translate(err)
}

func (t tx) DeleteGroup(_ context.Context, grp string) (int64, error) {
	n, err := t.q.DeleteGroup(context.Background(), grp)
	if n > 0 {
		t.changes.all = true
	}
	return n, translate(err)
}

func (t tx) PurgeExpired(_ context.Context, arg engine.PurgeExpiredParams) (int64, error) {
	n, err := t.q.PurgeExpired(context.Background(), sqlitegen.PurgeExpiredParams(arg))
	if n > 0 {
		t.changes.purged = max(t.changes.purged, arg.Now)
	}
	return n, translate(err)
}
