package proof

import (
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/storetest"
	"forge.lthn.ai/core/go-store/store"
)

// These helpers are used by nearly every test here, so they have short names.
var (
	newPath    = storetest.Path
	set        = storetest.Set
	wantValue  = storetest.WantValue
	wantIntact = storetest.WantIntact
)

// patient is the busy timeout of the stores here: every test makes them wait for other
// processes, and none wants them to give up.
func patient() store.Option { return store.WithBusyTimeout(time.Minute) }

// open opens a patient store and closes it at the end of the test.
func open(t testing.TB, path string, opts ...store.Option) *store.Store {
	t.Helper()
	s, err := store.New(path, append([]store.Option{patient()}, opts...)...)
	return storetest.Opened(t, s, err)
}
