package sqlite

import (
	"log/slog"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/schema"
)

// Options configure Open. The zero value of each field is the safe choice, except for
// BusyTimeout and MigrationsTable, which must be set.
type Options struct {
	// ReadOnly opens the file for reading and leaves its schema as it is.
	ReadOnly bool
	// ManualMigrations refuses a file whose schema is not current, instead of
	// upgrading it.
	ManualMigrations bool
	// MigrationsTable is the name of goose's version table.
	MigrationsTable string
	// Relaxed syncs the file at checkpoints only, not at each commit.
	Relaxed bool
	// BusyTimeout is how long to wait for another process's write.
	BusyTimeout time.Duration
	// CacheBytes limits the memory of the read cache; 0: no cache.
	CacheBytes int64
	// Logger receives what goose reports while it upgrades a file.
	Logger *slog.Logger

	opener conn.Opener // tests inject faults here
}

// schema returns the options for package schema.
func (opts Options) schema() schema.Options {
	return schema.Options{
		ManualMigrations: opts.ManualMigrations,
		MigrationsTable:  opts.MigrationsTable,
		BusyTimeout:      opts.BusyTimeout,
		Logger:           opts.Logger,
		Opener:           opts.opener,
	}
}

// ReservedName reports whether the schema uses a name, so that MigrationsTable must not be
// that name.
func ReservedName(name string) bool { return schema.Reserved(name) }
