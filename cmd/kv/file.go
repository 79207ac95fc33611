package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite"
	"forge.lthn.ai/core/go-store/store"
)

const (
	// defaultTable is what store.WithMigrationsTable has as its default.
	defaultTable = "goose_db_version"
	// busyTimeout is how long a command waits for another process's write.
	busyTimeout = 5 * time.Second
)

// path is the file to work on.
func (a *app) path() (string, error) {
	path := a.file
	if path == "" {
		path = a.env("KV_FILE")
	}
	switch path {
	case "":
		return "", usagef("no file; name one with --file or in the environment variable KV_FILE")
	case ":memory:":
		return "", usagef(":memory: would be gone when kv ends; name a file, or ./:memory: for one of that name")
	}
	return path, nil
}

// existingPath is the file to work on, which must be there.
func (a *app) existingPath() (string, error) {
	path, err := a.path()
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", usagef("there is no file %s; kv set makes one, --file names another", quoted(path))
	}
	return path, nil
}

// read runs fn on the store, opened so that nothing can change it.
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

// create runs fn on the store, in a new file if there is none.
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
		// A command is over before either would be of use.
		store.WithPurgeInterval(0),
		store.WithCacheSize(0),
	)...)
	if err != nil {
		return err
	}
	if err := fn(s); err != nil {
		// What went wrong with the close as well is of no more interest.
		_ = s.Close()
		return err
	}
	if err := s.Close(); err != nil {
		return fmt.Errorf("close %s: %w", quoted(path), err)
	}
	return nil
}

// engineOptions are the same for the migrations, which the facade does not show.
func (a *app) engineOptions() sqlite.Options {
	return sqlite.Options{
		MigrationsTable: a.table,
		BusyTimeout:     busyTimeout,
		Logger:          slog.New(slog.DiscardHandler),
	}
}
