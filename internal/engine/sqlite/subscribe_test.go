package sqlite

import (
	"errors"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// deaf is a feed that nothing is expected of.
type deaf struct{}

func (deaf) Committed([]engine.Change) {}
func (deaf) Foreign()                  {}

// TestReadOnlyOldNotWatched: without revisions nobody could tell what another
// process has overwritten, so it is better to promise nothing.
func TestReadOnlyOldNotWatched(t *testing.T) {
	t.Parallel()
	for _, name := range []string{preTTL, ttl} {
		path := fixture(t, name)
		e := start(t, path, reading())
		begin := func(engine.Reader) error { t.Error("begun"); return nil }
		if _, err := e.Subscribe(t.Context(), deaf{}, begin); !errors.Is(err, engine.ErrSchema) {
			t.Errorf("%s: error is %v, want ErrSchema", name, err)
		}
		stop(t, e)
	}
}
