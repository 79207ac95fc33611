package sqlite

import (
	"database/sql"
	"path/filepath"
	"testing"
)

// newer is SQL for a file of this version that has seen so many migrations more
// than this version knows.
func newer(t *testing.T, more int) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "current.db")
	stop(t, start(t, path, options()))
	db := raw(t, path)
	defer db.Close()
	var statements []string
	err := each(t.Context(), db, func(rows *sql.Rows) error {
		var statement string
		err := rows.Scan(&statement)
		statements = append(statements, statement)
		return err
	}, "SELECT sql FROM sqlite_schema WHERE tbl_name IN ('kv', 'kv_usage') AND sql <> '' ORDER BY rowid")
	if err != nil {
		t.Fatal(err)
	}
	latest, err := latestVersion()
	if err != nil {
		t.Fatal(err)
	}
	var versions []int64
	for v := range latest + int64(more) {
		versions = append(versions, v+1)
	}
	return append(statements, marks(versions...))
}
