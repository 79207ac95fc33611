// Package measure has the tools of every workload: keys, values, goroutines that work until they are stopped, and
// latencies.
package measure
