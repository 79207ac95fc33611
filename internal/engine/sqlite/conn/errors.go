package conn

import (
	"database/sql"
	"errors"
	"fmt"

	codes "modernc.org/sqlite/lib"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// Translate gives an error of the driver the sentinel of its class, by result
// code. It is the only place that knows the driver's errors; the driver's own
// stays in the chain as the cause.
func Translate(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return engine.ErrNotFound
	case errors.Is(err, sql.ErrConnDone), errors.Is(err, sql.ErrTxDone):
		return fmt.Errorf("%w: %w", engine.ErrClosed, err)
	}
	code, ok := codeOf(err)
	if !ok {
		return err
	}
	if class := classify(code); class != nil && !errors.Is(err, class) {
		return fmt.Errorf("%w: %w", class, err)
	}
	return err
}

// coder is the driver's error: it has a result code.
type coder interface {
	error
	Code() int
}

// codeOf returns the result code of the driver's error in err, if there is one.
func codeOf(err error) (code int, ok bool) {
	var e coder
	if !errors.As(err, &e) {
		return 0, false
	}
	return e.Code(), true
}

// classify maps a result code (https://sqlite.org/rescode.html) to a sentinel,
// or to nil where no caller can act on the difference.
func classify(code int) error {
	switch code {
	case codes.SQLITE_IOERR_SHMSIZE:
		return engine.ErrFull // there is no room for the WAL's index
	case codes.SQLITE_IOERR_CORRUPTFS, codes.SQLITE_IOERR_SHORT_READ, codes.SQLITE_IOERR_DATA:
		return engine.ErrCorrupt
	}
	switch code & 0xff {
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		return engine.ErrBusy
	case codes.SQLITE_CORRUPT, codes.SQLITE_NOTADB:
		return engine.ErrCorrupt
	case codes.SQLITE_READONLY:
		return engine.ErrReadOnly
	case codes.SQLITE_TOOBIG:
		return engine.ErrTooLarge
	case codes.SQLITE_FULL:
		return engine.ErrFull
	}
	return nil
}

// EndsTransaction reports whether SQLite may have rolled the whole transaction
// back, not only the statement, when a statement failed with err
// (https://sqlite.org/lang_transaction.html, section 3.1).
func EndsTransaction(err error) bool {
	code, ok := codeOf(err)
	if !ok {
		return false
	}
	switch code & 0xff {
	case codes.SQLITE_TOOBIG, codes.SQLITE_CONSTRAINT, codes.SQLITE_MISMATCH, codes.SQLITE_RANGE:
		return false
	}
	return true
}

// NoTransaction reports whether ROLLBACK failed with err because there was nothing
// to roll back, the one cause for which SQLite answers with its generic code.
func NoTransaction(err error) bool {
	code, ok := codeOf(err)
	return ok && code == codes.SQLITE_ERROR
}

// CannotWrite reports whether SQLite failed to open a file because it could not make
// the files that it keeps beside it.
func CannotWrite(err error) bool {
	code, ok := codeOf(err)
	if !ok {
		return false
	}
	code &= 0xff
	return code == codes.SQLITE_CANTOPEN || code == codes.SQLITE_READONLY
}
