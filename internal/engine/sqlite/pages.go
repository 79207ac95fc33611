package sqlite

import (
	"context"

	"forge.lthn.ai/core/go-store/internal/dbgen/sqlitegen"
	"forge.lthn.ai/core/go-store/internal/engine"
)

// A page has four statements: with an upper bound or without, and in either
// direction. One statement for all would have to hide the bound or the order in
// an expression, which keeps SQLite from using the primary key.

// Scan implements [engine.Reader].
func (r reader) Scan(ctx context.Context, arg engine.ScanParams) ([]engine.Row, error) {
	var got []sqlitegen.Kv
	var err error
	switch {
	case arg.Bounded && arg.Reverse:
		got, err = r.q.ScanRangeDesc(ctx, sqlitegen.ScanRangeDescParams{
			Grp: arg.Grp, Low: arg.Low, High: arg.High, Now: arg.Now, MaxRows: arg.MaxRows,
		})
	case arg.Bounded:
		got, err = r.q.ScanRange(ctx, sqlitegen.ScanRangeParams{
			Grp: arg.Grp, Low: arg.Low, High: arg.High, Now: arg.Now, MaxRows: arg.MaxRows,
		})
	case arg.Reverse:
		got, err = r.q.ScanFromDesc(ctx, sqlitegen.ScanFromDescParams{
			Grp: arg.Grp, Low: arg.Low, Now: arg.Now, MaxRows: arg.MaxRows,
		})
	default:
		got, err = r.q.ScanFrom(ctx, sqlitegen.ScanFromParams{
			Grp: arg.Grp, Low: arg.Low, Now: arg.Now, MaxRows: arg.MaxRows,
		})
	}
	if err != nil {
		return nil, translate(err)
	}
	return convert(got, func(row sqlitegen.Kv) engine.Row { return engine.Row(row) }), nil
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
	return n, translate(err)
}

// Groups implements [engine.Reader].
func (r reader) Groups(ctx context.Context, arg engine.GroupsParams) ([]engine.GroupsRow, error) {
	switch {
	case arg.Bounded && arg.Reverse:
		got, err := r.q.GroupsRangeDesc(ctx, sqlitegen.GroupsRangeDescParams{
			Low: arg.Low, High: arg.High, Now: arg.Now, MaxRows: arg.MaxRows,
		})
		return convert(got, func(row sqlitegen.GroupsRangeDescRow) engine.GroupsRow { return engine.GroupsRow(row) }), translate(err)
	case arg.Bounded:
		got, err := r.q.GroupsRange(ctx, sqlitegen.GroupsRangeParams{
			Low: arg.Low, High: arg.High, Now: arg.Now, MaxRows: arg.MaxRows,
		})
		return convert(got, func(row sqlitegen.GroupsRangeRow) engine.GroupsRow { return engine.GroupsRow(row) }), translate(err)
	case arg.Reverse:
		got, err := r.q.GroupsFromDesc(ctx, sqlitegen.GroupsFromDescParams{
			Low: arg.Low, Now: arg.Now, MaxRows: arg.MaxRows,
		})
		return convert(got, func(row sqlitegen.GroupsFromDescRow) engine.GroupsRow { return engine.GroupsRow(row) }), translate(err)
	default:
		got, err := r.q.GroupsFrom(ctx, sqlitegen.GroupsFromParams{
			Low: arg.Low, Now: arg.Now, MaxRows: arg.MaxRows,
		})
		return convert(got, func(row sqlitegen.GroupsFromRow) engine.GroupsRow { return engine.GroupsRow(row) }), translate(err)
	}
}

// convert adapts generated rows to those of the seam.
func convert[G, R any](got []G, to func(G) R) []R {
	rows := make([]R, len(got))
	for i, g := range got {
		rows[i] = to(g)
	}
	return rows
}
