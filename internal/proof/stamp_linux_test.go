package proof

import "golang.org/x/sys/unix"

// stamp returns the time, in nanoseconds, of a monotonic clock that all processes share.
// The monotonic time of package time starts separately in each process.
func stamp() int64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &t); err != nil {
		panic(err)
	}
	return t.Nano()
}
