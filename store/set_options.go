package store

import (
	"errors"
	"fmt"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// SetOption sets the expiry of a value that is being written. Without one the value
// does not expire, even if the value that it replaces did. Give at most one of [TTL],
// [ExpireAt] and [KeepTTL]: more are an error of the verb, and nothing is written. A
// nil SetOption is ignored.
type SetOption func(*setConfig)

type setConfig struct {
	ttl      *time.Duration
	at       *time.Time
	keep     bool
	repeated bool
}

// TTL makes the value expire d from now. d is rounded up to whole milliseconds. If d
// is zero or less, the verb returns [ErrInvalidTTL].
func TTL(d time.Duration) SetOption {
	return func(c *setConfig) {
		c.repeated = c.repeated || c.ttl != nil
		c.ttl = &d
	}
}

// ExpireAt makes the value expire at t. t is rounded up to whole milliseconds. If t is
// not in the future, the verb returns [ErrInvalidTTL].
func ExpireAt(t time.Time) SetOption {
	return func(c *setConfig) {
		c.repeated = c.repeated || c.at != nil
		c.at = &t
	}
}

// KeepTTL keeps the expiry of the value being replaced. A new key, and one that has
// expired, does not expire.
func KeepTTL() SetOption {
	return func(c *setConfig) { c.keep = true }
}

// deadline is the expiry of a value that is being written: at, or, if keep is set, that
// of the value being replaced.
type deadline struct {
	at   engine.Expiry
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
		err = errors.New("store: give at most one of TTL, ExpireAt and KeepTTL, and only once")
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

// after returns the expiry of a value that replaces one with the expiry old, which is
// live or not.
func (d deadline) after(old engine.Expiry, live bool) engine.Expiry {
	if d.keep && live {
		return old
	}
	return d.at
}
