package proof

import "golang.org/x/sys/unix"

// stamp is the time in nanoseconds of a clock that all processes share and that
// never goes back. Go's own monotonic clock is another in each process.
func stamp() int64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &t); err != nil {
		panic(err)
	}
	return t.Nano()
}
