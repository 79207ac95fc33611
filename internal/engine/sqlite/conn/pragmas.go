package conn

import "strconv"

// WriterPragmas returns the pragmas of the connection that writes. None of them changes
// the file, so a file that is refused later stays as it was. A relaxed connection syncs
// the file at checkpoints only, not at each commit.
func WriterPragmas(relaxed bool) []string {
	sync := "FULL"
	if relaxed {
		sync = "NORMAL"
	}
	return append(SyncPragmas(),
		"synchronous("+sync+")",
		"journal_size_limit("+strconv.Itoa(walSizeLimit)+")")
}

// SyncPragmas returns the pragmas that make a sync reach the disk itself on macOS, where
// fsync alone does not. On other systems they have no effect.
func SyncPragmas() []string { return []string{"fullfsync(1)", "checkpoint_fullfsync(1)"} }

// walSizeLimit is the size in bytes to which SQLite truncates the WAL once a
// checkpoint has emptied it.
const walSizeLimit = 16 << 20
