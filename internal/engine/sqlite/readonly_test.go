package sqlite

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/schema"
)

// readsFixture opens a file for reading. It checks all rows and that writes are refused.
func readsFixture(t *testing.T, path, name string) {
	t.Helper()
	e := start(t, path, reading())
	checkFixture(t, e, name)
	if err := e.View(t.Context(), func(r engine.Reader) error { checkFixture(t, r, name); return nil }); err != nil {
		t.Error(err)
	}
	cannotWriteTo(t, e)
	stop(t, e)
}

func cannotWriteTo(t *testing.T, e *Engine) {
	t.Helper()
	ctx := t.Context()
	for name, write := range map[string]func() error{
		"Set":           func() error { return e.Set(ctx, engine.SetParams{Grp: "g", Key: "k"}) },
		"Delete":        func() error { _, err := e.Delete(ctx, engine.DeleteParams{}); return err },
		"DeleteExpired": func() error { _, err := e.DeleteExpired(ctx, engine.DeleteExpiredParams{}); return err },
		"DeleteGroup":   func() error { _, err := e.DeleteGroup(ctx, "config"); return err },
		"PurgeExpired": func() error {
			_, err := e.PurgeExpired(ctx, engine.PurgeExpiredParams{Now: today, MaxRows: 9})
			return err
		},
		"Update":  func() error { return e.Update(ctx, func(engine.Tx) error { t.Error("called"); return nil }) },
		"Apply":   func() error { return e.Apply(ctx, func(engine.Tx) error { t.Error("called"); return nil }) },
		"Reclaim": func() error { return e.Reclaim(ctx) },
		"Compact": func() error { return e.Compact(ctx) },
	} {
		if err := write(); !errors.Is(err, engine.ErrReadOnly) {
			t.Errorf("%s of a read-only store: error is %v, want ErrReadOnly", name, err)
		}
	}
}

// TestReadOnlyShapes reads files of every shape and checks that they stay unchanged.
func TestReadOnlyShapes(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"DELETE", "WAL"} {
		for _, name := range []string{preTTL, ttl} {
			for version := range int64(6) {
				path := inMode(t, mode, name)
				if version > 0 {
					if name == ttl {
						alter(t, path, marks(1, 2)) // the goose command cannot upgrade this shape
					}
					if v := max(version, 2); name == preTTL || v >= 3 {
						migrate(t, path, v)
					}
				}
				before := folder(t, path)
				readsFixture(t, path, name)
				after := folder(t, path)
				if mode == "WAL" { // a reader cannot remove these, and leaves them empty
					if after[name+"-wal"] != "" {
						t.Error("the reader wrote a WAL")
					}
					delete(after, name+"-wal")
					delete(after, name+"-shm")
				}
				sameFiles(t, before, after)
			}
		}
	}
}

func TestReadOnlyNothing(t *testing.T) {
	t.Parallel()
	for name, statements := range map[string][]string{
		"empty file": nil, "other tables": {"CREATE TABLE notes (id INTEGER)"}, "goose, version 0": {marks()},
	} {
		path := build(t, statements...)
		if len(statements) == 0 {
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		check := untouched(t, path)
		if _, err := Open(t.Context(), path, reading()); !errors.Is(err, engine.ErrSchema) {
			t.Errorf("%s: error is %v, want ErrSchema", name, err)
		}
		check()
	}
	e := open(t, conn.Memory, reading())
	cannotWriteTo(t, e)
	if n, err := e.Count(t.Context(), engine.CountParams{}); n != 0 || err != nil {
		t.Errorf("count is %d, %v", n, err)
	}
}

// TestReadOnlyFollows reads while another store writes.
func TestReadOnlyFollows(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/kv.db"
	w := open(t, path, options())
	set(t, w, "g", "k", "one")
	r := open(t, path, reading())
	for _, v := range []string{"one", "two", "three"} {
		set(t, w, "g", "k", v)
		if got := get(t, r, "g", "k"); got != v {
			t.Errorf("value is %q, want %q", got, v)
		}
	}
}

// TestReadOnlyOldUpgraded has a writer upgrade an old file that a reader has open.
func TestReadOnlyOldUpgraded(t *testing.T) {
	t.Parallel()
	path := fixture(t, preTTL)
	r := open(t, path, reading())
	checkFixture(t, r, preTTL)
	w := open(t, path, options())
	checkFixture(t, r, preTTL)
	set(t, w, "g", "k", "v")
	if v := get(t, r, "g", "k"); v != "v" {
		t.Errorf("value is %q", v)
	}
}

// TestReadOnlyRunsEveryRead opens a file of each version for reading and runs every
// statement that reads. Older files lack tables and columns that the statements name.
func TestReadOnlyRunsEveryRead(t *testing.T) {
	t.Parallel()
	for version := int64(1); version <= schema.Latest(); version++ {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			t.Parallel()
			path := build(t)
			migrate(t, path, version)
			alter(t, path, "INSERT INTO kv (grp, key, value) VALUES ('g', 'k', 'v')")
			e := open(t, path, reading())
			readEverything(t, e)
			if err := e.View(t.Context(), func(r engine.Reader) error {
				readEverything(t, r)
				return nil
			}); err != nil {
				t.Error(err)
			}
		})
	}
}

// readEverything calls every method of engine.Reader for group g and key k.
func readEverything(t *testing.T, r engine.Reader) {
	t.Helper()
	for m := range reflect.TypeFor[engine.Reader]().Methods() {
		for _, high := range []string{"", "z"} {
			arg := reflect.New(m.Type.In(1)).Elem()
			fields := map[string]any{"Grp": "g", "Key": "k", "High": high, "Bounded": high != "", "MaxRows": int64(1)}
			for name, v := range fields {
				if arg.Kind() == reflect.Struct && arg.FieldByName(name).IsValid() {
					arg.FieldByName(name).Set(reflect.ValueOf(v))
				}
			}
			results := reflect.ValueOf(r).MethodByName(m.Name).Call([]reflect.Value{reflect.ValueOf(t.Context()), arg})
			err, _ := results[1].Interface().(error)
			if m.Name == "Usage" {
				if !errors.Is(err, engine.ErrNotFound) { // nobody counts
					t.Errorf("Usage: %v, want ErrNotFound", err)
				}
			} else if err != nil || results[0].IsZero() {
				t.Errorf("%s(%+v): %v, %v", m.Name, arg, results[0], err)
			}
		}
	}
}
