package store

import (
	"database/sql"
	"time"
)

// expiry returns the time, in Unix milliseconds, at which a key that is set at now for
// ttl expires. It is rounded up, so that the key lives at least for ttl.
func expiry(now time.Time, ttl time.Duration) (sql.NullInt64, error) {
	if ttl <= 0 {
		return sql.NullInt64{}, ErrInvalidTTL
	}
	return expiryAt(now.Add(ttl)), nil
}

// expiryAt returns t in Unix milliseconds, rounded up.
func expiryAt(t time.Time) sql.NullInt64 {
	ms := t.UnixMilli()
	if t.After(time.UnixMilli(ms)) {
		ms++
	}
	return sql.NullInt64{Int64: ms, Valid: true}
}

// expired reports whether a key with that expiry has expired: it has an expiry, and
// now has reached it.
func expired(expiresAt sql.NullInt64, now int64) bool {
	return expiresAt.Valid && expiresAt.Int64 <= now
}
