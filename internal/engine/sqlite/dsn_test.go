package sqlite

import (
	"testing"
	"time"
)

// TestDSN spells out the names of files that need care, and what a connection that
// must not take locks asks for.
func TestDSN(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		path string
		a    access
		want string
	}{
		{"/dir/a b?#%.db", readWrite, "file:///dir/a%20b%3F%23%25.db?_pragma=busy_timeout%281000%29&mode=rw"},
		{"C:/dir/kv.db", readOnly, "file:///C:/dir/kv.db?_pragma=busy_timeout%281000%29&mode=ro"},
		{"/dir/kv.db", frozen, "file:///dir/kv.db?_pragma=busy_timeout%281000%29&immutable=1&mode=ro"},
		{memoryPath, readWrite, "file::memory:?_pragma=busy_timeout%281000%29"},
	} {
		if got := dsn(test.path, test.a, time.Second); got != test.want {
			t.Errorf("dsn(%q, %s) = %s, want %s", test.path, test.a, got, test.want)
		}
	}
}
