package schema

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// Shape is the state in which an earlier program left the schema of a file.
type Shape string

// The shapes of files. The store upgrades all of them. The goose command cannot upgrade
// ShapeTTL, because it would add the column expires_at again.
const (
	ShapePreTTL Shape = "a" // kv without expires_at, no goose table
	ShapeTTL    Shape = "b" // kv with expires_at, no goose table
	ShapeGoose  Shape = "c" // made by goose
	ShapeNoKV   Shape = "d" // no kv table
)

// String describes the shape.
func (s Shape) String() string {
	switch s {
	case ShapePreTTL:
		return "table kv without expires_at, no goose table"
	case ShapeTTL:
		return "table kv with expires_at, no goose table"
	case ShapeGoose:
		return "made by goose"
	case ShapeNoKV:
		return "no table kv"
	}
	return string(s)
}

// Status is the state of a file's schema.
type Status struct {
	Shape      Shape
	Version    int64 // the newest migration whose effect the file shows; 0: none
	Migrations []Migration
}

// ReadStatus inspects the schema of a file and changes nothing. It returns an error for
// a file that the store would refuse.
func ReadStatus(ctx context.Context, path string, opts Options) (Status, error) {
	abs, err := existing(path)
	if err != nil {
		return Status{}, err
	}
	st, err := readStatusAs(ctx, abs, conn.ReadOnly, opts)
	if err == nil || !conn.IsFrozen(abs, err) {
		return st, err
	}
	if st, frozenErr := readStatusAs(ctx, abs, conn.Frozen, opts); frozenErr == nil {
		return st, nil
	}
	return st, err
}

func readStatusAs(ctx context.Context, abs string, a conn.Access, opts Options) (_ Status, err error) {
	pool, err := opts.Opener.Pool(conn.DSN(abs, a, opts.BusyTimeout))
	if err != nil {
		return Status{}, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	// One transaction, because another process may be upgrading the file.
	snapshot, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return Status{}, conn.Translate(err)
	}
	defer snapshot.Rollback() // nothing was written
	return statusOf(ctx, snapshot, opts.MigrationsTable)
}

func statusOf(ctx context.Context, q querier, table string) (Status, error) {
	list, err := migrations()
	if err != nil {
		return Status{}, err
	}
	f, err := inspect(ctx, q, table)
	if err != nil {
		return Status{}, err
	}
	if _, err := f.plan(table); err != nil {
		return Status{}, err
	}
	detected := f.detected()
	st := Status{Shape: f.shape(), Migrations: list}
	for i := range list {
		m := &list[i]
		if m.Applied = slices.Contains(detected, m.Version); m.Applied {
			st.Version = m.Version
		}
	}
	return st, recorded(ctx, q, f, list, table)
}

// recorded fills in Recorded of each migration.
func recorded(ctx context.Context, q querier, f file, list []Migration, table string) error {
	store, err := versionStore(table)
	if err != nil {
		return err
	}
	for i := range list {
		m := &list[i]
		if !slices.Contains(f.applied, m.Version) {
			continue
		}
		row, err := store.GetMigration(ctx, q, m.Version)
		if err != nil {
			return fmt.Errorf("read %s: %w", table, conn.Translate(err))
		}
		m.Recorded = row.Timestamp.UTC()
	}
	return nil
}

func (f file) shape() Shape {
	_, expires := f.columns["expires_at"]
	switch {
	case f.goose:
		return ShapeGoose
	case len(f.columns) == 0:
		return ShapeNoKV
	case expires:
		return ShapeTTL
	}
	return ShapePreTTL
}
