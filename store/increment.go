package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// errOverflow is an Increment that would not fit.
var errOverflow = errors.New("store: number would overflow")

// Increment adds delta to a number and returns the sum; a key that is absent counts
// as 0. A value that is no integer, or a sum that would overflow, is an error and
// changes nothing. As for Set, the sum expires only if the options say so: KeepTTL
// keeps the window of a counter.
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

// numberCodec is JSON without null, of which JSON would make the number that was
// there before.
type numberCodec struct{ jsonCodec }

func (c numberCodec) Unmarshal(data []byte, v any) error {
	if string(bytes.TrimSpace(data)) == "null" {
		return errors.New("store: null is no number")
	}
	return c.jsonCodec.Unmarshal(data, v)
}
