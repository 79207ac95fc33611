package engine

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Expiry is when a key expires, in Unix milliseconds, or [Never]. It is what a
// column expires_at holds, where NULL is Never.
type Expiry int64

// Never is the expiry of a key that does not expire.
const Never Expiry = 0

// ExpireAt returns the expiry at a time in Unix milliseconds. Time 0 becomes the
// millisecond before it, because 0 is Never.
func ExpireAt(ms int64) Expiry {
	if ms == 0 {
		return -1
	}
	return Expiry(ms)
}

// By reports whether a key with this expiry has expired by now.
func (e Expiry) By(now int64) bool { return e != Never && int64(e) <= now }

// Time returns the expiry as a time, and the zero time for Never.
func (e Expiry) Time() time.Time {
	if e == Never {
		return time.Time{}
	}
	return time.UnixMilli(int64(e))
}

// Scan implements [database/sql.Scanner].
func (e *Expiry) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*e = Never
	case int64:
		*e = ExpireAt(v)
	default:
		return fmt.Errorf("%w: expires_at is a %T, and must be an integer or NULL", ErrCorrupt, src)
	}
	return nil
}

// Value implements [driver.Valuer].
func (e Expiry) Value() (driver.Value, error) {
	if e == Never {
		return nil, nil
	}
	return int64(e), nil
}
