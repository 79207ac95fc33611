package sqlite

import (
	"database/sql"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/schema"
)

// The statements of the release before goose, which had the column expires_at.
const (
	previousAlter  = "ALTER TABLE kv ADD COLUMN expires_at INTEGER"
	previousSet    = "INSERT INTO kv (grp, key, value, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT(grp, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at"
	previousGet    = "SELECT value, expires_at FROM kv WHERE grp = ? AND key = ?"
	previousDelete = "DELETE FROM kv WHERE grp = ? AND key = ?"
)

// TestPreviousProgram has a program of an earlier release use an upgraded file, while a store
// has it open too.
func TestPreviousProgram(t *testing.T) {
	t.Parallel()
	path := fixture(t, preTTL)
	e := open(t, path, options())
	old := raw(t, path)
	defer old.Close()
	if _, err := old.Exec("CREATE TABLE IF NOT EXISTS kv (grp TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (grp, key))"); err != nil {
		t.Error(err)
	}
	if _, err := old.Exec(previousAlter); err == nil {
		t.Error("the column was added twice")
	}
	expiry := time.Now().Add(time.Hour).UnixMilli()
	for _, w := range []struct {
		value   string
		expires engine.Expiry
	}{{"one", engine.Never}, {"two", engine.ExpireAt(expiry)}, {"three", engine.Never}} {
		if _, err := old.Exec(previousSet, "g", "k", w.value, w.expires); err != nil {
			t.Fatal(err)
		}
		row, err := e.Get(t.Context(), engine.GetParams{Grp: "g", Key: "k"})
		if err != nil || row.Value != w.value || row.ExpiresAt != w.expires {
			t.Errorf("the store reads %+v, %v after the old program wrote %+v", row, err, w)
		}
	}
	if err := e.Set(t.Context(), engine.SetParams{Grp: "g", Key: "mine", Value: "v", ExpiresAt: engine.ExpireAt(expiry)}); err != nil {
		t.Fatal(err)
	}
	var v string
	var at sql.NullInt64
	if err := old.QueryRow(previousGet, "g", "mine").Scan(&v, &at); err != nil || v != "v" || at.Int64 != expiry {
		t.Errorf("the old program reads %q, %v, %v", v, at, err)
	}
	if _, err := old.Exec(previousDelete, "g", "k"); err != nil {
		t.Error(err)
	}
	if n, err := e.Count(t.Context(), engine.CountParams{Grp: "g"}); n != 1 || err != nil {
		t.Errorf("the store counts %d, %v", n, err)
	}
}

// TestPlainGoose opens files that the goose command has upgraded. Open must not change their
// version table.
func TestPlainGoose(t *testing.T) {
	t.Parallel()
	latest := schema.Latest()
	for _, version := range []int64{0, 1, latest - 1, latest} {
		path := fixture(t, preTTL)
		if version > 0 {
			migrate(t, path, version)
		}
		migrate(t, path, latest)
		rows := value[string](t, path, "SELECT group_concat(id || ':' || version_id) FROM goose_db_version")
		e := start(t, path, options())
		checkFixture(t, e, preTTL)
		stop(t, e)
		current(t, path, "goose_db_version")
		if after := value[string](t, path, "SELECT group_concat(id || ':' || version_id) FROM goose_db_version"); after != rows {
			t.Errorf("the versions went from %s to %s", rows, after)
		}
	}
}
