package sqlite

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/enginetest"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

func TestFile(t *testing.T) {
	t.Parallel()
	conform(t, options(), false)
}

func TestFileCached(t *testing.T) {
	t.Parallel()
	conform(t, cached(), false)
}

func TestMemory(t *testing.T) {
	t.Parallel()
	conform(t, options(), true)
}

func TestMemoryCached(t *testing.T) {
	t.Parallel()
	conform(t, cached(), true)
}

// conform runs the conformance suite.
func conform(t *testing.T, opts Options, memory bool) {
	if memory {
		enginetest.Run(t, func(t *testing.T) engine.Engine { return start(t, conn.Memory, opts) })
		return
	}
	dir := t.TempDir()
	enginetest.Run(t, func(t *testing.T) engine.Engine {
		return start(t, filepath.Join(t.TempDir(), "kv.db"), opts)
	}, enginetest.WithReopen(func(t *testing.T, name string) engine.Engine {
		return start(t, filepath.Join(dir, name), opts)
	}))
}

// cached returns options with a read cache.
func cached() Options {
	opts := options()
	opts.CacheBytes = 1 << 20
	return opts
}

// options returns the default options of package store, except that commits are not synced,
// because no test cuts the power.
func options() Options {
	return Options{
		Relaxed:         true,
		MigrationsTable: "goose_db_version",
		BusyTimeout:     5 * time.Second,
		Logger:          slog.New(slog.DiscardHandler),
	}
}

// start opens a store that the test closes.
func start(t *testing.T, path string, opts Options) *Engine {
	t.Helper()
	e, err := Open(context.Background(), path, opts)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return e
}

// open opens a store and closes it when the test ends.
func open(t *testing.T, path string, opts Options) *Engine {
	t.Helper()
	e := start(t, path, opts)
	t.Cleanup(func() { stop(t, e) })
	return e
}

func stop(t *testing.T, e *Engine) {
	t.Helper()
	if err := e.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// set and get are a Set and a Get that must succeed.
func set(t *testing.T, e engine.Writer, grp, key, value string) {
	t.Helper()
	if err := e.Set(t.Context(), engine.SetParams{Grp: grp, Key: key, Value: value}); err != nil {
		t.Fatalf("Set: %v", err)
	}
}

func get(t *testing.T, e engine.Reader, grp, key string) string {
	t.Helper()
	row, err := e.Get(t.Context(), engine.GetParams{Grp: grp, Key: key})
	if err != nil {
		t.Fatalf("Get %q/%q: %v", grp, key, err)
	}
	return row.Value
}
