package sqlite

import (
	"errors"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// TestRealErrors checks errors that SQLite itself returns.
func TestRealErrors(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/kv.db"
	e := open(t, path, options())
	db := raw(t, path)
	defer db.Close()
	for statement, is := range map[string]func(error) bool{
		"ROLLBACK":              conn.NoTransaction,
		"SELECT no_such_column": func(err error) bool { return err != nil && conn.Translate(err) == err },
		"INSERT INTO kv (grp, key, value) VALUES ('g', 'k', NULL)":                 func(err error) bool { return err != nil && !conn.EndsTransaction(err) },
		"INSERT INTO kv (grp, key, value) VALUES ('g', 'k', zeroblob(1000000001))": func(err error) bool { return errors.Is(conn.Translate(err), engine.ErrTooLarge) },
	} {
		if _, err := db.Exec(statement); !is(err) {
			t.Errorf("%s: %v", statement, err)
		}
	}
	// A limit on the size of the file acts like a full disk.
	if _, err := e.writer.conn.ExecContext(t.Context(), "PRAGMA max_page_count = 20"); err != nil {
		t.Fatal(err)
	}
	large := engine.SetParams{Grp: "g", Key: "k", Value: string(make([]byte, 1<<20))}
	if err := e.Set(t.Context(), large); !errors.Is(err, engine.ErrFull) {
		t.Errorf("error is %v, want ErrFull", err)
	}
	if err := e.Update(t.Context(), func(tx engine.Tx) error {
		set(t, tx, "g", "before", "v")
		if err := tx.Set(t.Context(), large); !errors.Is(err, engine.ErrFull) {
			t.Errorf("error is %v, want ErrFull", err)
		}
		// SQLite has now rolled back the transaction. The next statement must not run,
		// because it would be committed by itself.
		return errors.Join(tx.Set(t.Context(), engine.SetParams{Grp: "g", Key: "after"}), nil)
	}); !errors.Is(err, engine.ErrFull) {
		t.Errorf("error is %v, want ErrFull", err)
	}
	if n, err := e.Count(t.Context(), engine.CountParams{Grp: "g"}); n != 0 || err != nil {
		t.Errorf("%d rows of failed writes are left, %v", n, err)
	}
	set(t, e, "g", "k", "small")
	// Statements that only read must not run either.
	if err := e.Update(t.Context(), func(tx engine.Tx) error {
		_ = tx.Set(t.Context(), large)
		if _, err := tx.Count(t.Context(), engine.CountParams{Grp: "g"}); !errors.Is(err, engine.ErrFull) {
			t.Errorf("error is %v, want ErrFull", err)
		}
		if err := tx.Nested(t.Context(), func() error { return nil }); !errors.Is(err, engine.ErrFull) {
			t.Errorf("error is %v, want ErrFull", err)
		}
		return nil
	}); !errors.Is(err, engine.ErrFull) {
		t.Errorf("error is %v, want ErrFull", err)
	}
	if v := get(t, e, "g", "k"); v != "small" {
		t.Errorf("value is %q", v)
	}
}
