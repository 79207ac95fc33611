package schema

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"forge.lthn.ai/core/go-store/db"
	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// Prepare brings the schema of the file behind a guarded pool up to date.
func Prepare(ctx context.Context, pool *sql.DB, opts Options) error {
	if err := initialise(ctx, pool); err != nil {
		return err
	}
	return upgrade(ctx, pool, opts)
}

// initialise sets what can only be set while a file is empty.
func initialise(ctx context.Context, pool *sql.DB) error {
	var pages int64
	if err := pool.QueryRowContext(ctx, conn.SQLPageCount).Scan(&pages); err != nil || pages > 0 {
		return conn.Translate(err)
	}
	return conn.Exec(ctx, pool, conn.SQLSetAutoVacuum)
}

// upgrade runs in one transaction, so processes that open the same file at once wait for
// each other, and a crash leaves the file as it was.
func upgrade(ctx context.Context, pool *sql.DB, opts Options) error {
	f, err := inspectPool(ctx, pool, opts.MigrationsTable)
	if err != nil {
		return err
	}
	p, err := f.plan(opts.MigrationsTable)
	if err != nil || p.current() {
		return err
	}
	if opts.ManualMigrations {
		return notCurrent()
	}
	if err := conn.Exec(ctx, pool, conn.SQLBegin); err != nil {
		return err
	}
	if err := upgradeLocked(ctx, pool, opts); err != nil {
		return conn.Undo(pool, err)
	}
	return conn.Exec(ctx, pool, conn.SQLCommit)
}

func upgradeLocked(ctx context.Context, pool *sql.DB, opts Options) error {
	// Another process may have upgraded the file since the inspection.
	p, err := planLocked(ctx, pool, opts)
	if err != nil || p.current() {
		return err
	}
	if err := quickCheck(ctx, pool); err != nil {
		return err
	}
	if err := stamp(ctx, pool, p, opts.MigrationsTable); err != nil {
		return err
	}
	provider, err := newProvider(pool, opts)
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return conn.Translate(err)
}

// planLocked plans inside the pool's transaction.
func planLocked(ctx context.Context, pool *sql.DB, opts Options) (plan, error) {
	f, err := inspect(ctx, pool, opts.MigrationsTable)
	if err != nil {
		return plan{}, err
	}
	return f.plan(opts.MigrationsTable)
}

// inspectPool inspects the schema in one transaction, because another process may be
// upgrading the file. A half-upgraded schema would be refused.
func inspectPool(ctx context.Context, pool *sql.DB, table string) (file, error) {
	snapshot, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return file{}, conn.Translate(err)
	}
	f, err := inspect(ctx, snapshot, table)
	if endErr := snapshot.Rollback(); err == nil {
		err = conn.Translate(endErr)
	}
	return f, err
}

// quickCheck reads the whole file once, before a migration changes it: a damaged file is
// refused, not made worse.
func quickCheck(ctx context.Context, pool *sql.DB) error {
	var result string
	if err := pool.QueryRowContext(ctx, conn.SQLQuickCheck).Scan(&result); err != nil {
		return conn.Translate(err)
	}
	if result != "ok" {
		return fmt.Errorf("%w: %s", engine.ErrCorrupt, result)
	}
	return nil
}

// stamp creates goose's table if it does not exist, and records p.stamp as applied.
func stamp(ctx context.Context, pool *sql.DB, p plan, table string) error {
	store, err := versionStore(table)
	if err != nil {
		return err
	}
	versions := p.stamp
	if !p.goose {
		if err := store.CreateVersionTable(ctx, pool); err != nil {
			return conn.Translate(err)
		}
		versions = append([]int64{0}, versions...) // goose's own first row
	}
	for _, v := range versions {
		if err := store.Insert(ctx, pool, database.InsertRequest{Version: v}); err != nil {
			return conn.Translate(err)
		}
	}
	return nil
}

func versionStore(table string) (database.Store, error) {
	return database.NewStore(database.DialectSQLite3, table)
}

func newProvider(pool *sql.DB, opts Options) (*goose.Provider, error) {
	return goose.NewProvider(goose.DialectSQLite3, pool, db.SQLite(),
		goose.WithTableName(opts.MigrationsTable),
		goose.WithDisableGlobalRegistry(true),
		// Run migrations on the connection, inside the upgrade's transaction.
		goose.WithIsolateDDL(true),
		// Pending versions may be lower than recorded ones.
		goose.WithAllowOutofOrder(true),
		goose.WithVerbose(true), // without it, nothing is logged
		goose.WithSlog(opts.Logger))
}
