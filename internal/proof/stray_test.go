package proof

import (
	"os"
	"testing"

	"forge.lthn.ai/core/go-store/internal/storetest"
	"forge.lthn.ai/core/go-store/store"
)

// A store does not trust a -shm file that belongs to no WAL. Such a file stays behind when
// a process is killed and the database is then replaced by one without a WAL. It has the
// form of a WAL index, but does not change with commits.
func TestStrayWALIndex(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := open(t, path)
	set(t, s, "g", "k", "old")
	index, err := os.ReadFile(path + "-shm") // as a killed process leaves it behind
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
