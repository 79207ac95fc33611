// Package measure holds what every workload measures with: keys and values, goroutines that work until told to
// stop, and latencies.
package measure
