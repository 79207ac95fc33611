package sqlite

import (
	"errors"
	"maps"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/schema"
)

// TestFaultsWhileMigratingDown checks that a downgrade is complete or changes nothing.
func TestFaultsWhileMigratingDown(t *testing.T) {
	t.Parallel()
	eachFault(t, []string{"disk full", "statement", "never recovers"}, func(t *testing.T, fault string, n int64) bool {
		path := build(t, ttlTable, "INSERT INTO kv VALUES ('g', 'k', 'v', NULL), ('g', 'dead', 'v', 5)")
		stop(t, start(t, path, options()))
		before := folder(t, path)
		var tp tap
		opts := tp.on(options())
		heal := tp.failAt(fault, n)
		_, err := schema.MigrateDown(t.Context(), path, 1, 5, opts.schema())
		hit := heal()
		if len(tp.open()) != 0 {
			t.Error("a connection is left open")
		}
		columns := value[int64](t, path, "SELECT COUNT(*) FROM pragma_table_info('kv')")
		rows := value[int64](t, path, "SELECT COUNT(*) FROM kv")
		switch {
		case err != nil && !maps.Equal(folder(t, path), before):
			t.Errorf("the file was changed, though the error is %v", err)
		case err == nil && (columns != 3 || rows != 1):
			t.Errorf("kv has %d columns and %d rows", columns, rows)
		}
		return hit
	})
}

// TestFaultsWhileInspecting opens files of each shape for reading, and reads their status,
// while each statement in turn fails.
func TestFaultsWhileInspecting(t *testing.T) {
	t.Parallel()
	upgraded := fixture(t, ttl)
	stop(t, start(t, upgraded, options()))
	for _, path := range []string{fixture(t, preTTL), fixture(t, ttl), upgraded, conn.Memory} {
		for name, inspect := range map[string]func(opts Options) error{
			"Open": func(opts Options) error {
				opts.ReadOnly = true
				e, err := Open(t.Context(), path, opts)
				if err != nil {
					return err
				}
				return e.Close()
			},
			"ReadStatus": func(opts Options) error {
				if path == conn.Memory {
					return nil
				}
				_, err := schema.ReadStatus(t.Context(), path, opts.schema())
				return err
			},
		} {
			for n := int64(0); ; n++ {
				var tp tap
				opts := tp.on(options())
				heal := tp.failAt("I/O error", n)
				err := inspect(opts)
				hit := heal()
				if err != nil && !errors.Is(err, faults["I/O error"].err) {
					t.Errorf("%s of %s, fault %d: error is %v", name, path, n, err)
				}
				if len(tp.open()) != 0 {
					t.Errorf("%s of %s, fault %d: a connection is left open", name, path, n)
				}
				if !hit {
					break
				}
			}
		}
	}
}

// TestStatusShapes reads the status of files of each shape.
func TestStatusShapes(t *testing.T) {
	t.Parallel()
	goose := fixture(t, preTTL)
	migrate(t, goose, 2)
	for path, want := range map[string]schema.Shape{
		fixture(t, preTTL): schema.ShapePreTTL, fixture(t, ttl): schema.ShapeTTL, goose: schema.ShapeGoose,
		build(t, "CREATE TABLE notes (id INTEGER)"): schema.ShapeNoKV,
	} {
		check := folder(t, path)["old.db"]
		s, err := schema.ReadStatus(t.Context(), path, options().schema())
		if err != nil || s.Shape != want {
			t.Errorf("%s: shape is %s, %v, want %s", path, s.Shape, err, want)
		}
		if s.Shape.String() == string(s.Shape) {
			t.Errorf("shape %s has no name", string(s.Shape))
		}
		if folder(t, path)["old.db"] != check {
			t.Error("the file was changed")
		}
	}
	if schema.Shape("x").String() != "x" {
		t.Error("an unknown shape has a name")
	}
}
