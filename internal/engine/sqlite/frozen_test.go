package sqlite

import (
	"errors"
	"os"
	"testing"

	codes "modernc.org/sqlite/lib"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/schema"
)

// errCannotOpen is what SQLite returns where it cannot create the files beside a database.
var errCannotOpen = driverError(codes.SQLITE_CANTOPEN)

// cannotOpen makes the statements of the first connections fail with errCannotOpen, as if
// they could not create a -shm file. The next connection, which needs none, succeeds.
func cannotOpen(tp *tap, connections int) {
	failed := map[*tapConn]bool{}
	hook := func(c *tapConn, _ action, _ string) error {
		if !failed[c] && len(failed) == connections {
			return nil
		}
		failed[c] = true
		return errCannotOpen
	}
	tp.hook.Store(&hook)
}

// inspections are the ways to inspect a file that change nothing.
var inspections = map[string]func(t *testing.T, path string, opts Options) error{
	"Open": func(t *testing.T, path string, opts Options) error {
		opts.ReadOnly = true
		e, err := Open(t.Context(), path, opts)
		if err != nil {
			return err
		}
		checkFixture(t, e, preTTL)
		return e.Close()
	},
	"ReadStatus": func(t *testing.T, path string, opts Options) error {
		s, err := schema.ReadStatus(t.Context(), path, opts.schema())
		if err == nil && (s.Shape != schema.ShapePreTTL || s.Version != 1) {
			t.Errorf("shape is %s and version %d", s.Shape, s.Version)
		}
		return err
	},
}

// TestFrozenIsTheSecondTry opens files beside which nothing can be created. They are read
// without a -shm file, unless that would miss what is in a WAL or a journal.
func TestFrozenIsTheSecondTry(t *testing.T) {
	t.Parallel()
	for name, inspect := range inspections {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := fixture(t, preTTL)
			check := untouched(t, path)
			var tp tap
			opts := tp.on(options())
			cannotOpen(&tp, 1)
			if err := inspect(t, path, opts); err != nil {
				t.Error(err)
			}
			cannotOpen(&tp, 2)
			if err := inspect(t, path, opts); !errors.Is(err, errCannotOpen) {
				t.Errorf("neither way opens the file, and the error is %v", err)
			}
			check()
			for _, suffix := range []string{"-wal", "-journal", "-shm"} {
				if err := os.WriteFile(path+suffix, []byte("content"), 0o600); err != nil {
					t.Fatal(err)
				}
				check := untouched(t, path)
				cannotOpen(&tp, 1)
				if err := inspect(t, path, opts); !errors.Is(err, errCannotOpen) {
					t.Errorf("with a %s that has content, the error is %v", suffix, err)
				}
				check()
				if err := os.Remove(path + suffix); err != nil {
					t.Fatal(err)
				}
			}
			if len(tp.open()) != 0 {
				t.Error("a connection is left open")
			}
		})
	}
}
