//go:build !race

package store_test

// raceEnabled reports whether the race detector is on, which slows everything down.
const raceEnabled = false
