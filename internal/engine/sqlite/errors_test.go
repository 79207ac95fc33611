package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"

	codes "modernc.org/sqlite/lib"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// TestTranslate says, for each result code that matters, what callers see of it,
// and whether it may have cost them the transaction.
func TestTranslate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		code int
		want error // nil: no class of its own
		ends bool
	}{
		{codes.SQLITE_BUSY, engine.ErrBusy, true},
		{codes.SQLITE_BUSY_SNAPSHOT, engine.ErrBusy, true},
		{codes.SQLITE_BUSY_RECOVERY, engine.ErrBusy, true},
		{codes.SQLITE_BUSY_TIMEOUT, engine.ErrBusy, true},
		{codes.SQLITE_LOCKED, engine.ErrBusy, true},
		{codes.SQLITE_LOCKED_SHAREDCACHE, engine.ErrBusy, true},
		{codes.SQLITE_CORRUPT, engine.ErrCorrupt, true},
		{codes.SQLITE_CORRUPT_VTAB, engine.ErrCorrupt, true},
		{codes.SQLITE_CORRUPT_INDEX, engine.ErrCorrupt, true},
		{codes.SQLITE_NOTADB, engine.ErrCorrupt, true},
		{codes.SQLITE_IOERR_SHORT_READ, engine.ErrCorrupt, true},
		{codes.SQLITE_IOERR_CORRUPTFS, engine.ErrCorrupt, true},
		{codes.SQLITE_IOERR_DATA, engine.ErrCorrupt, true},
		{codes.SQLITE_READONLY, engine.ErrReadOnly, true},
		{codes.SQLITE_READONLY_DBMOVED, engine.ErrReadOnly, true},
		{codes.SQLITE_READONLY_DIRECTORY, engine.ErrReadOnly, true},
		{codes.SQLITE_READONLY_ROLLBACK, engine.ErrReadOnly, true},
		{codes.SQLITE_TOOBIG, engine.ErrTooLarge, false},
		{codes.SQLITE_FULL, engine.ErrFull, true},
		{codes.SQLITE_IOERR_SHMSIZE, engine.ErrFull, true},
		{codes.SQLITE_IOERR, nil, true},
		{codes.SQLITE_IOERR_FSYNC, nil, true},
		{codes.SQLITE_NOMEM, nil, true},
		{codes.SQLITE_INTERRUPT, nil, true},
		{codes.SQLITE_CANTOPEN, nil, true},
		{codes.SQLITE_ERROR, nil, true},
		{codes.SQLITE_CONSTRAINT, nil, false},
		{codes.SQLITE_CONSTRAINT_PRIMARYKEY, nil, false},
		{codes.SQLITE_MISMATCH, nil, false},
		{codes.SQLITE_RANGE, nil, false},
	} {
		cause := driverError(test.code)
		for _, err := range []error{cause, fmt.Errorf("goose: %w", cause)} {
			got := translate(err)
			if !errors.Is(got, cause) {
				t.Errorf("code %d: the cause is lost in %v", test.code, got)
			}
			for _, class := range []error{
				engine.ErrBusy, engine.ErrCorrupt, engine.ErrReadOnly, engine.ErrTooLarge, engine.ErrFull,
				engine.ErrNotFound, engine.ErrClosed, engine.ErrSchema,
			} {
				if errors.Is(got, class) != (class == test.want) {
					t.Errorf("code %d: %v is %v: %t", test.code, got, class, errors.Is(got, class))
				}
			}
			if again := translate(got); again != got {
				t.Errorf("code %d: translating twice gives %v", test.code, again)
			}
			if endsTransaction(err) != test.ends || endsTransaction(got) != test.ends {
				t.Errorf("code %d: ends the transaction: %t", test.code, endsTransaction(err))
			}
		}
	}
}

func TestTranslateOthers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ err, want error }{
		{nil, nil},
		{sql.ErrNoRows, engine.ErrNotFound},
		{sql.ErrConnDone, engine.ErrClosed},
		{sql.ErrTxDone, engine.ErrClosed},
		{context.Canceled, context.Canceled},
		{context.DeadlineExceeded, context.DeadlineExceeded},
		{errFault, errFault},
		{engine.ErrSchema, engine.ErrSchema},
	} {
		if got := translate(test.err); !errors.Is(got, test.want) || (got == nil) != (test.want == nil) {
			t.Errorf("translate(%v) is %v, want %v", test.err, got, test.want)
		}
		if endsTransaction(test.err) || noTransaction(test.err) || cannotWrite(test.err) {
			t.Errorf("%v is taken for an error of SQLite's", test.err)
		}
	}
}

// TestRealErrors has SQLite itself make the errors that a test can provoke.
func TestRealErrors(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/kv.db"
	e := open(t, path, options())
	db := raw(t, path)
	defer db.Close()
	for statement, is := range map[string]func(error) bool{
		"ROLLBACK":              noTransaction,
		"SELECT no_such_column": func(err error) bool { return err != nil && translate(err) == err },
		"INSERT INTO kv (grp, key, value) VALUES ('g', 'k', NULL)":     func(err error) bool { return err != nil && !endsTransaction(err) },
		"INSERT INTO kv VALUES ('g', 'k', zeroblob(1000000001), 1, 1)": func(err error) bool { return errors.Is(translate(err), engine.ErrTooLarge) },
	} {
		if _, err := db.Exec(statement); !is(err) {
			t.Errorf("%s: %v", statement, err)
		}
	}
	// A disk that is full.
	if _, err := e.writer.conn.ExecContext(t.Context(), "PRAGMA max_page_count = 20"); err != nil {
		t.Fatal(err)
	}
	large := engine.SetParams{Grp: "g", Key: "k", Value: string(make([]byte, 1<<20))}
	if err := e.Set(t.Context(), large); !errors.Is(err, engine.ErrFull) {
		t.Errorf("error is %v, want ErrFull", err)
	}
	if err := e.Update(t.Context(), func(tx engine.Tx) error {
		set(t, tx, "g", "before", "v")
		if err := tx.Set(t.Context(), large); !errors.Is(err, engine.ErrFull) {
			t.Errorf("error is %v, want ErrFull", err)
		}
		// SQLite has rolled back all of it by now. What is done next would be
		// committed by itself, was it done.
		return errors.Join(tx.Set(t.Context(), engine.SetParams{Grp: "g", Key: "after"}), nil)
	}); !errors.Is(err, engine.ErrFull) {
		t.Errorf("error is %v, want ErrFull", err)
	}
	if n, err := e.Count(t.Context(), engine.CountParams{Grp: "g"}); n != 0 || err != nil {
		t.Errorf("%d rows are left of what failed, %v", n, err)
	}
	set(t, e, "g", "k", "small")
	// Nor is anything read of what is no more: not even by a statement that does
	// not change it.
	if err := e.Update(t.Context(), func(tx engine.Tx) error {
		_ = tx.Set(t.Context(), large)
		if _, err := tx.Count(t.Context(), engine.CountParams{Grp: "g"}); !errors.Is(err, engine.ErrFull) {
			t.Errorf("error is %v, want ErrFull", err)
		}
		if err := tx.Nested(t.Context(), func() error { return nil }); !errors.Is(err, engine.ErrFull) {
			t.Errorf("error is %v, want ErrFull", err)
		}
		return nil
	}); !errors.Is(err, engine.ErrFull) {
		t.Errorf("error is %v, want ErrFull", err)
	}
	if v := get(t, e, "g", "k"); v != "small" {
		t.Errorf("value is %q", v)
	}
}
