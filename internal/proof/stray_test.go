package proof

import (
	"context"
	"database/sql"
	"os"
	"testing"

	"forge.lthn.ai/core/go-store/store"
)

// A file beside the store that only looks like a WAL index, left by a process that
// was killed before the file was replaced by one without a WAL, says nothing about
// what is committed: a store that reads the file must not go by it.
func TestStrayWALIndex(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := open(t, path)
	set(t, s, "g", "k", "old")
	index, err := os.ReadFile(path + "-shm") // as a killed process leaves it
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	writer, err := openRaw(path)
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	execute(t, writer, "PRAGMA journal_mode = DELETE")
	if err := os.WriteFile(path+"-shm", index, 0o600); err != nil {
		t.Fatal(err)
	}
	reader := open(t, path, store.WithReadOnly())
	wantValue(t, reader, "g", "k", "old")
	execute(t, writer, "UPDATE kv SET value = 'new'")
	wantValue(t, reader, "g", "k", "new")
}

func execute(t testing.TB, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(context.Background(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
