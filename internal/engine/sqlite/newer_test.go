package sqlite

import (
	"path/filepath"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/schema"
)

// newer returns SQL that creates a file of the current schema, whose version table has more
// migrations than this program knows.
func newer(t *testing.T, more int) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "current.db")
	stop(t, start(t, path, options()))
	db := raw(t, path)
	defer db.Close()
	var statements []string
	rows, err := db.Query("SELECT sql FROM sqlite_schema WHERE tbl_name IN ('kv', 'kv_usage') AND sql <> '' ORDER BY rowid")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var statement string
		if err := rows.Scan(&statement); err != nil {
			t.Fatal(err)
		}
		statements = append(statements, statement)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	latest := schema.Latest()
	var versions []int64
	for v := range latest + int64(more) {
		versions = append(versions, v+1)
	}
	return append(statements, marks(versions...))
}
