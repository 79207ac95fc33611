package store_test

import (
	"bytes"
	"errors"
	"io/fs"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

func TestOptionsOutOfRange(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		opt  store.Option
		want string // a part of the message
	}{
		{"purge interval", store.WithPurgeInterval(-1), "WithPurgeInterval(-1ns)"},
		{"logger", store.WithLogger(nil), "WithLogger(nil)"},
		{"clock", store.WithClock(nil), "WithClock(nil)"},
		{"durability", store.WithDurability(2), "WithDurability(2)"},
		{"busy timeout", store.WithBusyTimeout(-time.Second), "WithBusyTimeout(-1s)"},
		{"cache size", store.WithCacheSize(-1), "WithCacheSize(-1)"},
		{"no table", store.WithMigrationsTable(""), `WithMigrationsTable("")`},
		{"the store's table", store.WithMigrationsTable("kv"), `WithMigrationsTable("kv")`},
		{"the store's table, as SQL sees it", store.WithMigrationsTable("KV"), `WithMigrationsTable("KV")`},
		{"the store's index", store.WithMigrationsTable("kv_expires_at"), `WithMigrationsTable("kv_expires_at")`},
		{"the store's trigger", store.WithMigrationsTable("kv_revision"), `WithMigrationsTable("kv_revision")`},
		{"the store's other table", store.WithMigrationsTable("kv_Usage"), `WithMigrationsTable("kv_Usage")`},
		{"another trigger", store.WithMigrationsTable("kv_usage_insert"), `WithMigrationsTable("kv_usage_insert")`},
		{"a table of SQLite's", store.WithMigrationsTable("SQLite_x"), `WithMigrationsTable("SQLite_x")`},
		{"SQL", store.WithMigrationsTable("a; DROP TABLE kv"), `WithMigrationsTable("a; DROP TABLE kv")`},
		{"a digit first", store.WithMigrationsTable("1a"), `WithMigrationsTable("1a")`},
		{"a newline last", store.WithMigrationsTable("a\n"), `WithMigrationsTable("a\n")`},
	}
	all := make([]store.Option, 0, len(tests))
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := newPath(t)
			s, err := store.New(path, test.opt)
			if err == nil {
				_ = s.Close()
				t.Fatal("New accepted it")
			}
			var e *store.Error
			if !errors.As(err, &e) || e.Op != "New" || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want a *store.Error of New with %s", err, test.want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("one fault, several lines: %v", err)
			}
			if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("there is a file: %v", err)
			}
		})
		all = append(all, test.opt)
	}
	t.Run("all", func(t *testing.T) {
		t.Parallel()
		_, err := store.New(newPath(t), all...)
		if err == nil {
			t.Fatal("New accepted them")
		}
		for _, name := range []string{
			"WithPurgeInterval", "WithLogger", "WithClock", "WithDurability",
			"WithBusyTimeout", "WithCacheSize", "WithMigrationsTable",
		} {
			if n := strings.Count(err.Error(), name+"("); n != 1 {
				t.Errorf("%s is named %d times in:\n%v", name, n, err)
			}
		}
	})
}

func TestOptionsInRange(t *testing.T) {
	t.Parallel()
	tests := map[string][]store.Option{
		"none":               nil,
		"nil":                {nil},
		"no purge":           {store.WithPurgeInterval(0)},
		"purge all the time": {store.WithPurgeInterval(1)},
		"rare purge":         {store.WithPurgeInterval(math.MaxInt64)},
		"full":               {store.WithDurability(store.Full)},
		"normal":             {store.WithDurability(store.Normal)},
		"no waiting":         {store.WithBusyTimeout(0)},
		"no cache":           {store.WithCacheSize(0)},
		"tiny cache":         {store.WithCacheSize(1)},
		"huge cache":         {store.WithCacheSize(math.MaxInt64)},
		"own table":          {store.WithMigrationsTable("my_store_2")},
		"the last one holds": {store.WithBusyTimeout(-1), store.WithBusyTimeout(1)},
		"together": {
			store.WithPurgeInterval(time.Hour), store.WithDurability(store.Normal), store.WithCacheSize(1 << 20),
			store.WithBusyTimeout(time.Second), store.WithLogger(slog.New(slog.DiscardHandler)), store.WithClock(time.Now),
		},
	}
	for name, opts := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
				s := open(opts...)
				set(t, s, "g", "k", "v")
				wantValue(t, s, "g", "k", "v")
				wantValue(t, s, "g", "k", "v") // from the cache, if any
				set(t, s, "g", "k", "w")
				wantAll(t, s, "g", map[string]string{"k": "w"})
			})
		})
	}
}

func TestWithMigrationsTable(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := open(t, path, store.WithMigrationsTable("store_version"))
	set(t, s, "g", "k", "v")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db := raw(t, path)
	for table, want := range map[string]int64{"store_version": 1, "goose_db_version": 0} {
		if got := number(t, db, "SELECT COUNT(*) FROM sqlite_schema WHERE name = ?", table); got != want {
			t.Errorf("%d tables %s, want %d", got, table, want)
		}
	}
	wantValue(t, open(t, path, store.WithMigrationsTable("store_version")), "g", "k", "v")
}

