package store_test

import (
	"context"
	"iter"
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
