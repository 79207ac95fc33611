package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
)

// Shape is which of the programs that may have written a file did so.
type Shape string

// The shapes of files. Only goose's own command cannot upgrade ShapeTTL: it
// would add the column a second time.
const (
	ShapePreTTL Shape = "a" // kv without expires_at, no goose table
	ShapeTTL    Shape = "b" // kv with expires_at, no goose table
	ShapeGoose  Shape = "c" // made by goose
	ShapeNoKV   Shape = "d" // no kv table
)

// String says what the shape is.
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

// Status is how far a file has come.
type Status struct {
	Shape      Shape
	Version    int64 // the newest migration whose effect is there; 0: none
	Migrations []Migration
}

// ReadStatus looks at the schema of a file and changes nothing. A file that Open
// would refuse is an error here too.
func ReadStatus(ctx context.Context, path string, opts Options) (Status, error) {
	abs, err := existing(path)
	if err != nil {
		return Status{}, err
	}
	st, err := readStatusAs(ctx, abs, readOnly, opts)
	if err == nil || !isFrozen(abs, err) {
		return st, err
	}
	if st, frozenErr := readStatusAs(ctx, abs, frozen, opts); frozenErr == nil {
		return st, nil
	}
	return st, err
}

func readStatusAs(ctx context.Context, abs string, a access, opts Options) (_ Status, err error) {
	connector, err := opts.connector(dsn(abs, a, opts.BusyTimeout))
	if err != nil {
		return Status{}, err
	}
	pool := sql.OpenDB(connector)
	defer func() { err = errors.Join(err, pool.Close()) }()
	// In one transaction, because another process may be upgrading the file.
	snapshot, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return Status{}, translate(err)
	}
	defer snapshot.Rollback() // nothing was written
	return statusOf(ctx, snapshot, opts.MigrationsTable)
}

func statusOf(ctx context.Context, q querier, table string) (Status, error) {
	list, err := migrations()
	if err != nil {
		return Status{}, err
	}
	s, err := inspect(ctx, q, table)
	if err != nil {
		return Status{}, err
	}
	if _, err := s.decide(list[len(list)-1].Version, table); err != nil {
		return Status{}, err
	}
	met := s.met()
	st := Status{Shape: s.shape(), Migrations: list}
	for i := range list {
		m := &list[i]
		if m.Applied = slices.Contains(met, m.Version); m.Applied {
			st.Version = m.Version
		}
	}
	return st, recorded(ctx, q, s, list, table)
}

// recorded fills in when goose applied each migration.
func recorded(ctx context.Context, q querier, s schema, list []Migration, table string) error {
	store, err := versionStore(table)
	if err != nil {
		return err
	}
	for i := range list {
		m := &list[i]
		if !slices.Contains(s.applied, m.Version) {
			continue
		}
		row, err := store.GetMigration(ctx, q, m.Version)
		if err != nil {
			return fmt.Errorf("read %s: %w", table, translate(err))
		}
		m.Recorded = row.Timestamp.UTC()
	}
	return nil
}

func (s schema) shape() Shape {
	_, expires := s.columns["expires_at"]
	switch {
	case s.goose:
		return ShapeGoose
	case len(s.columns) == 0:
		return ShapeNoKV
	case expires:
		return ShapeTTL
	}
	return ShapePreTTL
}