func TestWithManualMigrations(t *testing.T) {
	t.Parallel()
	t.Run("no file", func(t *testing.T) {
		t.Parallel()
		path := newPath(t)
		_, err := store.New(path, store.WithManualMigrations())
		wantRefused(t, err, store.ErrSchema)
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("there is a file: %v", err)
		}
	})
	t.Run("old file", func(t *testing.T) {
		t.Parallel()
		path := fixture(t, "legacy-ttl.db")
		wantUntouched(t, path, func() {
			_, err := store.New(path, store.WithManualMigrations())
			wantRefused(t, err, store.ErrSchema)
		})
	})
	t.Run("current file", func(t *testing.T) {
		t.Parallel()
		path := newPath(t)
		s := open(t, path)
		set(t, s, "g", "k", "v")
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		wantValue(t, open(t, path, store.WithManualMigrations()), "g", "k", "v")
	})
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		s := open(t, ":memory:", store.WithManualMigrations())
		set(t, s, "g", "k", "v")
		wantValue(t, s, "g", "k", "v")
	})
}

func TestWithLoggerReportsAnUpgrade(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	open(t, fixture(t, "legacy-pre-ttl.db"), store.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	if !strings.Contains(log.String(), "00002_add_expires_at.sql") {
		t.Errorf("the log does not name the migration:\n%s", &log)
	}
}

func TestWithReadOnly(t *testing.T) {
	t.Parallel()
	t.Run("no file", func(t *testing.T) {
		t.Parallel()
		path := newPath(t)
		if _, err := store.New(path, store.WithReadOnly()); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got %v, want fs.ErrNotExist", err)
		}
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("there is a file: %v", err)
		}
	})
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		s := open(t, ":memory:", store.WithReadOnly())
		wantReadOnly(t, s)
		wantAll(t, s, "g", map[string]string{})
	})
	t.Run("current file", func(t *testing.T) {
		t.Parallel()
		now := newClock()
		path := newPath(t)
		s := open(t, path, now.option())
		set(t, s, "g", "k", "v")
		if err := s.SetWithTTL("g", "gone", "v", time.Second); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		now.advance(time.Minute)
		wantUntouched(t, path, func() {
			s := open(t, path, now.option(), store.WithReadOnly(), store.WithPurgeInterval(1))
			wantReadOnly(t, s)
			wantValue(t, s, "g", "k", "v")
			wantAbsent(t, s, "g", "gone") // without removing it
			wantAll(t, s, "g", map[string]string{"k": "v"})
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		})
	})
	t.Run("beside a writer", func(t *testing.T) {
		t.Parallel()
		path := newPath(t)
		w := open(t, path)
		r := open(t, path, store.WithReadOnly())
		for _, value := range []string{"one", "two", "three"} {
			set(t, w, "g", "k", value)
			wantValue(t, r, "g", "k", value)
		}
		wantReadOnly(t, r)
		wantAll(t, w, "g", map[string]string{"k": "three"})
	})
	for _, name := range []string{"legacy-pre-ttl.db", "legacy-ttl.db"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := fixture(t, name)
			wantUntouched(t, path, func() {
				s := open(t, path, store.WithReadOnly())
				wantReadOnly(t, s)
				wantLegacyRows(t, s)
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			})
		})
	}
	t.Run("in a folder that is not writable", func(t *testing.T) {
		t.Parallel()
		path := fixture(t, "legacy-ttl.db")
		dir := filepath.Dir(path)
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(dir, 0o700) }) // so that it can be removed
		wantLegacyRows(t, open(t, path, store.WithReadOnly()))
	})
}

// wantReadOnly checks that every write is refused.
func wantReadOnly(t *testing.T, s *store.Store) {
	t.Helper()
	_, purge := s.PurgeExpired()
	for verb, err := range map[string]error{
		"Set":          s.Set("g", "k", "new"),
		"SetWithTTL":   s.SetWithTTL("g", "k", "new", time.Hour),
		"Delete":       s.Delete("g", "k"),
		"DeleteGroup":  s.DeleteGroup("g"),
		"PurgeExpired": purge,
		"Compact":      s.Compact(background),
	} {
		var e *store.Error
		if !errors.Is(err, store.ErrReadOnly) || !errors.As(err, &e) || e.Op != verb {
			t.Errorf("%s: %v, want ErrReadOnly", verb, err)
		}
	}
	// An error of the arguments takes precedence over ErrReadOnly.
	if err := s.SetWithTTL("g", "k", "new", 0); !errors.Is(err, store.ErrInvalidTTL) {
		t.Errorf("SetWithTTL: %v, want ErrInvalidTTL", err)
	}
}
