package sqlite_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite"
)

// TestCloseLeavesOneFile checks that Close closes every connection: only the last connection
// to close removes the WAL.
func TestCloseLeavesOneFile(t *testing.T) {
	folder := t.TempDir()
	ctx := context.Background()
	e, err := sqlite.Open(ctx, filepath.Join(folder, "store.db"), sqlite.Options{
		MigrationsTable: "goose_db_version",
		BusyTimeout:     5 * time.Second,
		Logger:          slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Set(ctx, engine.SetParams{Grp: "g", Key: "k", Value: "v"}); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Count(ctx, engine.CountParams{Grp: "g"}); err != nil {
		t.Fatal(err)
	}
	if err := e.View(ctx, func(engine.Reader) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 {
		t.Errorf("after Close the folder holds %v, want only store.db", files)
	}
}
