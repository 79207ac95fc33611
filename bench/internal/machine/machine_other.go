//go:build !linux

package machine

// FileSystem returns "unknown": the kind of file system is not known here.
func FileSystem(string) (string, error) { return "unknown", nil }

// InMemory returns false: file systems are not known here.
func InMemory(string) bool { return false }

func cpu() string    { return "unknown" }
func memory() string { return "unknown" }
func kernel() string { return "unknown" }
func load() string   { return "" }
