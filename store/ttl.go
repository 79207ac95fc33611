package store

import (
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// expiry returns the time, in Unix milliseconds, at which a key that is set at now for
// ttl expires. It is rounded up, so that the key lives at least for ttl.
func expiry(now time.Time, ttl time.Duration) (engine.Expiry, error) {
	if ttl <= 0 {
		return engine.Never, ErrInvalidTTL
	}
	return expiryAt(now.Add(ttl)), nil
}

// expiryAt returns t in Unix milliseconds, rounded up.
func expiryAt(t time.Time) engine.Expiry {
	ms := t.UnixMilli()
	if t.After(time.UnixMilli(ms)) {
		ms++
	}
	return engine.ExpireAt(ms)
}
