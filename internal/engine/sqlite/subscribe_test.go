package sqlite

import (
	"errors"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// noFeed is a feed that ignores everything.
type noFeed struct{}

func (noFeed) Committed([]engine.Change) {}
func (noFeed) Foreign()                  {}

// TestReadOnlyOldNotWatched checks that Subscribe refuses an old file, because without
// revisions the changes of other processes cannot be found.
func TestReadOnlyOldNotWatched(t *testing.T) {
	t.Parallel()
	for _, name := range []string{preTTL, ttl} {
		path := fixture(t, name)
		e := start(t, path, reading())
		begin := func(engine.Reader) error { t.Error("begun"); return nil }
		if _, err := e.Subscribe(t.Context(), noFeed{}, begin); !errors.Is(err, engine.ErrSchema) {
			t.Errorf("%s: error is %v, want ErrSchema", name, err)
		}
		stop(t, e)
	}
}
