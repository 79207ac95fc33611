package sqlite

import (
	"database/sql/driver"
	"log/slog"
	"time"
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

	// wrap puts faults into the connections: tests only.
	wrap func(driver.Connector) driver.Connector
}

// memoryPath is the path of a database in memory, private to its Engine.
const memoryPath = ":memory:"
