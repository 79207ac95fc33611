package sqlite

import (
	"context"

	"forge.lthn.ai/core/go-store/internal/engine"
)

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

// write runs one statement of engine.Writer.
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
		var none R // the statement may have run and been rolled back with its batch
		return none, err
	}
	return result, nil
}
