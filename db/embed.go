// Package db has the schema of the store as goose migrations. It is for programs
// that run goose themselves and open the store with store.WithManualMigrations.
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

// SQLite returns a read-only file system with the migrations for SQLite at its root,
// as goose.NewProvider expects them.
func SQLite() fs.FS {
	sub, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		// The path is a valid constant, which is all that fs.Sub checks.
		panic(err)
	}
	return sub
}
