package sqlite

import (
	"log/slog"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/schema"
)

// Options say how Open opens a store. The zero value of each field but
// BusyTimeout and MigrationsTable is the safe choice.
type Options struct {
	// ReadOnly opens the file for reading and leaves its schema as it is.
	ReadOnly bool
	// ManualMigrations refuses a file whose schema is not current.
	ManualMigrations bool
	// MigrationsTable is goose's version table.
	MigrationsTable string
	// Relaxed syncs the file at checkpoints only, not at each commit.
	Relaxed bool
	// BusyTimeout is how long to wait for another process's write.
	BusyTimeout time.Duration
	// CacheBytes bounds the read cache; 0: none.
	CacheBytes int64
	// Logger receives what goose reports while it upgrades a file.
	Logger *slog.Logger

	opener conn.Opener // tests put faults into it
}

// schema are the options of those that reading and upgrading the schema needs.
func (opts Options) schema() schema.Options {
	return schema.Options{
		ManualMigrations: opts.ManualMigrations,
		MigrationsTable:  opts.MigrationsTable,
		BusyTimeout:      opts.BusyTimeout,
		Logger:           opts.Logger,
		Opener:           opts.opener,
	}
}

// ReservedName reports whether the schema of the store itself uses a table name, so
// that MigrationsTable cannot be it.
func ReservedName(name string) bool { return schema.Reserved(name) }
