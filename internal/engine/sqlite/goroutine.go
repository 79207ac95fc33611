package sqlite

import (
	"bytes"
	"runtime"
	"strconv"
)

// goroutineID returns the number that the runtime gives the calling goroutine.
// It serves one purpose: to tell a caller that waits for itself, which would be
// a silent deadlock, from one that waits for another. It costs about a
// microsecond and is asked only by Update and by those who meet one under way.
func goroutineID() int64 {
	var buf [64]byte
	// "goroutine 123 [running]:"
	text := bytes.TrimPrefix(buf[:runtime.Stack(buf[:], false)], []byte("goroutine "))
	digits, _, _ := bytes.Cut(text, []byte(" "))
	id, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil {
		return 0 // unknown: the caller waits like any other
	}
	return id
}
