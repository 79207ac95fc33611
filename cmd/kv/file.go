package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/schema"
	"forge.lthn.ai/core/go-store/store"
)

const (
	// defaultTable is the default of store.WithMigrationsTable.
	defaultTable = "goose_db_version"
	// busyTimeout is how long a command waits for another process's write.
	busyTimeout = 5 * time.Second
)

// path returns the path of the file to work on.
func (a *app) path() (string, error) {
	path := a.file
	if path == "" {
		path = a.env("KV_FILE")
	}
	switch path {
	case "":
		return "", usagef("no file given; name one with --file or in the environment variable KV_FILE")
	case ":memory:":
		return "", usagef(":memory: does not outlive kv; name a file, or ./:memory: for a file of that name")
	}
	return path, nil
}

// existingPath returns the path of the file to work on, which must exist.
func (a *app) existingPath() (string, error) {
	path, err := a.path()
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", usagef("file %s does not exist; kv set creates it, --file names another", quoted(path))
	}
	return path, nil
}

// read runs fn on the store in a file that exists, opened read-only.
func (a *app) read(fn func(*store.Store) error) error {
	path, err := a.existingPath()
	if err != nil {
		return err
	}
	return a.with(path, fn, store.WithReadOnly())
}

// change runs fn on the store in a file that exists.
func (a *app) change(fn func(*store.Store) error) error {
	path, err := a.existingPath()
	if err != nil {
		return err
	}
	return a.with(path, fn)
}

// create runs fn on the store, in a new file if none exists.
func (a *app) create(fn func(*store.Store) error) error {
	path, err := a.path()
	if err != nil {
		return err
	}
	return a.with(path, fn)
}

func (a *app) with(path string, fn func(*store.Store) error, opts ...store.Option) error {
	s, err := store.New(path, append(opts,
		store.WithClock(a.now),
		store.WithMigrationsTable(a.table),
		store.WithBusyTimeout(busyTimeout),
		// A command ends before either is of use.
		store.WithPurgeInterval(0),
		store.WithCacheSize(0),
	)...)
	if err != nil {
		return err
	}
	if err := fn(s); err != nil {
		// An error of fn matters more than one of the close.
		_ = s.Close()
		return err
	}
	if err := s.Close(); err != nil {
		return fmt.Errorf("close %s: %w", quoted(path), err)
	}
	return nil
}

// schemaOptions returns the same options for package schema, whose migrations package
// store does not export.
func (a *app) schemaOptions() schema.Options {
	return schema.Options{
		MigrationsTable: a.table,
		BusyTimeout:     busyTimeout,
		Logger:          slog.New(slog.DiscardHandler),
	}
}
