package store

import (
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"time"
)

// Option configures a store for [New]. Of several that set the same thing the last
// one counts. A nil Option is ignored.
type Option func(*config)

// config holds the settings of a store, with the defaults filled in.
type config struct {
	purgeInterval    time.Duration
	logger           *slog.Logger
	now              func() time.Time
	durability       Durability
	busyTimeout      time.Duration
	readOnly         bool
	migrationsTable  string
	manualMigrations bool
	cacheSize        int64
}

func newConfig(opts []Option, reserved func(name string) bool) (config, error) {
	c := config{
		purgeInterval:   60 * time.Second,
		logger:          slog.New(slog.DiscardHandler),
		now:             time.Now,
		busyTimeout:     5 * time.Second,
		migrationsTable: "goose_db_version",
		cacheSize:       64 << 20,
	}
	for _, o := range opts {
		if o != nil {
			o(&c)
		}
	}
	return c, c.validate(reserved)
}

var tableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// validate returns an error that lists every option out of range. reserved reports
// whether the engine uses a table name itself.
func (c config) validate(reserved func(name string) bool) error {
	var errs faults
	fault := func(bad bool, format string, args ...any) {
		if bad {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	fault(c.purgeInterval < 0, "WithPurgeInterval(%v): give 0 for no background purge, or more", c.purgeInterval)
	fault(c.logger == nil, "WithLogger(nil): leave the option out to discard logs")
	fault(c.now == nil, "WithClock(nil): leave the option out for time.Now")
	fault(c.durability > Normal, "WithDurability(%d): give Full or Normal", c.durability)
	fault(c.busyTimeout < 0, "WithBusyTimeout(%v): give 0 not to wait, or more", c.busyTimeout)
	fault(c.cacheSize < 0, "WithCacheSize(%d): give 0 for no cache, or more bytes", c.cacheSize)
	name := strings.ToLower(c.migrationsTable)
	fault(!tableName.MatchString(name) || strings.HasPrefix(name, "sqlite_"),
		"WithMigrationsTable(%q): give a name of letters, digits and _", c.migrationsTable)
	fault(reserved(name), "WithMigrationsTable(%q): the schema of the store uses that name; give another one", c.migrationsTable)
	if len(errs) == 0 {
		return nil
	}
	return errs
}

// faults lists the options out of range. Its text has a line for each.
type faults []error

func (f faults) Error() string   { return errors.Join(f...).Error() }
func (f faults) Unwrap() []error { return f }

// WithPurgeInterval sets how often a background purge removes expired keys. The
// default is 60 s, 0 turns the background purge off, and a negative interval is an
// error of [New]. An expired key is unreadable from its expiry on, whatever the
// interval.
func WithPurgeInterval(d time.Duration) Option {
	return func(c *config) { c.purgeInterval = d }
}

// WithLogger sets the logger for events that no call returns: failures of the
// background purge, at level Error, and upgrades of a file's schema. The default
// discards them. A nil logger is an error of [New].
func WithLogger(l *slog.Logger) Option {
	return func(c *config) { c.logger = l }
}

// WithClock sets the clock that decides which keys have expired and that new
// revisions follow; the default is time.Now. It is for tests. The function must be
// safe for concurrent use; a nil function is an error of [New].
func WithClock(now func() time.Time) Option {
	return func(c *config) { c.now = now }
}

// Durability says which failures a write that returned nil survives.
type Durability uint8

const (
	// Full is the default: an acknowledged write survives a crash of the process, a
	// crash of the operating system and a loss of power. Each commit waits for the
	// disk; concurrent writes share that wait.
	Full Durability = iota
	// Normal means that an acknowledged write survives a crash of the process, but
	// not always a loss of power. After a loss of power the newest writes may be
	// missing. The file stays intact, and no write is missing while a later one is
	// present.
	Normal
)

// WithDurability sets the durability of writes, [Full] or [Normal]. The default is
// Full.
func WithDurability(d Durability) Option {
	return func(c *config) { c.durability = d }
}

// WithBusyTimeout sets how long an operation waits while another process, or another
// Store, writes to the file, before it returns [ErrBusy]. The default is 5 s, 0 means
// not to wait, and a negative timeout is an error of [New]. Writers of the same Store
// wait for each other without a limit, or until their context is done.
func WithBusyTimeout(d time.Duration) Option {
	return func(c *config) { c.busyTimeout = d }
}

// WithReadOnly opens a file for reading only. Writes return [ErrReadOnly]. The file is
// not created, upgraded or purged; a file of an older release can be read as it is. If
// the file does not exist, New returns an error that matches fs.ErrNotExist.
func WithReadOnly() Option {
	return func(c *config) { c.readOnly = true }
}

// WithMigrationsTable names the table in which goose keeps the version of the schema.
// The default is goose_db_version. Choose another name if an application keeps its
// own goose migrations in the same file, and pass it each time the file is opened. A
// name may consist of ASCII letters, digits and _, must not begin with a digit, and
// must not be one that the schema or SQLite uses; otherwise it is an error of [New].
func WithMigrationsTable(name string) Option {
	return func(c *config) { c.migrationsTable = name }
}

// WithManualMigrations opens a file only if its schema is current; otherwise New
// returns [ErrSchema]. It is for programs that run the migrations of package db
// themselves. It has no effect on a store in memory.
func WithManualMigrations() Option {
	return func(c *config) { c.manualMigrations = true }
}

// WithCacheSize sets the maximum size of the read cache, in bytes. The default is
// 64 MiB (67,108,864 bytes), 0 turns the cache off, and a negative size is an error of
// [New]. The cache uses memory only for what has been read or written. A cached value
// is never stale, even when another process writes the file.
func WithCacheSize(bytes int64) Option {
	return func(c *config) { c.cacheSize = bytes }
}
