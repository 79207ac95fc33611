package store

import (
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"time"
)

// Option changes how New opens a store.
type Option func(*config)

// config is what the options set, with the defaults filled in.
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

func newConfig(opts []Option) (config, error) {
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
	return c, c.validate()
}

var tableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// validate lists every fault, not only the first.
func (c config) validate() error {
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
	fault(!tableName.MatchString(name) || ownNames[name] || strings.HasPrefix(name, "sqlite_"),
		"WithMigrationsTable(%q): give a name of letters, digits and _, other than kv", c.migrationsTable)
	if len(errs) == 0 {
		return nil
	}
	return errs
}

// ownNames are taken by the schema itself.
var ownNames = map[string]bool{"kv": true, "kv_expires_at": true}

// faults are the options out of range, one a line.
type faults []error

func (f faults) Error() string   { return errors.Join(f...).Error() }
func (f faults) Unwrap() []error { return f }

// WithPurgeInterval sets how often expired keys are removed in the background.
// The default is 60 s; 0 turns the background purge off. Expired keys are
// unreadable at once in either case.
func WithPurgeInterval(d time.Duration) Option {
	return func(c *config) { c.purgeInterval = d }
}

// WithLogger sets where the store reports what has no caller to go to: failures
// of the background purge, and upgrades of a file's schema. The default discards.
func WithLogger(l *slog.Logger) Option {
	return func(c *config) { c.logger = l }
}

// WithClock sets the clock that decides on expiry; the default is time.Now. It
// is for tests, and must be safe for concurrent use.
func WithClock(now func() time.Time) Option {
	return func(c *config) { c.now = now }
}

// Durability is what a write that returned nil has survived.
type Durability uint8

const (
	// Full is the default: an acknowledged write survives a crash of the process,
	// of the operating system, and the loss of power. Each commit waits for the
	// disk; concurrent writes share that wait.
	Full Durability = iota
	// Normal lets an acknowledged write survive a crash of the process, but not
	// always a loss of power, after which the newest writes may be missing. The
	// file stays intact and in order: what is missing is a suffix.
	Normal
)

// WithDurability sets the durability of writes.
func WithDurability(d Durability) Option {
	return func(c *config) { c.durability = d }
}

// WithBusyTimeout sets how long an operation waits while another process writes
// to the file, before it fails with [ErrBusy]. The default is 5 s. Writers of
// the same Store wait for each other as long as it takes.
func WithBusyTimeout(d time.Duration) Option {
	return func(c *config) { c.busyTimeout = d }
}

// WithReadOnly opens a file for reading. Writes give [ErrReadOnly]. The file is
// not created, migrated or purged; a file of an older version is readable as it
// is.
func WithReadOnly() Option {
	return func(c *config) { c.readOnly = true }
}

// WithMigrationsTable names the table in which goose keeps the version of the
// schema; the default is goose_db_version. Give another name if the file is
// shared with an application that has migrations of its own.
func WithMigrationsTable(name string) Option {
	return func(c *config) { c.migrationsTable = name }
}

// WithManualMigrations opens a file only if its schema is current, else gives
// [ErrSchema]: for programs that run the migrations of package db themselves. It
// has no effect on a store in memory.
func WithManualMigrations() Option {
	return func(c *config) { c.manualMigrations = true }
}

// WithCacheSize bounds the memory of the read cache, in bytes. The default is
// 64 MiB, of which only what is read is used; 0 turns the cache off. A cached
// value is never stale, also when another process writes the file.
func WithCacheSize(bytes int64) Option {
	return func(c *config) { c.cacheSize = bytes }
}
