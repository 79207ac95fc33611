package store

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

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

// printable quotes s if it cannot stand in one line of text, and shortens what
// nobody would read to the end.
func printable(s string) string {
	const most = 256
	if len(s) > most {
		cut := most
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		return printable(s[:cut]) + "… (" + strconv.Itoa(len(s)) + " bytes)"
	}
	if !isPrintable(s) {
		return strconv.Quote(s)
	}
	return s
}

// oneLine escapes what cannot stand in one line of text. Causes have it from
// paths, from the caller's codec, or from SQLite's report of several faults.
func oneLine(s string) string {
	if isPrintable(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], string(utf8.RuneError)):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}

func isPrintable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}
