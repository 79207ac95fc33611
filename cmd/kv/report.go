package main

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"unicode"

	"forge.lthn.ai/core/go-store/store"
)

// The exit codes.
const (
	exitOK       = 0
	exitNotFound = 1 // or a condition that was not met
	exitUsage    = 2
	exitFailure  = 3
)

// usageError is the error of a wrong command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// usagef returns a usageError.
func usagef(format string, args ...any) error {
	return usageError{fmt.Errorf(format, args...)}
}

// explained is an error with a text for users in place of that of its cause.
type explained struct {
	text  string
	cause error
}

func (e explained) Error() string { return e.text }

func (e explained) Unwrap() error { return e.cause }

// report writes the error, if there is one, and returns the exit code.
func (a *app) report(err error) int {
	if err == nil {
		return exitOK
	}
	line := "kv: " + message(err)
	if h := hint(err); h != "" {
		line += "; " + h
	}
	// If standard error cannot be written, only the exit code is left.
	_, _ = fmt.Fprintln(a.err, oneLine(line))
	return exitCode(err)
}

func exitCode(err error) int {
	var usage usageError
	switch {
	case errors.As(err, &usage),
		errors.Is(err, store.ErrInvalidTTL),
		errors.Is(err, fs.ErrNotExist),
		errors.Is(err, fs.ErrInvalid):
		return exitUsage
	case errors.Is(err, store.ErrNotFound),
		errors.Is(err, store.ErrExists),
		errors.Is(err, store.ErrConflict):
		return exitNotFound
	}
	return exitFailure
}

// message returns the text of err without the name of the library's operation,
// which a user of the command does not know.
func message(err error) string {
	e, ok := err.(*store.Error)
	if !ok {
		return err.Error()
	}
	text := e.Err.Error()
	switch {
	case e.Key != "":
		return shown(e.Group) + "/" + shown(e.Key) + ": " + text
	case e.Group != "":
		return shown(e.Group) + ": " + text
	}
	return text
}

// hint returns what to do about err if its own text does not.
func hint(err error) string {
	for _, h := range []struct {
		class error
		do    string
	}{
		{store.ErrBusy, "try again when the other process has finished"},
		{store.ErrCorrupt, "check that the path is right, or restore the file from a backup"},
		{store.ErrFull, "free some space and try again"},
		{store.ErrReadOnly, "make the file and its folder writable"},
		{store.ErrTooLarge, "the limit is 1,000,000,000 bytes"},
		{store.ErrSchema, "the flag --migrations-table takes the place of WithMigrationsTable, and kv migrate up upgrades the file"},
		{fs.ErrPermission, "check the permissions of the file and of its folder"},
	} {
		if errors.Is(err, h.class) {
			return h.do
		}
	}
	return ""
}

// oneLine joins the lines of s and escapes characters that are not printable.
func oneLine(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("; ")
		}
		for _, r := range line {
			if unicode.IsPrint(r) {
				b.WriteRune(r)
			} else {
				b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
			}
		}
	}
	return b.String()
}
