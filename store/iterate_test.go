package store_test

import "iter"

// lastError is the error with which an iteration ended.
func lastError[V any](seq iter.Seq2[V, error]) (last error) {
	for _, err := range seq {
		last = err
	}
	return last
}
