//go:build !linux

package machine

// FileSystem is the kind of file system that dir is on; it is not known here.
func FileSystem(string) (string, error) { return "unknown", nil }

// InMemory is true for file systems that keep nothing: there, waiting for the disk takes no time.
func InMemory(string) bool { return false }

func cpu() string    { return "unknown" }
func memory() string { return "unknown" }
func kernel() string { return "unknown" }
func load() string   { return "" }
