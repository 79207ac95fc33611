package schema

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"forge.lthn.ai/core/go-store/internal/dbgen/sqlitegen"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// Downgrade is what MigrateDown did.
type Downgrade struct {
	Undone  []Migration // newest first
	Expired int64       // removed rows that had expired
}

// MigrateDown undoes the migrations of a file that are newer than version, in one
// transaction: after a failure or a crash the file is as it was. If a file has no version
// table, the migrations that it shows are first recorded in a new one. Programs that have
// the file open at a newer version fail from then on.
//
// Without the column expires_at a row does not expire. So the rows that have expired by
// now, in Unix milliseconds, are removed before the column is dropped. Version 0 drops the
// table kv and all its rows.
func MigrateDown(ctx context.Context, path string, version, now int64, opts Options) (_ Downgrade, err error) {
	list, err := migrations()
	if err != nil {
		return Downgrade{}, err
	}
	if version < 0 || version > latest() {
		return Downgrade{}, fmt.Errorf("there is no version %d; the versions are 0 to %d", version, latest())
	}
	abs, err := existing(path)
	if err != nil {
		return Downgrade{}, err
	}
	pool, err := opts.Opener.Guarded(conn.DSN(abs, conn.ReadWrite, opts.BusyTimeout, conn.WriterPragmas(false)...))
	if err != nil {
		return Downgrade{}, err
	}
	defer func() { err = errors.Join(err, conn.Translate(pool.Close())) }()

	if err := conn.Exec(ctx, pool, conn.SQLBegin); err != nil {
		return Downgrade{}, err
	}
	d, err := migrateDown(ctx, pool, list, version, now, opts)
	if err != nil || len(d.Undone) == 0 {
		return Downgrade{}, conn.Undo(pool, err)
	}
	if err := conn.Exec(ctx, pool, conn.SQLCommit); err != nil {
		return Downgrade{}, conn.Undo(pool, err)
	}
	return d, nil
}

// migrateDown does the work inside the transaction. If it undoes no migration, the
// transaction need not be committed.
func migrateDown(ctx context.Context, pool *sql.DB, list []Migration, version, now int64, opts Options) (d Downgrade, err error) {
	plan, err := planLocked(ctx, pool, opts)
	if err != nil {
		return d, err
	}
	if err := quickCheck(ctx, pool); err != nil {
		return d, err
	}
	if err := stamp(ctx, pool, plan, opts.MigrationsTable); err != nil {
		return d, err
	}
	done, err := statusOf(ctx, pool, opts.MigrationsTable)
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
				return d, conn.Translate(err)
			}
		}
		// One version at a time: goose's DownTo follows the order of the records, and
		// stamp may have recorded older versions later.
		if _, err := provider.ApplyVersion(ctx, m.Version, false); err != nil {
			return d, conn.Translate(err)
		}
		d.Undone = append(d.Undone, m)
	}
	return d, nil
}
