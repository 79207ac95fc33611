package sqlite

import (
	"context"
	"errors"

	"forge.lthn.ai/core/go-store/internal/dbgen/sqlitegen"
	"forge.lthn.ai/core/go-store/internal/engine"
)

// runner is where a statement of engine.Reader can run.
type runner interface {
	read(ctx context.Context, fn func(reader) error) error
}

// statements is engine.Reader, each statement run by the runner.
type statements struct {
	runner runner
}

// Get implements [engine.Reader].
func (s statements) Get(ctx context.Context, arg engine.GetParams) (engine.GetRow, error) {
	return read(ctx, s.runner, engine.Reader.Get, arg)
}

// Lookup implements [engine.Reader].
func (s statements) Lookup(ctx context.Context, arg engine.GetParams) (engine.LookupRow, error) {
	return read(ctx, s.runner, engine.Reader.Lookup, arg)
}

// Revisions implements [engine.Reader].
func (s statements) Revisions(ctx context.Context, arg engine.RevisionsParams) ([]engine.RevisionsRow, error) {
	return read(ctx, s.runner, engine.Reader.Revisions, arg)
}

// Usage implements [engine.Reader].
func (s statements) Usage(ctx context.Context, namespace string) (engine.UsageRow, error) {
	return read(ctx, s.runner, engine.Reader.Usage, namespace)
}

// Count implements [engine.Reader].
func (s statements) Count(ctx context.Context, arg engine.CountParams) (int64, error) {
	return read(ctx, s.runner, engine.Reader.Count, arg)
}

// GetAll implements [engine.Reader].
func (s statements) GetAll(ctx context.Context, arg engine.GetAllParams) (map[string]string, error) {
	return read(ctx, s.runner, engine.Reader.GetAll, arg)
}

// Scan implements [engine.Reader].
func (s statements) Scan(ctx context.Context, arg engine.ScanParams) ([]engine.Row, error) {
	return read(ctx, s.runner, engine.Reader.Scan, arg)
}

// Groups implements [engine.Reader].
func (s statements) Groups(ctx context.Context, arg engine.GroupsParams) ([]engine.GroupsRow, error) {
	return read(ctx, s.runner, engine.Reader.Groups, arg)
}

// read runs one statement of engine.Reader.
func read[A, R any](ctx context.Context, rs runner, statement func(engine.Reader, context.Context, A) (R, error), arg A) (result R, err error) {
	err = rs.read(ctx, func(r reader) error {
		var err error
		result, err = statement(r, ctx, arg)
		return err
	})
	return result, err
}

// Get implements [engine.Reader], from the cache if it knows the answer.
func (e *Engine) Get(ctx context.Context, arg engine.GetParams) (engine.GetRow, error) {
	switch hit := e.cache.row(arg.Grp, arg.Key); {
	case hit == nil && e.cache == nil:
		return e.statements.Get(ctx, arg)
	case hit == nil:
		row, err := e.readRow(ctx, arg)
		return engine.GetRow{Value: row.Value, ExpiresAt: row.ExpiresAt}, err
	case !hit.found:
		return engine.GetRow{}, engine.ErrNotFound
	default:
		return engine.GetRow{Value: hit.value, ExpiresAt: hit.expiry()}, nil
	}
}

// Lookup implements [engine.Reader], from the cache if it knows the answer, the
// revision included.
func (e *Engine) Lookup(ctx context.Context, arg engine.GetParams) (engine.LookupRow, error) {
	switch hit := e.cache.row(arg.Grp, arg.Key); {
	case hit == nil || hit.found && hit.revision == 0:
		return e.readRow(ctx, arg)
	case !hit.found:
		return engine.LookupRow{}, engine.ErrNotFound
	default:
		return engine.LookupRow{Value: hit.value, ExpiresAt: hit.expiry(), Revision: hit.revision}, nil
	}
}

// readRow reads a row from the database and fills the cache.
func (e *Engine) readRow(ctx context.Context, arg engine.GetParams) (engine.LookupRow, error) {
	h, ok := e.cache.before()
	row, err := e.statements.Lookup(ctx, arg)
	if ok && (err == nil || errors.Is(err, engine.ErrNotFound)) {
		e.cache.fillRow(arg.Grp, arg.Key, row, err == nil, h)
	}
	return row, err
}

// GetAll implements [engine.Reader], from the cache if it knows the answer.
func (e *Engine) GetAll(ctx context.Context, arg engine.GetAllParams) (map[string]string, error) {
	if hit := e.cache.group(arg.Grp); hit != nil && hit.liveAt(arg.Now) {
		return hit.values(), nil
	}
	h, ok := e.cache.before()
	if !ok {
		return e.statements.GetAll(ctx, arg)
	}
	var group *groupRows
	if err := e.runner.read(ctx, func(r reader) error {
		rows, err := r.q.GetAllToKeep(ctx, sqlitegen.GetAllToKeepParams(arg))
		group = newGroupRows(rows, arg.Now)
		return translate(err)
	}); err != nil {
		return nil, err
	}
	e.cache.fillGroup(arg.Grp, group, h)
	return group.values(), nil
}

// View implements [engine.Engine].
func (e *Engine) View(ctx context.Context, fn func(engine.Reader) error) error {
	return e.readers.view(ctx, fn)
}

// Update implements [engine.Engine].
func (e *Engine) Update(ctx context.Context, fn func(engine.Tx) error) error {
	if e.writer == nil {
		return engine.ErrReadOnly
	}
	return e.writer.update(ctx, fn)
}

// Apply implements [engine.Engine].
func (e *Engine) Apply(ctx context.Context, fn func(engine.Tx) error) error {
	if e.writer == nil {
		return engine.ErrReadOnly
	}
	return e.writer.apply(ctx, fn)
}

// Set implements [engine.Writer].
func (e *Engine) Set(ctx context.Context, arg engine.SetParams) error {
	_, err := write(ctx, e.writer, func(t engine.Tx, ctx context.Context, arg engine.SetParams) (struct{}, error) {
		return struct{}{}, t.Set(ctx, arg)
	}, arg)
	return err
}

// Delete implements [engine.Writer].
func (e *Engine) Delete(ctx context.Context, arg engine.DeleteParams) (int64, error) {
	return write(ctx, e.writer, engine.Tx.Delete, arg)
}

// DeleteExpired implements [engine.Writer].
func (e *Engine) DeleteExpired(ctx context.Context, arg engine.DeleteExpiredParams) (int64, error) {
	return write(ctx, e.writer, engine.Tx.DeleteExpired, arg)
}

// DeleteGroup implements [engine.Writer].
func (e *Engine) DeleteGroup(ctx context.Context, grp string) (int64, error) {
	return write(ctx, e.writer, engine.Tx.DeleteGroup, grp)
}

// PurgeExpired implements [engine.Writer].
func (e *Engine) PurgeExpired(ctx context.Context, arg engine.PurgeExpiredParams) (int64, error) {
	return write(ctx, e.writer, engine.Tx.PurgeExpired, arg)
}

// write queues one statement of engine.Writer.
func write[A, R any](ctx context.Context, w *writer, statement func(engine.Tx, context.Context, A) (R, error), arg A) (result R, err error) {
	if w == nil {
		return result, engine.ErrReadOnly
	}
	err = w.write(ctx, func(t tx) error {
		var err error
		result, err = statement(t, ctx, arg)
		return err
	})
	if err != nil {
		var none R // the statement may have run, and been undone with its batch
		return none, err
	}
	return result, nil
}
