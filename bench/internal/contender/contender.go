// Package contender puts the stores that are compared behind one small interface, each in a file of its own.
package contender

import (
	"errors"
	"iter"
	"time"
)

// ErrNotFound is what Get returns for a key that is absent or expired.
var ErrNotFound = errors.New("not found")

// Store is an open contender. It is safe for concurrent use.
type Store interface {
	Get(group, key string) (string, error)
	Set(group, key, value string) error
	Close() error
}

// GroupReader is a [Store] that reads a whole group into a map, which then belongs to the caller.
type GroupReader interface {
	GetAll(group string) (map[string]string, error)
}

// Loader is a [Store] that takes many pairs at once, by the means that its authors recommend. When Load returns, the pairs are
// as durable as single writes. With a ttl of 0 they never expire.
type Loader interface {
	Load(group string, pairs iter.Seq2[string, string], ttl time.Duration) error
}

// Purger is a [Store] that removes expired keys on demand, and returns how many.
type Purger interface {
	PurgeExpired() (int64, error)
}

// Durability is how safe an acknowledged write is.
type Durability string

const (
	// Synced means that it is on the disk and survives a power cut.
	Synced Durability = "synced"
	// Own is the contender's default.
	Own Durability = "own"
)

// Config is how a workload opens a contender.
type Config struct {
	Durability Durability
	CacheBytes int64 // for the cache of values of a contender that has one; 0 leaves it at its default
}

// Contender is a store and how it is set up.
type Contender struct {
	Name    string // as in flags and results
	Title   string // as in tables
	Module  string // whose version the report names
	Family  string // contenders of one family can read each other's files
	Setup   string // what is set when every write is synced
	Default string // how its own default differs from Setup; empty when it does not
	Roles   Role

	OnlyOwn    bool // is measured only at its own durability
	Volatile   bool // keeps nothing in files
	FillsCache bool // is not hot before every key has been read once
	NoBulk     bool // has no call for many keys: Load only prepares files

	Open func(dir string, config Config) (Store, error)
}
