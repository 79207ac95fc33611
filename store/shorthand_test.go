package store_test

import (
	"database/sql"
	"testing"

	"forge.lthn.ai/core/go-store/internal/storetest"
	"forge.lthn.ai/core/go-store/store"
)

// These helpers are used by nearly every test here, so they have short names.
var (
	newPath    = storetest.Path
	set        = storetest.Set
	wantValue  = storetest.WantValue
	brief      = storetest.Brief
	raw        = storetest.Raw
	execute    = storetest.Exec
	number     = storetest.Value[int64]
	wantIntact = storetest.WantIntact
)

type tester = storetest.T

// open opens a store and closes it at the end of the test, if the test has not.
func open(t testing.TB, path string, opts ...store.Option) *store.Store {
	t.Helper()
	s, err := store.New(path, opts...)
	return storetest.Opened(t, s, err)
}

// rows returns how many rows a key has in the file, live or expired: 0 or 1.
func rows(t testing.TB, db *sql.DB, group, key string) int64 {
	t.Helper()
	return number(t, db, "SELECT COUNT(*) FROM kv WHERE grp = ? AND key = ?", group, key)
}
