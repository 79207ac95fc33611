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

func (r reader) Count(ctx context.Context, arg engine.CountParams) (int64, error) {
	n, err := r.q.Count(ctx, sqlitegen.CountParams(arg))
	return n, translate(err)
}

func (r reader) GetAll(ctx context.Context, arg engine.GetAllParams) ([]engine.GetAllRow, error) {
	got, err := r.q.GetAll(ctx, sqlitegen.GetAllParams(arg))
	if err != nil {
		return nil, translate(err)
	}
	return convert(got, func(row sqlitegen.GetAllRow) engine.GetAllRow { return engine.GetAllRow(row) }), nil
}
