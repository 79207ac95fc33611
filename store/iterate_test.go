package store_test

import (
	"context"
	"iter"

	"forge.lthn.ai/core/go-store/store"
)

// background is a context that never ends.
var background = context.Background()

// lastError returns the error with which an iteration ended.
func lastError[V any](seq iter.Seq2[V, error]) (last error) {
	for _, err := range seq {
		last = err
	}
	return last
}

// keysOf returns the keys of an iteration that must not fail.
func keysOf[V any](t tester, seq iter.Seq2[store.Entry[V], error]) (keys []string) {
	t.Helper()
	for e, err := range seq {
		if err != nil {
			t.Fatalf("All: %v", err)
		}
		keys = append(keys, e.Key)
	}
	return keys
}
