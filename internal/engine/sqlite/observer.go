package sqlite

import (
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/rowcache"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/walindex"
)

// commit is one commit of this process, as its observers learn of it.
type commit struct {
	walindex.Commit // filled in by the first observer; empty where there is no header
	changes         *rowcache.Changes
}

// alone reports whether nobody else committed around it.
func (k *commit) alone() bool { return k.Alone(k.changes.Wrote()) }

// observer is told of this process's commits, in their order. The writer calls it in
// the writers' turn, one observer after the other in the order of its list.
type observer interface {
	// wantsDetails asks for the changes of the next transaction row by row, with
	// revisions.
	wantsDetails() bool
	// committing announces the commit, under the database's write lock.
	committing(k *commit)
	// committed is called once the commit is durable, before its callers are told.
	committed(k *commit)
	// abandoned is called in place of committed if the commit failed.
	abandoned()
}

// header is the first observer: it reads the header of the WAL index around a commit.
type header struct {
	index *walindex.Index
	// memory: there is no file, so the commit itself has to move the header on.
	memory bool
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
