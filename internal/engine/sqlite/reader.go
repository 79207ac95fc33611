package sqlite

import (
	"context"

	"forge.lthn.ai/core/go-store/internal/dbgen/sqlitegen"
	"forge.lthn.ai/core/go-store/internal/engine"
)

// reader is engine.Reader over the generated statements of one connection.
type reader struct {
	q *sqlitegen.Queries
}

func (r reader) Get(_ context.Context, arg engine.GetParams) (engine.GetRow, error) {
	// One row by primary key is not worth interrupting, and a cancellable
	// context costs a goroutine a statement.
	row, err := r.q.Get(context.Background(), sqlitegen.GetParams(arg))
	return engine.GetRow(row), translate(err)
}

func (r reader) Lookup(_ context.Context, arg engine.GetParams) (engine.LookupRow, error) {
	row, err := r.q.Lookup(context.Background(), sqlitegen.LookupParams(arg))
	return engine.LookupRow(row), translate(err)
}

func (r reader) GetAll(ctx context.Context, arg engine.GetAllParams) ([]engine.GetAllRow, error) {
	got, err := r.q.GetAll(ctx, sqlitegen.GetAllParams(arg))
	if err != nil {
		return nil, translate(err)
	}
	return convert(got, func(row sqlitegen.GetAllRow) engine.GetAllRow { return engine.GetAllRow(row) }), nil
}

func (r reader) Revisions(ctx context.Context, arg engine.RevisionsParams) ([]engine.RevisionsRow, error) {
	got, err := r.q.Revisions(ctx, sqlitegen.RevisionsParams(arg))
	if err != nil {
		return nil, translate(err)
	}
	return convert(got, func(row sqlitegen.RevisionsRow) engine.RevisionsRow { return engine.RevisionsRow(row) }), nil
}

func (r reader) Usage(_ context.Context, namespace string) (engine.UsageRow, error) {
	row, err := r.q.Usage(context.Background(), namespace)
	return engine.UsageRow(row), translate(err)
}
