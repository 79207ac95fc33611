package store

import (
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// SetOption says when a value that is being written expires. Without one it does
// not, whatever the value before it did. Two that contradict each other are an
// error, and nothing is written.
type SetOption func(*setConfig)

type setConfig struct {
	ttl      *time.Duration
	at       *time.Time
	keep     bool
	repeated bool
}

// TTL lets the value expire after d, which is rounded up to whole milliseconds and
// must be above zero, else [ErrInvalidTTL].
func TTL(d time.Duration) SetOption {
	return func(c *setConfig) {
		c.repeated = c.repeated || c.ttl != nil
		c.ttl = &d
	}
}

// ExpireAt lets the value expire at t, which is rounded up to whole milliseconds
// and must lie ahead, else [ErrInvalidTTL].
func ExpireAt(t time.Time) SetOption {
	return func(c *setConfig) {
		c.repeated = c.repeated || c.at != nil
		c.at = &t
	}
}

// KeepTTL lets the value expire when the one that it replaces would have. If there
// is none, it does not expire.
func KeepTTL() SetOption {
	return func(c *setConfig) { c.keep = true }
}

// deadline is when a value expires: at a time, or, if keep, when the old one does.
type deadline struct {
	at   sql.NullInt64
	keep bool
}

func newDeadline(now time.Time, opts []SetOption) (deadline, error) {
	var c setConfig
	for _, o := range opts {
		if o != nil {
			o(&c)
		}
	}
	var err error
	var d deadline
	switch {
	case c.repeated, c.ttl != nil && c.at != nil, c.keep && (c.ttl != nil || c.at != nil):
		err = errors.New("store: give one of TTL, ExpireAt and KeepTTL, once")
	case c.ttl != nil:
		d.at, err = expiry(now, *c.ttl)
	case c.at != nil && !c.at.After(now):
		err = fmt.Errorf("%w: ExpireAt(%v) does not lie ahead", ErrInvalidTTL, c.at)
	case c.at != nil:
		d.at = expiryAt(*c.at)
	default:
		d.keep = c.keep
	}
	return d, err
}

// after is the expiry of a value that replaces one that is live or not.
func (d deadline) after(old sql.NullInt64, live bool) sql.NullInt64 {
	if d.keep && live {
		return old
	}
	return d.at
}
