package workload

import (
	"time"

	"golang.org/x/perf/benchfmt"
)

// perOp returns a sample of n operations that took elapsed in total, with further values.
func perOp(n int64, elapsed time.Duration, more ...benchfmt.Value) []Sample {
	each := benchfmt.Value{Value: float64(elapsed.Nanoseconds()) / float64(n), Unit: "ns/op"}
	return []Sample{{Iters: int(n), Values: append([]benchfmt.Value{each}, more...)}}
}

// nanoseconds returns a value that is a duration, such as a percentile.
func nanoseconds(d time.Duration, unit string) benchfmt.Value {
	return benchfmt.Value{Value: float64(d.Nanoseconds()), Unit: unit}
}
