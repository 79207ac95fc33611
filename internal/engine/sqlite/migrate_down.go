package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"forge.lthn.ai/core/go-store/internal/dbgen/sqlitegen"
)

// Downgrade is what MigrateDown did.
type Downgrade struct {
	Undone  []Migration // newest first
	Expired int64       // expired rows removed, which would else have come back
}

// MigrateDown undoes the migrations of a file that are newer than version, in
// one transaction: after a failure or a crash the file is as it was. A file from
// before goose is adopted first. Programs that have the file open at a newer
// version fail from then on.
//
// Without the column expires_at every row lives for ever, so the rows that are
// expired at now, in Unix milliseconds, are removed before it is dropped.
// Version 0 drops the table kv with all that it holds.
func MigrateDown(ctx context.Context, path string, version, now int64, opts Options) (_ Downgrade, err error) {
	list, err := migrations()
	if err != nil {
		return Downgrade{}, err
	}
	if latest := list[len(list)-1].Version; version < 0 || version > latest {
		return Downgrade{}, fmt.Errorf("there is no version %d; the versions are 0 to %d", version, latest)
	}
	abs, err := existing(path)
	if err != nil {
		return Downgrade{}, err
	}
	pool, err := opts.openNested(dsn(abs, readWrite, opts.BusyTimeout, writerPragmas(opts)...))
	if err != nil {
		return Downgrade{}, err
	}
	defer func() { err = errors.Join(err, translate(pool.Close())) }()

	if err := exec(ctx, pool, sqlBegin); err != nil {
		return Downgrade{}, err
	}
	d, err := migrateDown(ctx, pool, list, version, now, opts)
	if err != nil || len(d.Undone) == 0 {
		return Downgrade{}, rollback(pool, err)
	}
	if err := exec(ctx, pool, sqlCommit); err != nil {
		return Downgrade{}, rollback(pool, err)
	}
	return d, nil
}

// rollback undoes the pool's transaction because of err and returns err. SQLite
// may have rolled back already, which is then no error.
func rollback(pool *sql.DB, err error) error {
	if rollbackErr := exec(context.Background(), pool, sqlRollback); !noTransaction(rollbackErr) {
		err = errors.Join(err, rollbackErr)
	}
	return err
}

// migrateDown does the work inside the transaction. If it undoes nothing, it has
// changed nothing that is worth a commit.
func migrateDown(ctx context.Context, pool *sql.DB, list []Migration, version, now int64, opts Options) (d Downgrade, err error) {
	plan, err := planFor(ctx, pool, list[len(list)-1].Version, opts)
	if err != nil {
		return d, err
	}
	if err := quickCheck(ctx, pool); err != nil {
		return d, err
	}
	if err := stamp(ctx, pool, plan, opts.MigrationsTable); err != nil {
		return d, err
	}
	done, err := statusIn(ctx, pool, opts)
	if err != nil {
		return d, err
	}
	provider, err := newProvider(pool, opts)
	if err != nil {
		return d, err
	}
	for _, m := range slices.Backward(done.Migrations) {
		if m.Version <= version || !m.Applied {
			continue
		}
		if m.Version == versionExpiresAt {
			d.Expired, err = sqlitegen.New(pool).PurgeAll(ctx, now)
			if err != nil {
				return d, translate(err)
			}
		}
		// Version by version, since goose's DownTo goes by the order in which
		// they were recorded, which adoption need not keep.
		if _, err := provider.ApplyVersion(ctx, m.Version, false); err != nil {
			return d, translate(err)
		}
		d.Undone = append(d.Undone, m)
	}
	return d, nil
}

// statusIn reads the status within the pool's transaction.
func statusIn(ctx context.Context, pool *sql.DB, opts Options) (Status, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return Status{}, translate(err)
	}
	defer conn.Close() // back to the pool
	return statusOf(ctx, conn, opts.MigrationsTable)
}
