package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"forge.lthn.ai/core/go-store/db"
	"forge.lthn.ai/core/go-store/internal/engine"
)

// plan is what has to happen to a file before the store can use it.
type plan struct {
	stamp   []int64 // migrations whose effect is there, to be marked as applied
	pending bool    // migrations are left to run
	goose   bool    // the version table exists
}

func (p plan) current() bool { return len(p.stamp) == 0 && !p.pending }

// decide compares the schema of a file with the migrations, or says why the
// file is none of this store's. latest is the newest version known here.
func (s schema) decide(latest int64, table string) (plan, error) {
	met := s.met()
	for _, v := range s.applied {
		if v <= latest && !slices.Contains(met, v) {
			return plan{}, fmt.Errorf("%w: %s marks version %d as applied, but its effect on table kv is missing; "+
				"if the table belongs to another application, name another one with WithMigrationsTable",
				engine.ErrSchema, table, v)
		}
	}
	if n := len(s.applied); n > 0 && s.applied[n-1] > latest {
		if len(met) == int(latest) && slices.Contains(s.applied, latest) {
			return plan{}, fmt.Errorf("%w: the file is at version %d, this program knows %d; upgrade the program",
				engine.ErrSchemaTooNew, s.applied[n-1], latest)
		}
		return plan{}, fmt.Errorf("%w: %s holds version %d, which is no version of this store; "+
			"name another table with WithMigrationsTable", engine.ErrSchema, table, s.applied[n-1])
	}
	if err := s.fits(); err != nil {
		return plan{}, err
	}
	p := plan{goose: s.goose}
	for _, v := range met {
		if !slices.Contains(s.applied, v) {
			p.stamp = append(p.stamp, v)
		}
	}
	// A version table that knows less than the file shows is ours if a program
	// from before goose added the rest, which it did to files of its own. Among
	// other tables it is more likely to be their application's.
	if len(p.stamp) > 0 && s.goose && s.others {
		return plan{}, fmt.Errorf("%w: %s does not know the versions that table kv shows; "+
			"it seems to belong to another application: name another table with WithMigrationsTable",
			engine.ErrSchema, table)
	}
	p.pending = len(met) < int(latest)
	return p, nil
}

// upgrade brings the schema of the file behind conn up to date, in one
// transaction: processes that open the same file at once wait for each other,
// and a crash leaves the file as it was.
func upgrade(ctx context.Context, pool *sql.DB, opts Options) error {
	latest, err := latestVersion()
	if err != nil {
		return err
	}
	p, err := planFor(ctx, pool, latest, opts)
	if err != nil || p.current() {
		return err
	}
	if opts.ManualMigrations {
		return errNotCurrent(latest)
	}
	if err := exec(ctx, pool, sqlBegin); err != nil {
		return err
	}
	if err := upgradeLocked(ctx, pool, latest, opts); err != nil {
		return rollback(pool, err)
	}
	return exec(ctx, pool, sqlCommit)
}

func upgradeLocked(ctx context.Context, pool *sql.DB, latest int64, opts Options) error {
	// Another process may have done it between the look and the lock.
	p, err := planFor(ctx, pool, latest, opts)
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
	return translate(err)
}

func planFor(ctx context.Context, pool *sql.DB, latest int64, opts Options) (plan, error) {
	s, err := inspectPool(ctx, pool, opts.MigrationsTable)
	if err != nil {
		return plan{}, err
	}
	return s.decide(latest, opts.MigrationsTable)
}

// inspectPool reads the schema in one transaction: another process may be at its
// upgrade, and half of one looks like no file of ours.
func inspectPool(ctx context.Context, pool *sql.DB, table string) (schema, error) {
	snapshot, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return schema{}, translate(err)
	}
	s, err := inspect(ctx, snapshot, table)
	if endErr := snapshot.Rollback(); err == nil {
		err = translate(endErr)
	}
	return s, err
}

// quickCheck reads the whole file once before its first change by this version:
// a damaged one is refused, not made worse.
func quickCheck(ctx context.Context, pool *sql.DB) error {
	var result string
	if err := pool.QueryRowContext(ctx, sqlQuickCheck).Scan(&result); err != nil {
		return translate(err)
	}
	if result != "ok" {
		return fmt.Errorf("%w: %s", engine.ErrCorrupt, result)
	}
	return nil
}

// stamp makes goose's table if there is none and marks p.stamp as applied.
func stamp(ctx context.Context, pool *sql.DB, p plan, table string) error {
	store, err := versionStore(table)
	if err != nil {
		return err
	}
	versions := p.stamp
	if !p.goose {
		if err := store.CreateVersionTable(ctx, pool); err != nil {
			return translate(err)
		}
		versions = append([]int64{0}, versions...) // goose's own first row
	}
	for _, v := range versions {
		if err := store.Insert(ctx, pool, database.InsertRequest{Version: v}); err != nil {
			return translate(err)
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
		// Versions that a stamp left out lie below those it marked.
		goose.WithAllowOutofOrder(true),
		goose.WithVerbose(true), // else it has nothing to say to the logger
		goose.WithSlog(opts.Logger))
}

// latestVersion is the newest version among the migrations of this program.
func latestVersion() (int64, error) {
	list, err := migrations()
	if err != nil {
		return 0, err
	}
	return list[len(list)-1].Version, nil
}

func exec(ctx context.Context, pool *sql.DB, statement string) error {
	_, err := pool.ExecContext(ctx, statement)
	return translate(err)
}

// errNotCurrent is what WithManualMigrations answers in place of an upgrade.
func errNotCurrent(latest int64) error {
	return fmt.Errorf("%w: it is not at version %d; run the migrations of package db with goose, "+
		"or open it without WithManualMigrations", engine.ErrSchema, latest)
}
