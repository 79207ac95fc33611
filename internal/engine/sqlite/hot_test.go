package sqlite

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// killed runs statements on a database and returns a copy of it, together with its journal
// or WAL, as a process would leave it that is killed after the statements.
func killed(t *testing.T, path string, statements ...string) string {
	t.Helper()
	db := raw(t, path)
	defer db.Close()
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, s := range statements {
		if _, err := conn.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	left := filepath.Join(t.TempDir(), filepath.Base(path))
	for _, side := range []string{"", "-wal", "-journal"} {
		data, err := os.ReadFile(path + side)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(left+side, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return left
}

// hotWAL returns a copy of a database with rows that are only in the WAL.
func hotWAL(t *testing.T, path string) string {
	t.Helper()
	path = killed(t, path, "PRAGMA journal_mode = WAL", "PRAGMA wal_autocheckpoint = 0",
		"INSERT INTO kv (grp, key, value) VALUES ('hot', 'k', 'in the WAL')")
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() == 0 {
		t.Fatalf("there is no WAL: %v", err)
	}
	return path
}

// hotJournal returns a copy of a database in the middle of a transaction, which the next
// writer must roll back.
func hotJournal(t *testing.T, path string) string {
	t.Helper()
	path = killed(t, path, "PRAGMA cache_size = 1", "BEGIN", "UPDATE kv SET value = 'half written' || hex(zeroblob(1000))", "DELETE FROM kv WHERE grp = 'config'")
	if info, err := os.Stat(path + "-journal"); err != nil || info.Size() == 0 {
		t.Fatalf("there is no journal: %v", err)
	}
	return path
}

func TestHotWAL(t *testing.T) {
	t.Parallel()
	for _, name := range []string{preTTL, ttl} {
		path := hotWAL(t, fixture(t, name))
		e := start(t, path, options())
		checkFixture(t, e, name)
		if v := get(t, e, "hot", "k"); v != "in the WAL" {
			t.Errorf("%s: value is %q", name, v)
		}
		stop(t, e)
		current(t, path, "goose_db_version")
	}
}

func TestHotWALReadOnly(t *testing.T) {
	t.Parallel()
	for _, name := range []string{preTTL, ttl} {
		path := hotWAL(t, fixture(t, name))
		before := folder(t, path)
		e := start(t, path, reading())
		checkFixture(t, e, name)
		if v := get(t, e, "hot", "k"); v != "in the WAL" {
			t.Errorf("%s: value is %q", name, v)
		}
		stop(t, e)
		after := folder(t, path)
		delete(after, name+"-shm")
		sameFiles(t, before, after)
	}
}

// TestHotWALRefused checks that the WAL of a refused file is not checkpointed.
func TestHotWALRefused(t *testing.T) {
	t.Parallel()
	for name, statements := range map[string][]string{
		"newer":   newer(t, 1),
		"foreign": {"CREATE TABLE kv (grp TEXT, key TEXT, value TEXT)"},
	} {
		for _, opts := range []Options{options(), manual(), reading()} {
			path := hotWAL(t, build(t, statements...))
			before := folder(t, path)
			want := map[string]error{"newer": engine.ErrSchemaTooNew, "foreign": engine.ErrSchema}[name]
			refused(t, path, opts, want)
			after := folder(t, path)
			delete(after, filepath.Base(path)+"-shm") // has nothing that is not in the WAL
			sameFiles(t, before, after)
		}
	}
}

func TestHotJournal(t *testing.T) {
	t.Parallel()
	for _, name := range []string{preTTL, ttl} {
		path := hotJournal(t, inMode(t, "DELETE", name))
		e := start(t, path, options())
		checkFixture(t, e, name)
		stop(t, e)
		current(t, path, "goose_db_version")
	}
}

// TestHotJournalReadOnly opens a file that must be rolled back before it can be read. A
// read-only store cannot do that, and must not read half a transaction.
func TestHotJournalReadOnly(t *testing.T) {
	t.Parallel()
	path := hotJournal(t, inMode(t, "DELETE", ttl))
	check := untouched(t, path)
	refused(t, path, reading(), engine.ErrReadOnly)
	check()
}

// TestReadOnlyBusy opens a file in a mode without WAL while another program writes it. The
// store must not read it in spite of that program's lock.
func TestReadOnlyBusy(t *testing.T) {
	t.Parallel()
	path := inMode(t, "DELETE", ttl)
	db := raw(t, path)
	defer db.Close()
	if _, err := db.Exec("BEGIN EXCLUSIVE"); err != nil { // before its first write there is no journal
		t.Fatal(err)
	}
	opts := reading()
	opts.BusyTimeout = 0
	refused(t, path, opts, engine.ErrBusy)
	if _, err := db.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	checkFixture(t, open(t, path, opts), ttl)
}

// TestBusyOldFile opens an old file for writing while another program keeps it
// locked for longer than the busy timeout.
func TestBusyOldFile(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"DELETE", "WAL"} {
		path := inMode(t, mode, ttl)
		db := raw(t, path)
		defer db.Close()
		opts := options()
		opts.BusyTimeout = 0
		for _, lock := range []string{"BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"} {
			if _, err := db.Exec(lock); err != nil {
				t.Fatal(err)
			}
			check := untouched(t, path)
			refused(t, path, opts, engine.ErrBusy)
			check()
			if _, err := db.Exec("ROLLBACK"); err != nil {
				t.Fatal(err)
			}
		}
	}
}
