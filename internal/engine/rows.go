package engine

import "database/sql"

// The structs below have the fields of the generated ones, so that an engine
// adapts them with a struct conversion, which the compiler checks.

// Row is one row of the kv table. ExpiresAt is in Unix milliseconds; NULL means
// that the key never expires.
type Row struct {
	Grp       string
	Key       string
	Value     string
	ExpiresAt sql.NullInt64
}

// GetParams name one row.
type GetParams struct {
	Grp string
	Key string
}

// GetRow is what Get returns of a row.
type GetRow struct {
	Value     string
	ExpiresAt sql.NullInt64
}

// CountParams name a group and the time at which its keys are to be live.
type CountParams struct {
	Grp string
	Now int64
}

// GetAllParams name a group and the time at which its keys are to be live.
type GetAllParams struct {
	Grp string
	Now int64
}

// GetAllRow is what GetAll returns of a row.
type GetAllRow struct {
	Key       string
	Value     string
	ExpiresAt sql.NullInt64
}

// ScanParams ask for a page of a group: at most MaxRows live rows whose key is
// at least Low and, if Bounded, below High. Reverse counts down from the top.
type ScanParams struct {
	Grp     string
	Low     string
	High    string
	Bounded bool
	Reverse bool
	Now     int64
	MaxRows int64
}

// GroupsParams ask for a page of groups, as ScanParams do for keys.
type GroupsParams struct {
	Low     string
	High    string
	Bounded bool
	Reverse bool
	Now     int64
	MaxRows int64
}

// GroupsRow is a group and the number of its live keys.
type GroupsRow struct {
	Grp  string
	Live int64
}

// SetParams are the row to be written.
type SetParams struct {
	Grp       string
	Key       string
	Value     string
	ExpiresAt sql.NullInt64
}

// DeleteParams name one row.
type DeleteParams struct {
	Grp string
	Key string
}

// DeleteExpiredParams name one row and the time at which it is to be expired.
type DeleteExpiredParams struct {
	Grp string
	Key string
	Now int64
}

// PurgeExpiredParams bound one batch of a purge.
type PurgeExpiredParams struct {
	Now     int64
	MaxRows int64
}
