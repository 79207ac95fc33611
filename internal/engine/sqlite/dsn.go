package sqlite

import (
	"math"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// access is what a connection may do to the file.
type access string

const (
	readWrite access = "rw"
	readOnly  access = "ro"
	// frozen reads a file on media that nobody can write: SQLite then takes no
	// locks and needs no -shm file.
	frozen access = "immutable"
)

// dsn builds the data source name of one connection. Pragmas go through it, and
// not through Exec, so that they reach every connection of a pool.
func dsn(path string, a access, busy time.Duration, pragmas ...string) string {
	q := url.Values{}
	// SQLite counts it in 32 bits. First, so that the pragmas after it wait for a lock as statements do.
	q.Add("_pragma", "busy_timeout("+strconv.FormatInt(min(busy.Milliseconds(), math.MaxInt32), 10)+")")
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	if path == memoryPath {
		return "file::memory:?" + q.Encode()
	}
	switch a {
	case frozen:
		q.Set("mode", string(readOnly))
		q.Set("immutable", "1")
	default:
		q.Set("mode", string(a))
	}
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/dir/file
	}
	// url.URL escapes ?, #, % and spaces, which SQLite decodes again.
	u := url.URL{Scheme: "file", Path: slashed, RawQuery: q.Encode()}
	return u.String()
}

// writerPragmas are set on the connection that writes. None of them changes the
// file, so that a file which is then refused stays as it was.
func writerPragmas(opts Options) []string {
	sync := "FULL"
	if opts.Relaxed {
		sync = "NORMAL"
	}
	return slices.Concat(syncPragmas, []string{
		"synchronous(" + sync + ")",
		"journal_size_limit(" + strconv.Itoa(walSizeLimit) + ")",
	})
}

// checkpointerPragmas are set on the connection that copies the WAL and makes room in
// it.
func checkpointerPragmas() []string {
	return slices.Concat(syncPragmas, []string{"cache_size(" + strconv.Itoa(roomPages) + ")"})
}

// syncPragmas make a sync reach the disk itself where fsync alone does not, which
// is on macOS; elsewhere they do nothing.
var syncPragmas = []string{"fullfsync(1)", "checkpoint_fullfsync(1)"}

// walSizeLimit is the size in bytes to which SQLite truncates the WAL once a
// checkpoint has emptied it.
const walSizeLimit = 16 << 20
