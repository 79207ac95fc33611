package rowcache

import (
	"hash/maphash"
	"math"
	"strings"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// entryKey is the hash of a row's group and key, or of a group. An entry holds its names,
// so two entries of the same hash only replace each other.
type entryKey uint64

// keyMaker hashes the names of one cache.
type keyMaker struct{ seed maphash.Seed }

func (k keyMaker) row(grp, key string) entryKey {
	// The factor makes the order of the names matter, and separates rows from groups.
	const odd = 0x9e3779b97f4a7c15
	return entryKey(maphash.String(k.seed, grp)*odd + maphash.String(k.seed, key))
}

func (k keyMaker) group(grp string) entryKey {
	return entryKey(maphash.String(k.seed, grp))
}

// Entry is what the database would return in its epoch, for a row or for a whole group.
// It is immutable.
//
// Most of the cost of a lookup is fetching memory. So the fields that each lookup needs
// come first, and names of usual length are part of the entry itself.
type Entry struct {
	epoch    uint64
	more     *entryMore // nil for a row with short names that does not expire
	value    string
	found    bool
	grpEnd   uint8 // where the group ends in names
	keyEnd   uint8 // and the key after it
	names    [shortNames]byte
	revision int64 // 0: unknown
}

// shortNames makes the size of an entry 96 bytes, which is a size class of Go's allocator.
const shortNames = 53

// entryMore has the fields that few entries need.
type entryMore struct {
	expiresAt engine.Expiry
	short     bool   // the names are in the entry
	grp, key  string // the names, if they are not in the entry
	group     *Group // nil for the entry of a row
}

// newRowEntry returns the entry of a row, or of a row that was not found. It keeps the
// value, and copies the names, because they may be parts of a large string.
func newRowEntry(grp, key string, row engine.GetRow, found bool) *Entry {
	e := &Entry{value: row.Value, found: found, revision: row.Revision}
	n := len(grp) + len(key)
	if n > shortNames {
		e.more = &entryMore{expiresAt: row.ExpiresAt, grp: strings.Clone(grp), key: strings.Clone(key)}
		return e
	}
	if row.ExpiresAt != engine.Never {
		e.more = &entryMore{expiresAt: row.ExpiresAt, short: true}
	}
	e.grpEnd, e.keyEnd = uint8(len(grp)), uint8(n)
	copy(e.names[copy(e.names[:], grp):], key)
	return e
}

// newGroupEntry returns the entry of a group.
func newGroupEntry(grp string, rows *Group) *Entry {
	return &Entry{more: &entryMore{grp: strings.Clone(grp), group: rows}}
}

// ofRow reports whether this is the entry of that row.
func (e *Entry) ofRow(grp, key string) bool {
	if len(grp)+len(key) > shortNames {
		return e.more != nil && e.more.group == nil && e.more.key == key && e.more.grp == grp
	}
	return string(e.names[e.grpEnd:e.keyEnd]) == key && string(e.names[:e.grpEnd]) == grp &&
		(e.more == nil || e.more.short)
}

// ofGroup reports whether this is the entry of that group.
func (e *Entry) ofGroup(grp string) bool {
	return e.more != nil && e.more.group != nil && e.more.grp == grp
}

// Found reports whether the row exists, expired or not.
func (e *Entry) Found() bool { return e.found }

// Value returns the row's value.
func (e *Entry) Value() string { return e.value }

// Revision returns the row's revision, or 0 if it is unknown.
func (e *Entry) Revision() int64 { return e.revision }

// Expiry returns the row's expiry.
func (e *Entry) Expiry() engine.Expiry {
	if e.more == nil {
		return engine.Never
	}
	return e.more.expiresAt
}

// firstExpiry returns the time at which the first row of the entry expires.
func (e *Entry) firstExpiry() int64 {
	switch more := e.more; {
	case more != nil && more.group != nil:
		return more.group.until
	case more != nil && more.expiresAt != engine.Never:
		return int64(more.expiresAt)
	default:
		return math.MaxInt64
	}
}

const (
	// entryOverhead is the approximate memory of an entry without its value, including
	// the cache's own bookkeeping.
	entryOverhead = 200
	// moreOverhead is the approximate memory of entryMore without long names.
	moreOverhead = 80
)

// size returns the approximate memory of the entry, in bytes.
func (e *Entry) size() int64 {
	n := entryOverhead + int64(len(e.value))
	if e.more != nil {
		n += moreOverhead + int64(len(e.more.grp)+len(e.more.key))
		if e.more.group != nil {
			n += int64(e.more.group.bytes)
		}
	}
	return n
}

// weigh is size, for entries that are small enough to be kept.
func weigh(_ entryKey, e *Entry) uint32 { return uint32(e.size()) }
