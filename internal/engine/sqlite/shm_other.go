//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package sqlite

// mapWALIndex maps nothing on this system: the store has no read cache.
func mapWALIndex(string) *walIndex { return nil }
