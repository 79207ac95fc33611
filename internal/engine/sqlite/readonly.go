package sqlite

import (
	"context"
	"errors"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/schema"
)

// openReadOnly opens a file without changing it. If the file has an older schema, it is
// read through temporary views.
func openReadOnly(ctx context.Context, path string, opts Options) (*Engine, error) {
	e, err := openReadOnlyAs(ctx, path, conn.ReadOnly, opts)
	if err == nil || !conn.IsFrozen(path, err) {
		return e, err
	}
	if frozen, frozenErr := openReadOnlyAs(ctx, path, conn.Frozen, opts); frozenErr == nil {
		return frozen, nil
	}
	return nil, err
}

func openReadOnlyAs(ctx context.Context, path string, a conn.Access, opts Options) (*Engine, error) {
	dsn := conn.DSN(path, a, opts.BusyTimeout)
	shim, err := schema.ForReading(ctx, dsn, opts.schema())
	if err != nil {
		return nil, err
	}
	p, err := opts.openPool(dsn, shim)
	if err != nil {
		return nil, err
	}
	e := newEngine(p, nil)
	e.outdated = shim != nil
	if a == conn.Frozen {
		return e, nil
	}
	// The pool keeps this first connection open, as the mapping needs.
	c, err := p.take(ctx)
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	err = e.attach(ctx, c.Prepared, path, p, opts)
	p.keep(c)
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	return e, nil
}
