package main

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"forge.lthn.ai/core/go-store/store"
)

func TestOneLine(t *testing.T) {
	for in, want := range map[string]string{
		"":                        "",
		"plain":                   "plain",
		"first\nsecond":           "first; second",
		"first\r\n\n\t second \n": "first; second",
		"bell \a, escape \x1b[0m": `bell \a, escape \x1b[0m`,
		"日本語 \u202e":              `日本語 \u202e`,
	} {
		if got := oneLine(in); got != want {
			t.Errorf("oneLine(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestReport(t *testing.T) {
	for _, tc := range []struct {
		name string
		err  error
		code int
		line string
	}{
		{"success", nil, exitOK, ""},
		{
			"names of group and key", &store.Error{Op: "Get", Group: "g", Key: "k", Err: store.ErrNotFound},
			exitNotFound, "kv: g/k: store: not found\n",
		},
		{
			"quoted key and a hint", &store.Error{Op: "Set", Group: "g", Key: "a\nb", Err: store.ErrTooLarge},
			exitFailure, "kv: g/\"a\\nb\": store: group, key and value together are too large; the limit is 1,000,000,000 bytes\n",
		},
		{
			"name of a group", &store.Error{Op: "DeleteGroup", Group: "g", Err: fmt.Errorf("%w: locked", store.ErrBusy)},
			exitFailure, "kv: g: store: database is busy with another process's write: locked; try again when the other process has finished\n",
		},
		{
			"several lines", errors.Join(errors.New("first"), errors.New("second")),
			exitFailure, "kv: first; second\n",
		},
		{"usage by its sentinel", store.ErrInvalidTTL, exitUsage, "kv: store: TTL must be above zero\n"},
		{"permission", fs.ErrPermission, exitFailure, "kv: permission denied; check the permissions of the file and of its folder\n"},
		{"usage before its cause", usagef("wrong: %w", store.ErrNotFound), exitUsage, "kv: wrong: store: not found\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a, _, stderr := newApp(t)
			if code := a.report(tc.err); code != tc.code {
				t.Errorf("report(%v) = %d, want %d", tc.err, code, tc.code)
			}
			if stderr.String() != tc.line {
				t.Errorf("report(%v) wrote %q, want %q", tc.err, stderr, tc.line)
			}
		})
	}
}
