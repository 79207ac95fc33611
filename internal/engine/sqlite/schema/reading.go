package schema

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// ForReading inspects a file that is only read. Each connection must call prepare before
// it runs the statements of the current schema. prepare is nil if the file is current.
func ForReading(ctx context.Context, dsn string, opts Options) (prepare func(context.Context, *sql.Conn) error, err error) {
	err = inspected(ctx, dsn, opts, func(_ *sql.DB, f file, _ plan) error {
		if len(f.columns) == 0 {
			return fmt.Errorf("%w: the file has no table kv; open it once without WithReadOnly", engine.ErrSchema)
		}
		if views := f.views(); len(views) > 0 {
			prepare = func(ctx context.Context, c *sql.Conn) error { return create(ctx, c, views) }
		}
		return nil
	})
	return prepare, err
}

// create creates temporary views on a connection.
func create(ctx context.Context, c *sql.Conn, views []string) error {
	for _, view := range views {
		if _, err := c.ExecContext(ctx, view); err != nil {
			return conn.Translate(err)
		}
	}
	return nil
}

// Refuse returns the error with which [Prepare] will refuse a file that has a WAL, or nil.
// It uses a read-only connection. When a connection that can write is closed, it
// checkpoints the WAL, but a refused file must stay as it was.
func Refuse(ctx context.Context, path string, opts Options) error {
	if !conn.HasContent(path + "-wal") {
		return nil
	}
	err := inspected(ctx, conn.DSN(path, conn.ReadOnly, opts.BusyTimeout), opts, func(pool *sql.DB, _ file, p plan) error {
		if p.current() {
			return nil
		}
		return quickCheck(ctx, pool)
	})
	for _, refusal := range []error{engine.ErrSchema, engine.ErrSchemaTooNew, engine.ErrCorrupt} {
		if errors.Is(err, refusal) {
			return err
		}
	}
	return nil // with other errors, a connection that can write may succeed
}

// inspected calls fn with the schema of a file, or returns an error if the file must be
// refused.
func inspected(ctx context.Context, dsn string, opts Options, fn func(*sql.DB, file, plan) error) error {
	pool, err := opts.Opener.Pool(dsn)
	if err != nil {
		return err
	}
	defer pool.Close() // nothing was written
	f, err := inspectPool(ctx, pool, opts.MigrationsTable)
	if err != nil {
		return err
	}
	p, err := f.plan(opts.MigrationsTable)
	if err != nil {
		return err
	}
	if opts.ManualMigrations && !p.current() {
		return notCurrent()
	}
	return fn(pool, f, p)
}
