package store_test

import (
	"sync/atomic"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

// clock is a clock that moves only when a test moves it.
type clock struct {
	nanos atomic.Int64
	reads atomic.Int64
}

// newClock returns a clock that starts at a whole millisecond.
func newClock() *clock {
	c := &clock{}
	c.set(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	return c
}

func (c *clock) set(t time.Time)         { c.nanos.Store(t.UnixNano()) }
func (c *clock) advance(d time.Duration) { c.nanos.Add(int64(d)) }
func (c *clock) milli() int64            { return time.Unix(0, c.nanos.Load()).UnixMilli() }
func (c *clock) option() store.Option    { return store.WithClock(c.now) }

func (c *clock) now() time.Time {
	c.reads.Add(1)
	return time.Unix(0, c.nanos.Load())
}
