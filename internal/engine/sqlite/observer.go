package sqlite

import (
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/rowcache"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/walindex"
)

// commit is one commit of this process, as observers receive it.
type commit struct {
	walindex.Commit // set by header, the first observer; zero if there is no index
	changes         *rowcache.Changes
}

// alone reports whether no other process committed just before or after it.
func (k *commit) alone() bool { return k.Alone(k.changes.Wrote()) }

// observer receives the commits of this process, in their order. The writer calls the
// observers one after the other, in the order of its list, while no other op runs.
type observer interface {
	// wantsDetails reports whether the changes of the next transaction must list every
	// row, with its revision.
	wantsDetails() bool
	// committing is called before the commit, under the database's write lock.
	committing(k *commit)
	// committed is called after the commit, before its callers return.
	committed(k *commit)
	// abandoned is called instead of committed if the commit failed.
	abandoned()
}

// header is the first observer: it reads the header of the WAL index around a commit.
type header struct {
	index  *walindex.Index
	memory bool // SQLite keeps no header, so the observer itself steps it
}

func (header) wantsDetails() bool { return false }

func (h header) committing(k *commit) { k.Before, k.BeforeOK = h.index.Load() }

func (h header) committed(k *commit) {
	if h.memory && k.changes.Wrote() {
		h.index.Step()
	}
	k.After, k.AfterOK = h.index.Load()
}

func (header) abandoned() {}

// caching is the observer that keeps the cache current.
type caching struct {
	*rowcache.Cache
}

func (caching) wantsDetails() bool { return false }

func (c caching) committing(*commit) { c.Committing() }

func (c caching) committed(k *commit) { c.Committed(&k.Commit, k.changes) }

func (c caching) abandoned() { c.Abandoned() }
