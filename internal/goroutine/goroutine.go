// Package goroutine tells goroutines apart. Its one purpose is to detect a call that
// would wait for its own caller, which would be a silent deadlock.
package goroutine

import (
	"bytes"
	"context"
	"runtime"
	"strconv"
)

// ID returns the runtime's number of the calling goroutine. No other live goroutine has
// the same number, and a number is never used twice in a process. ID returns 0 if it
// cannot determine the number. It takes about a microsecond.
func ID() int64 {
	var buf [64]byte
	// "goroutine 123 [running]:"
	text := bytes.TrimPrefix(buf[:runtime.Stack(buf[:], false)], []byte("goroutine "))
	digits, _, _ := bytes.Cut(text, []byte(" "))
	id, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil {
		return 0
	}
	return id
}

type key struct{}

// WithID returns a context that carries the calling goroutine's number, for functions
// that it calls with that context, so that only one of them asks for it.
func WithID(ctx context.Context) context.Context {
	return context.WithValue(ctx, key{}, ID())
}

// IDOf returns the number that ctx carries, or asks for it.
func IDOf(ctx context.Context) int64 {
	if id, ok := ctx.Value(key{}).(int64); ok {
		return id
	}
	return ID()
}
