package engine

import "errors"

// The sentinels of the seam. Package store exports them under the same names, so
// their texts begin with its name. An engine translates the errors of its driver
// to these by code, never by text.
var (
	ErrNotFound     = errors.New("store: not found")
	ErrClosed       = errors.New("store: closed")
	ErrTooLarge     = errors.New("store: group, key and value together are too large")
	ErrBusy         = errors.New("store: database is busy with another process's write")
	ErrCorrupt      = errors.New("store: file is damaged or not a database")
	ErrReadOnly     = errors.New("store: read-only")
	ErrNested       = errors.New("store: called on the Store inside its own transaction; use the Tx")
	ErrFull         = errors.New("store: disk is full")
	ErrSchema       = errors.New("store: incompatible schema")
	ErrSchemaTooNew = errors.New("store: schema is newer than this program")
)
