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
	if err == nil {
		return cachedReaders(ctx, readers, path, opts)
	}
	if !isFrozen(path, err) {
		return nil, err
	}
	if frozenReaders, frozenErr := openReadOnlyAs(ctx, path, frozen, opts); frozenErr == nil {
		return newEngine(frozenReaders, nil), nil
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
	e := newEngine(p, nil)
	err = e.attach(ctx, c.preparedConn, path, opts)
	p.keep(c)
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	return e, nil
}

func openReadOnlyAs(ctx context.Context, path string, a access, opts Options) (*pool, error) {
	shim, err := planReadOnly(ctx, dsn(path, a, opts.BusyTimeout), opts)
	if err != nil {
		return nil, err
	}
	return opts.openReaders(dsn(path, a, opts.BusyTimeout), shim)
}

// isFrozen says whether a file that failed to open with err can be read as one on
// media that nobody can write. SQLite cannot make the -shm file there that it
// reads a WAL database with. It needs none if there is nothing but the file: no
// WAL to miss, no journal to roll back, no process that has it open.
func isFrozen(path string, err error) bool {
	return cannotWrite(err) && !hasContent(path+"-wal") && !hasContent(path+"-journal") && !hasContent(path+"-shm")
}

func hasContent(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Size() > 0
}

// planReadOnly looks at the schema and returns what each connection has to do
// before it can run the statements of the current one.
func planReadOnly(ctx context.Context, dsn string, opts Options) (shim func(context.Context, *sql.Conn) error, err error) {
	err = look(ctx, dsn, opts, func(_ *sql.DB, s schema, _ plan) error {
		if len(s.columns) == 0 {
			return fmt.Errorf("%w: the file has no table kv yet; open it once without WithReadOnly", engine.ErrSchema)
		}
		shim = s.shim()
		return nil
	})
	return shim, err
}

// lookFirst says whether a file will be refused that has a WAL nobody has emptied.
// Closing a connection that can write would empty it, into a file that is to stay
// as it was; so this looks through one that cannot.
func lookFirst(ctx context.Context, path string, opts Options) error {
	if !hasContent(path + "-wal") {
		return nil
	}
	err := look(ctx, dsn(path, readOnly, opts.BusyTimeout), opts, func(db *sql.DB, _ schema, p plan) error {
		if p.current() {
			return nil
		}
		return quickCheck(ctx, db)
	})
	for _, refusal := range []error{engine.ErrSchema, engine.ErrSchemaTooNew, engine.ErrCorrupt} {
		if errors.Is(err, refusal) {
			return err
		}
	}
	return nil // whatever else it is, who can write may fare better
}

// look calls fn with the schema of a file, unless the file is to be refused.
func look(ctx context.Context, dsn string, opts Options, fn func(*sql.DB, schema, plan) error) error {
	connector, err := opts.connector(dsn)
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	defer db.Close() // nothing was written
	latest, err := latestVersion()
	if err != nil {
		return err
	}
	s, err := inspectPool(ctx, db, opts.MigrationsTable)
	if err != nil {
		return err
	}
	p, err := s.decide(latest, opts.MigrationsTable)
	if err != nil {
		return err
	}
	if opts.ManualMigrations && !p.current() {
		return errNotCurrent(latest)
	}
	return fn(db, s, p)
}

// shim makes an older table look like the current one, for one connection that
// reads, or returns nil if the table is current.
func (s schema) shim() func(context.Context, *sql.Conn) error {
	_, expiry := s.columns["expires_at"]
	_, revision := s.columns["revision"]
	view := ""
	switch {
	case !expiry:
		view = sqlViewPlain
	case !revision:
		view = sqlViewExpiry
	case !s.usage:
		view = sqlViewUsage
	default:
		return nil
	}
	return func(ctx context.Context, conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, view)
		return translate(err)
	}
}
