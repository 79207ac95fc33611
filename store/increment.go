package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// errOverflow is the error of an Increment whose sum does not fit into an int64.
var errOverflow = errors.New("store: number would overflow")

// Increment adds delta to a number, atomically, and returns the sum. An absent key
// counts as 0. If the stored value is not an integer, or if the sum would overflow an
// int64, Increment returns an error and changes nothing. As with [Group.Set], the
// result does not expire unless an option sets its expiry; [KeepTTL] keeps the
// expiry of a counter for a fixed period. It is a function, not a method, because it
// works only on groups of int64.
func Increment(ctx context.Context, g Group[int64], key string, delta int64, opts ...SetOption) (int64, error) {
	n, err := increment(ctx, g, key, delta, opts)
	return n, failed(err, "Increment", g.name, key)
}

func increment(ctx context.Context, g Group[int64], key string, delta int64, opts []SetOption) (n int64, err error) {
	now := g.sc.now()
	d, err := newDeadline(now, opts)
	if err != nil {
		return 0, err
	}
	if g.codec == nil {
		g.codec = numberCodec{}
	}
	err = g.sc.change(ctx, func(t engine.Tx) error {
		n, err = g.replace(ctx, t, key, now, d, func(old int64, _ bool) (int64, error) {
			return add(old, delta)
		})
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

func add(a, b int64) (int64, error) {
	if b > 0 && a > math.MaxInt64-b || b < 0 && a < math.MinInt64-b {
		return 0, fmt.Errorf("%w: %d and %d", errOverflow, a, b)
	}
	return a + b, nil
}

// numberCodec is JSON that refuses null. Package json would decode null as 0 without
// an error.
type numberCodec struct{ jsonCodec }

func (c numberCodec) Unmarshal(data []byte, v any) error {
	if string(bytes.TrimSpace(data)) == "null" {
		return errors.New("store: null is not a number")
	}
	return c.jsonCodec.Unmarshal(data, v)
}
