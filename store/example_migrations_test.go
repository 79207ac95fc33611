package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite"

	"forge.lthn.ai/core/go-store/db"
	"forge.lthn.ai/core/go-store/store"
)

// A program that runs goose itself hands it the migrations of package db.
func ExampleWithManualMigrations() {
	path, remove := newFile()
	defer remove()

	_, err := store.New(path, store.WithManualMigrations())
	fmt.Println(errors.Is(err, store.ErrSchema)) // there is no table yet

	conn, err := sql.Open("sqlite", path)
	if err != nil {
		log.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, conn, db.SQLite(),
		goose.WithDisableGlobalRegistry(true))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := provider.Up(context.Background()); err != nil {
		log.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		log.Fatal(err)
	}

	s, err := store.New(path, store.WithManualMigrations())
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	fmt.Println(s.Count("config"))
	// Output:
	// true
	// 0 <nil>
}

// An application that keeps its own tables in the file, with their version in
// goose_db_version, names another table for the version of the store.
func ExampleWithMigrationsTable() {
	path, remove := newFile()
	defer remove()

	conn, err := sql.Open("sqlite", path)
	must(err)
	_, err = conn.Exec(`CREATE TABLE users (name TEXT);
		CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL,
			is_applied INTEGER NOT NULL, tstamp TIMESTAMP DEFAULT (datetime('now')));
		INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1), (1, 1);`)
	must(err)
	must(conn.Close())

	_, err = store.New(path)
	fmt.Println(errors.Is(err, store.ErrSchema))

	s, err := store.New(path, store.WithMigrationsTable("store_version"))
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	fmt.Println(s.Count("config"))
	// Output:
	// true
	// 0 <nil>
}
