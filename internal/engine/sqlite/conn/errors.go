package conn

import (
	"database/sql"
	"errors"
	"fmt"

	codes "modernc.org/sqlite/lib"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// Translate wraps an error of the driver in the sentinel of its class, by result code.
// The driver's error stays in the chain as the cause. No other code of the engine
// handles the driver's errors.
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

// coder is the driver's error, which has a result code.
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

// classify maps a result code (https://sqlite.org/rescode.html) to a sentinel, or to
// nil if there is nothing that a caller could do about it.
func classify(code int) error {
	switch code {
	case codes.SQLITE_IOERR_SHMSIZE:
		return engine.ErrFull // no space for the WAL index
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

// EndsTransaction reports whether SQLite may have rolled back the whole transaction, not
// only the statement, when a statement failed with err
// (https://sqlite.org/lang_transaction.html, section 3.1).
func EndsTransaction(err error) bool {
	var known *ended
	if errors.As(err, &known) {
		return true
	}
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

// ended marks an error after which a transaction cannot go on, whatever its code is.
type ended struct{ error }

func (e *ended) Unwrap() error { return e.error }

// Ended returns err, marked so that [EndsTransaction] reports true.
func Ended(err error) error { return &ended{err} }

// RaisedByTrigger reports whether a trigger made a statement fail by RAISE.
func RaisedByTrigger(err error) bool {
	code, ok := codeOf(err)
	return ok && code == codes.SQLITE_CONSTRAINT_TRIGGER
}

// NoTransaction reports whether ROLLBACK failed with err because there was no
// transaction. That is the only cause for which ROLLBACK returns SQLite's generic code.
func NoTransaction(err error) bool {
	code, ok := codeOf(err)
	return ok && code == codes.SQLITE_ERROR
}

// CannotWrite reports whether SQLite failed to open a file with err because it could not
// create the files that it keeps beside it.
func CannotWrite(err error) bool {
	code, ok := codeOf(err)
	if !ok {
		return false
	}
	code &= 0xff
	return code == codes.SQLITE_CANTOPEN || code == codes.SQLITE_READONLY
}
