package workload

import (
	"fmt"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/fixture"
	"forge.lthn.ai/core/go-store/bench/internal/measure"
)

// reader returns an op that gets a random key. A value of the wrong length is an error: a contender must not be fast because
// it does not read.
func (r *Run) reader(store contender.Store, keys measure.Keys, worker int) measure.Op {
	picker := measure.NewPicker(keys, worker)
	want := r.Scale.ValueSize
	return func() error {
		key := picker.Key()
		value, err := store.Get(fixture.Group, key)
		if err != nil {
			return fmt.Errorf("get %s: %w", key, err)
		}
		if len(value) != want {
			return fmt.Errorf("get %s: %d bytes, want %d", key, len(value), want)
		}
		return nil
	}
}

// writer returns an op that sets a random key to a value that no key had before.
func (r *Run) writer(store contender.Store, keys measure.Keys, worker int) measure.Op {
	picker := measure.NewPicker(keys, worker)
	return func() error {
		return store.Set(fixture.Group, picker.Key(), r.Values.Next())
	}
}

// workers returns n ops, one for each worker.
func workers(n int, op func(worker int) measure.Op) []measure.Op {
	ops := make([]measure.Op, n)
	for i := range ops {
		ops[i] = op(i)
	}
	return ops
}
