package sqlite

import (
	"context"
	"errors"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/rowcache"
)

// runner runs statements of engine.Reader.
type runner interface {
	read(ctx context.Context, fn func(reader) error) error
}

// statements implements engine.Reader. Each statement runs on the runner.
type statements struct {
	runner runner
}

// Get implements [engine.Reader].
func (s statements) Get(ctx context.Context, arg engine.GetParams) (engine.GetRow, error) {
	return read(ctx, s.runner, engine.Reader.Get, arg)
}

// Lookup implements [engine.Reader].
func (s statements) Lookup(ctx context.Context, arg engine.GetParams) (engine.GetRow, error) {
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

// Get implements [engine.Reader]. It reads the cache first.
func (e *Engine) Get(ctx context.Context, arg engine.GetParams) (engine.GetRow, error) {
	switch hit := e.cache.Row(arg.Grp, arg.Key); {
	case hit == nil:
		return e.readRow(ctx, arg)
	case !hit.Found():
		return engine.GetRow{}, engine.ErrNotFound
	default:
		return engine.GetRow{Value: hit.Value(), ExpiresAt: hit.Expiry(), Revision: hit.Revision()}, nil
	}
}

// Lookup implements [engine.Reader]. If a cached row has no revision, it reads the database.
func (e *Engine) Lookup(ctx context.Context, arg engine.GetParams) (engine.GetRow, error) {
	row, err := e.Get(ctx, arg)
	if err == nil && row.Revision == 0 {
		return e.readRow(ctx, arg)
	}
	return row, err
}

// readRow reads a row from the database and fills the cache.
func (e *Engine) readRow(ctx context.Context, arg engine.GetParams) (engine.GetRow, error) {
	h, ok := e.cache.Before()
	row, err := e.statements.Get(ctx, arg)
	if ok && (err == nil || errors.Is(err, engine.ErrNotFound)) {
		e.cache.FillRow(arg.Grp, arg.Key, row, err == nil, h)
	}
	return row, err
}

// GetAll implements [engine.Reader]. It reads the cache first.
func (e *Engine) GetAll(ctx context.Context, arg engine.GetAllParams) (map[string]string, error) {
	if hit := e.cache.Group(arg.Grp); hit != nil && hit.LiveAt(arg.Now) {
		return hit.Values(), nil
	}
	h, ok := e.cache.Before()
	if !ok {
		return e.statements.GetAll(ctx, arg)
	}
	var group *rowcache.Group
	if err := e.runner.read(ctx, func(r reader) (err error) {
		group, err = r.group(ctx, arg)
		return err
	}); err != nil {
		return nil, err
	}
	e.cache.FillGroup(arg.Grp, group, h)
	return group.Values(), nil
}

// View implements [engine.Engine].
func (e *Engine) View(ctx context.Context, fn func(engine.Reader) error) error {
	return e.readers.view(ctx, fn)
}
