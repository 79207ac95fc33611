package conn

import (
	"testing"
	"time"
)

// TestDSN checks paths that need escaping and the parameters of each kind of access.
func TestDSN(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		path string
		a    Access
		want string
	}{
		{"/dir/a b?#%.db", ReadWrite, "file:///dir/a%20b%3F%23%25.db?_pragma=busy_timeout%281000%29&mode=rw"},
		{"C:/dir/kv.db", ReadOnly, "file:///C:/dir/kv.db?_pragma=busy_timeout%281000%29&mode=ro"},
		{"/dir/kv.db", Frozen, "file:///dir/kv.db?_pragma=busy_timeout%281000%29&immutable=1&mode=ro"},
		{Memory, ReadWrite, "file::memory:?_pragma=busy_timeout%281000%29"},
	} {
		if got := DSN(test.path, test.a, time.Second); got != test.want {
			t.Errorf("DSN(%q, %s) = %s, want %s", test.path, test.a, got, test.want)
		}
	}
}
