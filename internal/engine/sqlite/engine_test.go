package sqlite_test

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/enginetest"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite"
)

func options() sqlite.Options {
	return sqlite.Options{
		MigrationsTable: "goose_db_version",
		BusyTimeout:     5 * time.Second,
		Logger:          slog.New(slog.DiscardHandler),
	}
}

func TestFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open := func(t *testing.T, path string) engine.Engine {
		e, err := sqlite.Open(t.Context(), path, options())
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	enginetest.Run(t, func(t *testing.T) engine.Engine {
		return open(t, filepath.Join(t.TempDir(), "kv.db"))
	}, enginetest.WithReopen(func(t *testing.T, name string) engine.Engine {
		return open(t, filepath.Join(dir, name))
	}))
}

func TestMemory(t *testing.T) {
	t.Parallel()
	enginetest.Run(t, func(t *testing.T) engine.Engine {
		e, err := sqlite.Open(t.Context(), ":memory:", options())
		if err != nil {
			t.Fatal(err)
		}
		return e
	})
}
