package rowcache

import (
	"hash/maphash"
	"math"
	"strings"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// entryKey is the hash of a row's names, or of a group's. An entry says itself what
// it is about: two of one hash only take each other's place.
type entryKey uint64

// keyMaker makes the keys of one cache.
type keyMaker struct{ seed maphash.Seed }

func (k keyMaker) row(grp, key string) entryKey {
	// So that the two names do not change places, and a row not with its group.
	const odd = 0x9e3779b97f4a7c15
	return entryKey(maphash.String(k.seed, grp)*odd + maphash.String(k.seed, key))
}

func (k keyMaker) group(grp string) entryKey {
	return entryKey(maphash.String(k.seed, grp))
}

// Entry is what the database would answer in its epoch: about a row, or about a
// group as a whole. It is immutable.
//
// A lookup costs little else than the memory that it has to fetch. So what each needs
// comes first, and in one piece with names that are not unusually long.
type Entry struct {
	epoch    uint64
	more     *entryMore // nil: of a row that has short names and does not expire
	value    string
	found    bool
	grpEnd   uint8 // where the group ends in names
	keyEnd   uint8 // and the key after it
	names    [shortNames]byte
	revision int64 // 0: not known
}

// shortNames makes an entry 96 bytes large, which is a size that Go allocates.
const shortNames = 53

// entryMore is what most entries do not have.
type entryMore struct {
	expiresAt engine.Expiry
	short     bool   // a row whose names are in the entry
	grp, key  string // the names, if they are not
	group     *Group // nil: the entry of a row
}

// newRowEntry makes the entry of a row that was found, or was not. It keeps the value,
// and nothing of the names, which may be parts of something large.
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

// newGroupEntry makes the entry of a group.
func newGroupEntry(grp string, rows *Group) *Entry {
	return &Entry{more: &entryMore{grp: strings.Clone(grp), group: rows}}
}

// ofRow reports whether the entry is that of the row.
func (e *Entry) ofRow(grp, key string) bool {
	if len(grp)+len(key) > shortNames {
		return e.more != nil && e.more.group == nil && e.more.key == key && e.more.grp == grp
	}
	return string(e.names[e.grpEnd:e.keyEnd]) == key && string(e.names[:e.grpEnd]) == grp &&
		(e.more == nil || e.more.short)
}

// ofGroup reports whether the entry is that of the group.
func (e *Entry) ofGroup(grp string) bool {
	return e.more != nil && e.more.group != nil && e.more.grp == grp
}

// Found reports whether the row exists, expired or not.
func (e *Entry) Found() bool { return e.found }

// Value returns the row's value.
func (e *Entry) Value() string { return e.value }

// Revision returns the row's revision, or 0 if it is not known.
func (e *Entry) Revision() int64 { return e.revision }

// Expiry returns when the row expires.
func (e *Entry) Expiry() engine.Expiry {
	if e.more == nil {
		return engine.Never
	}
	return e.more.expiresAt
}

// firstExpiry is when the first of the entry's rows expires.
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
	// entryOverhead is about what an entry costs in memory beside its value: itself,
	// and what the cache has to keep it.
	entryOverhead = 200
	// moreOverhead is about what entryMore costs, without long names.
	moreOverhead = 80
)

// size is about what the entry costs in memory, in bytes.
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

// weigh is size for what is small enough to be kept.
func weigh(_ entryKey, e *Entry) uint32 { return uint32(e.size()) }
