package store

import (
	"errors"
	"fmt"
	"strings"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// The classes of errors, for errors.Is. Every error of an operation is an *[Error]
// that wraps one of these, or the cause that the system reported.
var (
	// ErrNotFound means that the key is absent or has expired.
	ErrNotFound = engine.ErrNotFound
	// ErrExists means that a live key of that name exists already. Nothing was
	// written.
	ErrExists = errors.New("store: key exists")
	// ErrConflict means that the key is not at the revision that it was compared
	// with. Nothing was written. Read the entry again, then decide again.
	ErrConflict = errors.New("store: key is at another revision")
	// ErrClosed means that the store was closed, or that the transaction has ended.
	ErrClosed = engine.ErrClosed
	// ErrInvalidTTL means that a TTL is zero or less, or that a time of expiry is
	// not in the future. Nothing was written.
	ErrInvalidTTL = errors.New("store: TTL must be above zero")
	// ErrTooLarge means that group, key and value together exceed 999,999,936
	// bytes. Nothing was written.
	ErrTooLarge = engine.ErrTooLarge
	// ErrQuotaExceeded means that the write would exceed a limit of its
	// [Namespace]. Nothing was written.
	ErrQuotaExceeded = errors.New("store: namespace is full")
	// ErrBusy means that another process kept the file locked for the whole busy
	// timeout, see [WithBusyTimeout]. Nothing was written.
	ErrBusy = engine.ErrBusy
	// ErrFull means that the disk is full. Nothing was written.
	ErrFull = engine.ErrFull
	// ErrLagged means that a watcher was too slow and has missed events, see
	// [Group.Watch].
	ErrLagged = errors.New("store: watcher too slow, events were lost; read the group again")
	// ErrCorrupt means that the file is damaged or is not a database.
	ErrCorrupt = engine.ErrCorrupt
	// ErrReadOnly means that a store, a file or a view cannot be written.
	ErrReadOnly = engine.ErrReadOnly
	// ErrNested means that the call would wait for its own caller, see
	// [Store.Update].
	ErrNested = engine.ErrNested
	// ErrSchema means that the tables in the file are not those of a store, or, with
	// [WithManualMigrations], that they are not current.
	ErrSchema = engine.ErrSchema
	// ErrSchemaTooNew means that a newer release of this package made the file.
	ErrSchemaTooNew = engine.ErrSchemaTooNew
)

// Error is the error of a failed operation. Its text reads
//
//	store.Get: group/key: store: not found
//
// and it unwraps to its cause. The text is one line, except that New lists several
// options out of range on a line each. Names with bytes that would garble a
// terminal or a log are quoted as Go strings, and names longer than 256 bytes are
// shortened.
type Error struct {
	Op    string // the operation: "New", "Get", "SetWithTTL", …
	Group string // the group, or the namespace; empty if there is none
	Key   string // the key; empty if the operation has no single key
	Err   error  // the cause; errors.Is and errors.As see through to it
}

// Error implements error.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("store.")
	b.WriteString(e.Op)
	b.WriteString(": ")
	if e.Group != "" || e.Key != "" {
		b.WriteString(printable(e.Group))
		if e.Key != "" {
			b.WriteByte('/')
			b.WriteString(printable(e.Key))
		}
		b.WriteString(": ")
	}
	cause := fmt.Sprint(e.Err)
	if _, list := e.Err.(faults); !list {
		cause = oneLine(cause)
	}
	b.WriteString(cause)
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// failed wraps err in an *Error; it returns nil if err is nil. An *Error of the same
// operation and group that already names the key at fault is returned unchanged.
func failed(err error, op, group, key string) error {
	if err == nil {
		return nil
	}
	if e, ok := err.(*Error); ok && e.Op == op && e.Group == group && key == "" {
		return e
	}
	return &Error{Op: op, Group: group, Key: key, Err: err}
}

func isNotFound(err error) bool { return errors.Is(err, ErrNotFound) }
