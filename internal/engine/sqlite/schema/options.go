// Package schema inspects the schema of a file and plans the upgrade. It upgrades and
// downgrades a file with the migrations of package db, and makes an older file readable
// without changing it. The list of steps in steps.go is its only description of the
// schema.
package schema

import (
	"log/slog"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// Options configure how a file is opened and upgraded.
type Options struct {
	// ManualMigrations refuses a file whose schema is not current, instead of
	// upgrading it.
	ManualMigrations bool
	// MigrationsTable is the name of goose's version table.
	MigrationsTable string
	// BusyTimeout is how long to wait for another process's write.
	BusyTimeout time.Duration
	// Logger receives what goose reports while it upgrades a file.
	Logger *slog.Logger
	// Opener opens the connections.
	Opener conn.Opener
}
