//go:build !linux

package workload

// resident is not known here; the Go heap is.
func resident() (anon, file int64, err error) { return 0, 0, nil }
