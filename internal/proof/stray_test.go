package proof

import (
	"os"
	"testing"

	"forge.lthn.ai/core/go-store/internal/storetest"
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
	writer := storetest.Raw(t, path)
	storetest.Exec(t, writer, "PRAGMA journal_mode = DELETE")
	if err := os.WriteFile(path+"-shm", index, 0o600); err != nil {
		t.Fatal(err)
	}
	reader := open(t, path, store.WithReadOnly())
	wantValue(t, reader, "g", "k", "old")
	storetest.Exec(t, writer, "UPDATE kv SET value = 'new'")
	wantValue(t, reader, "g", "k", "new")
}
