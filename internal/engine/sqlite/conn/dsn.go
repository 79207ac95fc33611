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
	// Frozen reads a file on media that cannot be written. SQLite then takes no locks
	// and needs no -shm file.
	Frozen Access = "immutable"
)

// DSN returns the data source name of a connection. Pragmas are part of it, rather than
// run with Exec, so that every connection of a pool has them.
func DSN(path string, a Access, busy time.Duration, pragmas ...string) string {
	q := url.Values{}
	// SQLite keeps the milliseconds in 32 bits. This pragma is the first, so that the
	// others wait for a lock as statements do.
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
	// url.URL escapes ?, #, % and spaces, and SQLite decodes them.
	u := url.URL{Scheme: "file", Path: slashed, RawQuery: q.Encode()}
	return u.String()
}
