// Package engine is the seam between the store and the databases that can hold
// it: one method a generated statement, plus transactions. What needs a clock,
// a codec, a decision or two statements lives above the seam, in package store,
// once for every engine.
//
// Times are Unix milliseconds and come in as parameters: an engine has no
// clock. Every error that a caller can act on matches one of the sentinels of
// this package. Package enginetest is the conformance suite of the seam.
package engine

import "context"

// Reader is the statements that only read. Each sees one consistent state.
type Reader interface {
	// Get returns the row, expired or not, or ErrNotFound. It need not know the
	// revision.
	Get(ctx context.Context, arg GetParams) (GetRow, error)
	// Lookup is Get with the revision.
	Lookup(ctx context.Context, arg GetParams) (GetRow, error)
	// Count returns the number of live keys in a group, or in a part of it.
	Count(ctx context.Context, arg CountParams) (int64, error)
	// GetAll returns the live keys of a group and their values, in a map that is
	// the caller's.
	GetAll(ctx context.Context, arg GetAllParams) (map[string]string, error)
	// Scan returns one page of the live rows of a group, in key order.
	Scan(ctx context.Context, arg ScanParams) ([]Row, error)
	// Groups returns one page of the groups that hold live keys, in order.
	Groups(ctx context.Context, arg GroupsParams) ([]GroupsRow, error)
	// Revisions returns one page of a group's rows, in key order, without values.
	Revisions(ctx context.Context, arg RevisionsParams) ([]RevisionsRow, error)
	// Usage returns what a namespace holds, or ErrNotFound if nobody counts.
	Usage(ctx context.Context, namespace string) (UsageRow, error)
}

// Writer is the statements that change rows.
type Writer interface {
	// Set inserts or overwrites a row.
	Set(ctx context.Context, arg SetParams) error
	// Delete removes a row and returns how many there were, 0 or 1.
	Delete(ctx context.Context, arg DeleteParams) (int64, error)
	// DeleteExpired removes a row only if it is expired at arg.Now.
	DeleteExpired(ctx context.Context, arg DeleteExpiredParams) (int64, error)
	// DeleteGroup removes every row of a group, expired or not.
	DeleteGroup(ctx context.Context, grp string) (int64, error)
	// PurgeExpired removes at most arg.MaxRows rows that are expired at
	// arg.Now, of all groups, and returns how many it removed.
	PurgeExpired(ctx context.Context, arg PurgeExpiredParams) (int64, error)
}

// Tx is the statements inside one transaction. It is for one goroutine, until the
// function that got it returns.
type Tx interface {
	Reader
	Writer

	// SetExpiry changes when a row expires, and returns how many there were.
	SetExpiry(ctx context.Context, arg SetExpiryParams) (int64, error)
	// PurgeRange removes the expired rows of a range of groups and returns how
	// many it removed.
	PurgeRange(ctx context.Context, arg PurgeRangeParams) (int64, error)
	// StartUsage counts a namespace, if it is not counted yet. From then on the
	// database keeps the count.
	StartUsage(ctx context.Context, arg StartUsageParams) error
	// Nested runs fn so that all it did is undone if it fails.
	Nested(ctx context.Context, fn func() error) error
}

// Feed is told what is committed. Its methods are called one at a time, and must
// neither block nor call the engine.
type Feed interface {
	// Committed gets the changes of this process's transactions, in the order of
	// their commits, each before its writer is told. The slice is the engine's.
	Committed(changes []Change)
	// Foreign says that another process has committed something.
	Foreign()
}

// Engine is a database that holds one kv table. It is safe for many goroutines.
//
// Its own Reader methods see all that was committed before they were called. Its
// own Writer methods are each a transaction: they return after the commit, and
// may share it with other callers' writes.
type Engine interface {
	Reader
	Writer

	// View runs fn in a read transaction: all that fn reads comes from one
	// snapshot. Writers go on meanwhile.
	View(ctx context.Context, fn func(Reader) error) error
	// Update runs fn in a write transaction, on the calling goroutine, alone:
	// committed when fn returns nil, rolled back when it returns an error or
	// panics, or when ctx is done before the commit.
	Update(ctx context.Context, fn func(Tx) error) error
	// Apply runs fn in a write transaction that other callers may share. fn may
	// run on any goroutine, and more than once; it must be quick, and touch
	// nothing but the transaction. What it did is undone if it fails.
	Apply(ctx context.Context, fn func(Tx) error) error
	// Subscribe tells feed of every commit from now on, until cancel is called.
	// begin sees all that was committed before, and nothing that feed is told of.
	Subscribe(ctx context.Context, feed Feed, begin func(Reader) error) (cancel func(), err error)
	// Align is View, with at called at the moment of the snapshot: by then every
	// feed has been told of what this process has committed before, and of
	// nothing that it commits later. Like a feed, at must not call the engine.
	Align(ctx context.Context, at func(), fn func(Reader) error) error
	// Reclaim gives space that deleted rows left back to the system, as far as
	// can be done without keeping other writes waiting. It is called after a
	// purge.
	Reclaim(ctx context.Context) error
	// Compact gives back all of it, and keeps other writes waiting meanwhile.
	Compact(ctx context.Context) error
	// Close waits for the calls under way; those that come later get
	// ErrClosed. It is called once.
	Close() error
}
