package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// openReadOnly opens a file without changing it, also one of an older version:
// what its table lacks, a temporary view adds.
func openReadOnly(ctx context.Context, path string, opts Options) (*Engine, error) {
	readers, err := openReadOnlyAs(ctx, path, readOnly, opts)
	if err == nil || errors.Is(err, engine.ErrSchema) || errors.Is(err, engine.ErrSchemaTooNew) {
		if err != nil {
			return nil, err
		}
		return cachedReaders(ctx, readers, path, opts)
	}
	// On media that nobody can write, SQLite cannot make the -shm file that it
	// reads a WAL database with. If there is no WAL to miss, it needs none.
	if info, statErr := os.Stat(path + "-wal"); statErr == nil && info.Size() > 0 {
		return nil, err
	}
	if frozenReaders, frozenErr := openReadOnlyAs(ctx, path, frozen, opts); frozenErr == nil {
		return &Engine{statements: statements{frozenReaders}, readers: frozenReaders}, nil
	}
	return nil, err
}

// cachedReaders puts a cache before the readers. It opens the first connection,
// which the pool then keeps, as the mapping needs.
func cachedReaders(ctx context.Context, p *pool, path string, opts Options) (*Engine, error) {
	c, err := p.take(ctx)
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	p.keep(c)
	e := &Engine{statements: statements{p}, readers: p}
	e.cache = newCache(mapWALIndex(path), opts.CacheBytes)
	return e, nil
}

func openReadOnlyAs(ctx context.Context, path string, a access, opts Options) (*pool, error) {
	shim, err := planReadOnly(ctx, dsn(path, a, opts.BusyTimeout), opts)
	if err != nil {
		return nil, err
	}
	return opts.openReaders(dsn(path, a, opts.BusyTimeout), shim)
}

// planReadOnly looks at the schema and returns what each connection has to do
// before it can run the statements of the current one.
func planReadOnly(ctx context.Context, dsn string, opts Options) (func(context.Context, *sql.Conn) error, error) {
	connector, err := opts.connector(dsn)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	defer db.Close() // nothing was written
	latest, err := latestVersion()
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, translate(err)
	}
	defer conn.Close()
	s, err := inspect(ctx, conn, opts.MigrationsTable)
	if err != nil {
		return nil, err
	}
	p, err := s.decide(latest, opts.MigrationsTable)
	switch {
	case err != nil:
		return nil, err
	case len(s.columns) == 0:
		return nil, fmt.Errorf("%w: the file has no table kv yet; open it once without WithReadOnly", engine.ErrSchema)
	case opts.ManualMigrations && !p.current():
		return nil, errNotCurrent(latest)
	}
	return s.shim(), nil
}

// shim makes an older table look like the current one, for one connection that
// reads, or returns nil if the table is current.
func (s schema) shim() func(context.Context, *sql.Conn) error {
	if _, ok := s.columns["expires_at"]; ok {
		return nil
	}
	return func(ctx context.Context, conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, sqlViewNoExpiry)
		return translate(err)
	}
}
