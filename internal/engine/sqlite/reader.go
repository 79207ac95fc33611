package sqlite

import (
	"context"
	"database/sql"

	"forge.lthn.ai/core/go-store/internal/dbgen/sqlitegen"
	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/rowcache"
)

// reader implements engine.Reader with the generated statements of one connection.
type reader struct {
	q *sqlitegen.Queries
	// The statements whose rows go straight into the caller's map or group. The generated
	// methods first collect all rows in a slice, which costs about a tenth more.
	all, keep *sql.Stmt
}

// newReader returns the reader of a connection.
func newReader(ctx context.Context, c *conn.Prepared, q *sqlitegen.Queries) (reader, error) {
	r := reader{q: q}
	err := c.PrepareAll(ctx, map[**sql.Stmt]string{&r.all: sqlitegen.GetAll, &r.keep: sqlitegen.GetAllToKeep})
	return r, err
}

func (r reader) Get(_ context.Context, arg engine.GetParams) (engine.GetRow, error) {
	// Reading one row by primary key is too short to be cancelled, and with a cancellable
	// context each statement costs a goroutine.
	row, err := r.q.Get(context.Background(), sqlitegen.GetParams(arg))
	return engine.GetRow(row), conn.Translate(err)
}

func (r reader) Lookup(ctx context.Context, arg engine.GetParams) (engine.GetRow, error) {
	return r.Get(ctx, arg)
}

