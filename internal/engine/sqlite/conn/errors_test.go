package conn

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"

	codes "modernc.org/sqlite/lib"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// resultCode takes the place of the driver's error, which only the driver can create.
type resultCode int

func (c resultCode) Error() string { return fmt.Sprintf("result code %d", int(c)) }
func (c resultCode) Code() int     { return int(c) }

var errOther = errors.New("an error of something else than SQLite")

// TestTranslate lists the result codes that matter. For each it has the sentinel, and
// whether the code may end the transaction.
func TestTranslate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		code int
		want error // nil: no sentinel
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
		cause := resultCode(test.code)
		for _, err := range []error{cause, fmt.Errorf("goose: %w", cause)} {
			got := Translate(err)
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
			if again := Translate(got); again != got {
				t.Errorf("code %d: translated twice, the error is %v", test.code, again)
			}
			if EndsTransaction(err) != test.ends || EndsTransaction(got) != test.ends {
				t.Errorf("code %d: ends the transaction: %t", test.code, EndsTransaction(err))
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
		{errOther, errOther},
		{engine.ErrSchema, engine.ErrSchema},
	} {
		if got := Translate(test.err); !errors.Is(got, test.want) || (got == nil) != (test.want == nil) {
			t.Errorf("Translate(%v) is %v, want %v", test.err, got, test.want)
		}
		if EndsTransaction(test.err) || NoTransaction(test.err) || CannotWrite(test.err) {
			t.Errorf("%v is classified as an error of SQLite", test.err)
		}
	}
}
