// Package db holds the schema of the store as goose migrations, for programs
// that run goose themselves and open the store with
// store.WithManualMigrations.
//
//	provider, err := goose.NewProvider(goose.DialectSQLite3, conn, db.SQLite(),
//		goose.WithDisableGlobalRegistry(true))
package db

import (
	"embed"
	"io/fs"
)

//go:embed migrations/sqlite/*.sql
var migrations embed.FS

// SQLite returns the migrations for SQLite at the root of a read-only file
// system, as goose.NewProvider takes them.
func SQLite() fs.FS {
	sub, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		// The path is a valid constant, which is all that fs.Sub checks.
		panic(err)
	}
	return sub
}
