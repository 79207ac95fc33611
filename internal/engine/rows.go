package engine

// The structs below have the fields of the generated structs, so an engine adapts
// them with a struct conversion, which the compiler checks.

// Row is one row of the kv table. Revision grows with each write of the key; 0 means
// that it is not known.
type Row struct {
	Grp       string
	Key       string
	Value     string
	ExpiresAt Expiry
	Revision  int64
}

// GetParams name one row, for Get and for Lookup.
type GetParams struct {
	Grp string
	Key string
}

// GetRow is what Get and Lookup return of a row. It is small enough to be returned
// in registers; one more word would be too much.
type GetRow struct {
	Value     string
	ExpiresAt Expiry
	Revision  int64 // 0: not known
}

// CountParams select the live keys of a group that are counted: those from Low on
// and, if Bounded, below High.
type CountParams struct {
	Grp     string
	Low     string
	High    string
	Bounded bool
	Now     int64
}

// GetAllParams name a group and the time at which its keys must be live.
type GetAllParams struct {
	Grp string
	Now int64
}

// ScanParams select a page of a group: at most MaxRows live rows whose key is at
// least Low and, if Bounded, below High. Reverse starts from the highest key.
type ScanParams struct {
	Grp     string
	Low     string
	High    string
	Bounded bool
	Reverse bool
	Now     int64
	MaxRows int64
}

// GroupsParams select a page of groups, as ScanParams do for keys.
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

// SetParams are the row to write. Its revision becomes Revision, or the old row's
// revision plus one if that is higher.
type SetParams struct {
	Grp       string
	Key       string
	Value     string
	ExpiresAt Expiry
	Revision  int64
}

// SetExpiryParams are a row's new expiry and revision. The caller makes sure that
// the revision is higher than the old one.
type SetExpiryParams struct {
	ExpiresAt Expiry
	Revision  int64
	Grp       string
	Key       string
}

// DeleteParams name one row.
type DeleteParams struct {
	Grp string
	Key string
}

// DeleteExpiredParams name one row and the time by which it must have expired.
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

// PurgeRangeParams name the groups from Low to below High, and the time by which
// the rows to remove have expired.
type PurgeRangeParams struct {
	Low  string
	High string
	Now  int64
}

// RevisionsParams select a page of a group: at most MaxRows rows, live or not,
// whose key is at least Low.
type RevisionsParams struct {
	Grp     string
	Low     string
	MaxRows int64
}

// RevisionsRow is a row without its value.
type RevisionsRow struct {
	Key       string
	ExpiresAt Expiry
	Revision  int64
}

// UsageRow is what a namespace holds: rows, live or not, and their bytes.
type UsageRow struct {
	Keys  int64
	Bytes int64
}

// StartUsageParams name a namespace, the prefix of its groups' names, and the
// range of names that begin with it.
type StartUsageParams struct {
	Namespace string
	Prefix    string
	Low       string
	High      string
}

// Change is what a committed transaction did to a row. The value of a deleted row
// is left out.
type Change struct {
	Deleted bool
	Row     Row
}
