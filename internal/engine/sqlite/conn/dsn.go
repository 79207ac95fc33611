package conn

import (
	"math"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Memory is the path of a private database in memory.
const Memory = ":memory:"

// Access is what a connection may do to the file.
type Access string

const (
	ReadWrite Access = "rw"
	ReadOnly  Access = "ro"
	// Frozen reads a file on media that nobody can write: SQLite then takes no
	// locks and needs no -shm file.
	Frozen Access = "immutable"
)

// DSN builds the data source name of one connection. Pragmas go through it, and
// not through Exec, so that they reach every connection of a pool.
func DSN(path string, a Access, busy time.Duration, pragmas ...string) string {
	q := url.Values{}
	// SQLite counts milliseconds in 32 bits. This comes first, so that the pragmas
	// after it wait for a lock as statements do.
	q.Add("_pragma", "busy_timeout("+strconv.FormatInt(min(busy.Milliseconds(), math.MaxInt32), 10)+")")
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	if path == Memory {
		return "file::memory:?" + q.Encode()
	}
	switch a {
	case Frozen:
		q.Set("mode", string(ReadOnly))
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
