// Package engine is the seam between the store and the databases that can hold
// it: one method for each generated statement, plus transactions. What needs a
// clock, a codec, a decision or two statements lives above the seam, in package
// store, once for every engine.
//
// Times are Unix milliseconds and are passed in: an engine has no clock. Every
// error that a caller can act on matches one of the sentinels of this package.
// Package enginetest is the conformance suite of the seam.
package engine

import "context"

// Reader has the statements that only read. Each sees one consistent state.
type Reader interface {
	// Get returns the row, expired or not, or ErrNotFound. Its revision may be 0,
	// which means that it is not known.
	Get(ctx context.Context, arg GetParams) (GetRow, error)
	// Lookup is Get, and always returns the revision.
	Lookup(ctx context.Context, arg GetParams) (GetRow, error)
	// Count returns the number of live keys in a group, or in a part of it.
	Count(ctx context.Context, arg CountParams) (int64, error)
	// GetAll returns the live keys of a group and their values. The caller owns
	// the map.
	GetAll(ctx context.Context, arg GetAllParams) (map[string]string, error)
	// Scan returns one page of the live rows of a group, in key order.
	Scan(ctx context.Context, arg ScanParams) ([]Row, error)
	// Groups returns one page of the groups that hold live keys, in order.
	Groups(ctx context.Context, arg GroupsParams) ([]GroupsRow, error)
	// Revisions returns one page of a group's rows, in key order, without values.
	Revisions(ctx context.Context, arg RevisionsParams) ([]RevisionsRow, error)
	// Usage returns what a namespace holds, or ErrNotFound if it is not counted.
	Usage(ctx context.Context, namespace string) (UsageRow, error)
}

// Writer has the statements that change rows.
type Writer interface {
	// Set inserts or overwrites a row.
	Set(ctx context.Context, arg SetParams) error
	// Delete removes a row and returns how many it removed, 0 or 1.
	Delete(ctx context.Context, arg DeleteParams) (int64, error)
	// DeleteExpired is Delete of a row that has expired by arg.Now. It leaves any
	// other row as it is.
	DeleteExpired(ctx context.Context, arg DeleteExpiredParams) (int64, error)
	// DeleteGroup removes every row of a group, expired or not, and returns how
	// many it removed.
	DeleteGroup(ctx context.Context, grp string) (int64, error)
	// PurgeExpired removes at most arg.MaxRows rows, of all groups, that have
	// expired by arg.Now. It returns how many it removed.
	PurgeExpired(ctx context.Context, arg PurgeExpiredParams) (int64, error)
}

// Tx has the statements of one transaction. Only one goroutine may use it, and
// only until the function that it was passed to returns.
type Tx interface {
	Reader
	Writer

	// SetExpiry changes when a row expires and returns how many rows it changed,
	// 0 or 1.
	SetExpiry(ctx context.Context, arg SetExpiryParams) (int64, error)
	// PurgeRange removes the expired rows of a range of groups and returns how many
	// it removed.
	PurgeRange(ctx context.Context, arg PurgeRangeParams) (int64, error)
	// StartUsage counts what a namespace holds, unless it is counted already. From
	// then on the database keeps the count.
	StartUsage(ctx context.Context, arg StartUsageParams) error
	// Nested runs fn and returns its error. If fn fails, only its own changes are
	// undone.
	Nested(ctx context.Context, fn func() error) error
}

// Feed receives commits. Its methods are called one at a time. They must neither
// block nor call the engine.
type Feed interface {
	// Committed receives the changes of one transaction of this process. Commits
	// arrive in their order, and each before its writer returns. The engine reuses
	// the slice.
	Committed(changes []Change)
	// Foreign reports that another process has committed something.
	Foreign()
}

// Engine is a database that holds one kv table. It is safe for concurrent use.
//
// Its own Reader methods see everything that was committed before they were called.
// Each call of its own Writer methods is a transaction. It returns after the commit,
// which it may share with the writes of other callers.
type Engine interface {
	Reader
	Writer

	// View runs fn in a read transaction: everything that fn reads comes from one
	// snapshot. It does not block writers.
	View(ctx context.Context, fn func(Reader) error) error
	// Update runs fn in a write transaction of its own, on the calling goroutine.
	// The transaction is committed when fn returns nil. It is rolled back when fn
	// returns an error or panics, or when ctx is done before the commit.
	Update(ctx context.Context, fn func(Tx) error) error
	// Apply runs fn in a write transaction that other callers may share. fn may
	// run on any goroutine, and more than once. It must be quick and use nothing
	// except the transaction. If it fails, its own changes are undone.
	Apply(ctx context.Context, fn func(Tx) error) error
	// Subscribe passes every later commit to feed, until cancel is called. begin
	// sees everything that was committed before, and nothing that feed receives.
	Subscribe(ctx context.Context, feed Feed, begin func(Reader) error) (cancel func(), err error)
	// Align is View, and calls at when it takes the snapshot. By then every feed has
	// received all commits of this process that the snapshot shows, and no later
	// one. Like a feed, at must not call the engine.
	Align(ctx context.Context, at func(), fn func(Reader) error) error
	// Reclaim returns the space of deleted rows to the file system, as far as
	// it can without blocking other writes for long. It is called after a purge.
	Reclaim(ctx context.Context) error
	// Compact returns all of that space, and blocks other writes meanwhile.
	Compact(ctx context.Context) error
	// Close waits for the calls in progress. Later calls return ErrClosed. It is
	// called once.
	Close() error
}
