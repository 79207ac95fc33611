package sqlite

import (
	"context"
	"database/sql"

	"forge.lthn.ai/core/go-store/internal/dbgen/sqlitegen"
	"forge.lthn.ai/core/go-store/internal/engine"
)

// reader is engine.Reader over the generated statements of one connection.
type reader struct {
	q   *sqlitegen.Queries
	all *sql.Stmt // sqlitegen.GetAll
}

// newReader makes the reader of a connection.
func newReader(ctx context.Context, conn *preparedConn, q *sqlitegen.Queries) (reader, error) {
	all, err := conn.PrepareContext(ctx, sqlitegen.GetAll)
	return reader{q, all}, translate(err)
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

// GetAll implements [engine.Reader]. The generated method would first put all rows
// into a slice, which costs as much as every tenth row.
func (r reader) GetAll(ctx context.Context, arg engine.GetAllParams) (map[string]string, error) {
	rows, err := r.all.QueryContext(ctx, arg.Grp, arg.Now)
	if err != nil {
		return nil, translate(err)
	}
	defer rows.Close() // Err has the error, if there is one
	all := map[string]string{}
	var key, value string
	for rows.Next() {
		if err := rows.Scan(&key, &value); err != nil {
			return nil, translate(err)
		}
		all[key] = value
	}
	if err := rows.Err(); err != nil {
		return nil, translate(err)
	}
	return all, nil
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
