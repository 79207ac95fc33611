package store

import (
	"database/sql"
	"time"
)

// expiry is the moment, in Unix milliseconds, at which a key set at now for ttl
// is no longer live: rounded up, so that it lives at least that long.
func expiry(now time.Time, ttl time.Duration) (sql.NullInt64, error) {
	if ttl <= 0 {
		return sql.NullInt64{}, ErrInvalidTTL
	}
	return expiryAt(now.Add(ttl)), nil
}

// expiryAt is t in Unix milliseconds, rounded up.
func expiryAt(t time.Time) sql.NullInt64 {
	ms := t.UnixMilli()
	if t.After(time.UnixMilli(ms)) {
		ms++
	}
	return sql.NullInt64{Int64: ms, Valid: true}
}

// expired says whether a key with that expiry is no longer live: it is live iff
// it has none or it lies after now.
func expired(expiresAt sql.NullInt64, now int64) bool {
	return expiresAt.Valid && expiresAt.Int64 <= now
}
