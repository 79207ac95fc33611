package store

import (
	"errors"
	"fmt"
	"strings"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// The classes of errors, for errors.Is. Every error of an operation is an
// *[Error] that wraps one of these or the cause that the system gave.
var (
	// ErrNotFound: there is no live key of that name.
	ErrNotFound = engine.ErrNotFound
	// ErrClosed: the store was closed.
	ErrClosed = engine.ErrClosed
	// ErrInvalidTTL: a time to live that is not above zero.
	ErrInvalidTTL = errors.New("store: TTL must be above zero")
	// ErrTooLarge: group, key and value together exceed 999,999,936 bytes.
	ErrTooLarge = engine.ErrTooLarge
	// ErrBusy: another process kept the file locked for the whole busy timeout.
	ErrBusy = engine.ErrBusy
	// ErrCorrupt: the file is damaged or not a database.
	ErrCorrupt = engine.ErrCorrupt
	// ErrReadOnly: a write to a store, a file or a view that cannot be written.
	ErrReadOnly = engine.ErrReadOnly
	// ErrFull: the disk is full; the write did not happen.
	ErrFull = engine.ErrFull
	// ErrNested: a call that would wait for its own caller, see [Store.Update].
	ErrNested = engine.ErrNested
	// ErrSchema: the tables of the file are not those of a store.
	ErrSchema = engine.ErrSchema
	// ErrSchemaTooNew: the file was made by a newer version of this package.
	ErrSchemaTooNew = engine.ErrSchemaTooNew
	// ErrExists: there is a live key of that name already. Nothing was written.
	ErrExists = errors.New("store: key exists")
	// ErrConflict: the key is not at the revision it was compared with. Nothing was
	// written; read the entry again, and decide anew.
	ErrConflict = errors.New("store: key is at another revision")
	// ErrQuotaExceeded: the write would exceed a limit of its [Namespace]. It did not
	// happen.
	ErrQuotaExceeded = errors.New("store: namespace is full")
	// ErrLagged: a watcher was too slow and has missed events.
	ErrLagged = errors.New("store: watcher too slow, events were lost; read the group again")
)

// Error is what every failed operation returns. It reads
//
//	store.Get: group/key: store: not found
//
// and unwraps to its cause. It is one line, but for a list of options at fault.
// Names with bytes that would garble a terminal or a log are quoted, as Go quotes
// strings.
type Error struct {
	Op    string // the operation: "New", "Get", "SetWithTTL", …
	Group string // empty if it concerns no group
	Key   string // empty if it concerns no single key
	Err   error
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

// failed makes err an *Error, or returns nil. One that already tells which of
// several keys the operation failed at stays.
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
