package store_test

import (
	"context"
	"iter"

	"forge.lthn.ai/core/go-store/store"
)

// background is the context of reads that nobody ends.
var background = context.Background()

// lastError is the error with which an iteration ended.
func lastError[V any](seq iter.Seq2[V, error]) (last error) {
	for _, err := range seq {
		last = err
	}
	return last
}

// keysOf is the keys of an iteration without errors.
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
