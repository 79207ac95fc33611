// Package schema knows what the schema of a file is: it inspects a file, decides what
// has to happen to it, upgrades and downgrades it by the migrations of package db, and
// makes an older file readable as it is. Its one description of the schema is the list
// of steps in steps.go.
package schema

import (
	"log/slog"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// Options tell how to open and upgrade a file.
type Options struct {
	// ManualMigrations refuses a file whose schema is not current.
	ManualMigrations bool
	// MigrationsTable is goose's version table.
	MigrationsTable string
	// BusyTimeout is how long to wait for another process's write.
	BusyTimeout time.Duration
	// Logger receives what goose reports while it upgrades a file.
	Logger *slog.Logger
	// Opener makes the connections.
	Opener conn.Opener
}