func (r reader) GetAll(ctx context.Context, arg engine.GetAllParams) (map[string]string, error) {
	all := map[string]string{}
	var key, value string
	err := each(ctx, r.all, arg, func(rows *sql.Rows) error {
		if err := rows.Scan(&key, &value); err != nil {
			return err
		}
		all[key] = value
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// group is GetAll for the cache, which needs the expiry of each row.
func (r reader) group(ctx context.Context, arg engine.GetAllParams) (*rowcache.Group, error) {
	var group []rowcache.GroupRow
	err := each(ctx, r.keep, arg, func(rows *sql.Rows) error {
		var row rowcache.GroupRow
		if err := rows.Scan(&row.Key, &row.Value, &row.ExpiresAt); err != nil {
			return err
		}
		group = append(group, row)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return rowcache.NewGroup(group, arg.Now), nil
}

// each calls scan for every live row of a group.
func each(ctx context.Context, s *sql.Stmt, arg engine.GetAllParams, scan func(*sql.Rows) error) error {
	rows, err := s.QueryContext(ctx, arg.Grp, arg.Now)
	if err != nil {
		return conn.Translate(err)
	}
	defer rows.Close() // an error is also returned by Err
	for rows.Next() {
		if err := scan(rows); err != nil {
			return conn.Translate(err)
		}
	}
	return conn.Translate(rows.Err())
}

func (r reader) Revisions(ctx context.Context, arg engine.RevisionsParams) ([]engine.RevisionsRow, error) {
	got, err := r.q.Revisions(ctx, sqlitegen.RevisionsParams(arg))
	if err != nil {
		return nil, conn.Translate(err)
	}
	return convert(got, func(row sqlitegen.RevisionsRow) engine.RevisionsRow { return engine.RevisionsRow(row) }), nil
}

func (r reader) Usage(_ context.Context, namespace string) (engine.UsageRow, error) {
	row, err := r.q.Usage(context.Background(), namespace)
	return engine.UsageRow(row), conn.Translate(err)
}

// Each kind of page has four statements: with and without an upper bound, and in both
// directions. A single statement would need the bound or the order in an expression, and
// SQLite could not use the primary key for it.

// Scan implements [engine.Reader].
func (r reader) Scan(ctx context.Context, arg engine.ScanParams) ([]engine.Row, error) {
	row := func(row sqlitegen.ScanFromRow) engine.Row {
		return engine.Row{Grp: arg.Grp, Key: row.Key, Value: row.Value, ExpiresAt: row.ExpiresAt, Revision: row.Revision}
	}
	switch {
	case arg.Bounded && arg.Reverse:
		got, err := r.q.ScanRangeDesc(ctx, sqlitegen.ScanRangeDescParams{
			Grp: arg.Grp, Low: arg.Low, High: arg.High, Now: arg.Now, MaxRows: arg.MaxRows,
		})
		return convert(got, func(r sqlitegen.ScanRangeDescRow) engine.Row { return row(sqlitegen.ScanFromRow(r)) }), conn.Translate(err)
	case arg.Bounded:
		got, err := r.q.ScanRange(ctx, sqlitegen.ScanRangeParams{
			Grp: arg.Grp, Low: arg.Low, High: arg.High, Now: arg.Now, MaxRows: arg.MaxRows,
		})
		return convert(got, func(r sqlitegen.ScanRangeRow) engine.Row { return row(sqlitegen.ScanFromRow(r)) }), conn.Translate(err)
	case arg.Reverse:
		got, err := r.q.ScanFromDesc(ctx, sqlitegen.ScanFromDescParams{
			Grp: arg.Grp, Low: arg.Low, Now: arg.Now, MaxRows: arg.MaxRows,
		})
		return convert(got, func(r sqlitegen.ScanFromDescRow) engine.Row { return row(sqlitegen.ScanFromRow(r)) }), conn.Translate(err)
	default:
		got, err := r.q.ScanFrom(ctx, sqlitegen.ScanFromParams{
			Grp: arg.Grp, Low: arg.Low, Now: arg.Now, MaxRows: arg.MaxRows,
		})
		return convert(got, row), conn.Translate(err)
	}
}

// Count implements [engine.Reader].
func (r reader) Count(ctx context.Context, arg engine.CountParams) (n int64, err error) {
	switch {
	case arg.Bounded:
		n, err = r.q.CountRange(ctx, sqlitegen.CountRangeParams{Grp: arg.Grp, Low: arg.Low, High: arg.High, Now: arg.Now})
	case arg.Low != "":
		n, err = r.q.CountFrom(ctx, sqlitegen.CountFromParams{Grp: arg.Grp, Low: arg.Low, Now: arg.Now})
	default:
		n, err = r.q.Count(ctx, sqlitegen.CountParams{Grp: arg.Grp, Now: arg.Now})
	}
	return n, conn.Translate(err)
}

// Groups implements [engine.Reader].
func (r reader) Groups(ctx context.Context, arg engine.GroupsParams) ([]engine.GroupsRow, error) {
	switch {
	case arg.Bounded && arg.Reverse:
		got, err := r.q.GroupsRangeDesc(ctx, sqlitegen.GroupsRangeDescParams{
			Low: arg.Low, High: arg.High, Now: arg.Now, MaxRows: arg.MaxRows,
		})
		return convert(got, func(row sqlitegen.GroupsRangeDescRow) engine.GroupsRow { return engine.GroupsRow(row) }), conn.Translate(err)
	case arg.Bounded:
		got, err := r.q.GroupsRange(ctx, sqlitegen.GroupsRangeParams{
			Low: arg.Low, High: arg.High, Now: arg.Now, MaxRows: arg.MaxRows,
		})
		return convert(got, func(row sqlitegen.GroupsRangeRow) engine.GroupsRow { return engine.GroupsRow(row) }), conn.Translate(err)
	case arg.Reverse:
		got, err := r.q.GroupsFromDesc(ctx, sqlitegen.GroupsFromDescParams{
			Low: arg.Low, Now: arg.Now, MaxRows: arg.MaxRows,
		})
		return convert(got, func(row sqlitegen.GroupsFromDescRow) engine.GroupsRow { return engine.GroupsRow(row) }), conn.Translate(err)
	default:
		got, err := r.q.GroupsFrom(ctx, sqlitegen.GroupsFromParams{
			Low: arg.Low, Now: arg.Now, MaxRows: arg.MaxRows,
		})
		return convert(got, func(row sqlitegen.GroupsFromRow) engine.GroupsRow { return engine.GroupsRow(row) }), conn.Translate(err)
	}
}

// convert converts generated rows to rows of package engine.
func convert[G, R any](got []G, to func(G) R) []R {
	rows := make([]R, len(got))
	for i, g := range got {
		rows[i] = to(g)
	}
	return rows
}
