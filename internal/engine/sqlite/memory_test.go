package sqlite

import (
	"errors"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// TestMemoryViewWhileClosing reads in a view at the moment when the store has
// turned away whoever comes and the view has not got its copy yet.
func TestMemoryViewWhileClosing(t *testing.T) {
	t.Parallel()
	for _, reads := range []bool{true, false} {
		e := start(t, conn.Memory, options())
		set(t, e, "g", "k", "v")
		read, closed := make(chan error, 1), make(chan error, 1)
		if err := e.View(t.Context(), func(r engine.Reader) error {
			if err := e.writer.queue.Close(); err != nil {
				return err
			}
			if reads {
				go func() {
					row, err := r.Get(t.Context(), engine.GetParams{Grp: "g", Key: "k"})
					if err == nil && row.Value != "v" {
						err = errors.New(row.Value)
					}
					read <- err
				}()
			}
			go func() { closed <- e.Close() }()
			if reads {
				return <-read
			}
			return nil // its end then needs the copy, too
		}); err != nil {
			t.Error(err)
		}
		if err := <-closed; err != nil {
			t.Error(err)
		}
	}
}

// TestMemoriesAreApart opens two databases in memory: neither sees the other.
func TestMemoriesAreApart(t *testing.T) {
	t.Parallel()
	a, b := open(t, conn.Memory, options()), open(t, conn.Memory, options())
	set(t, a, "g", "k", "a")
	if _, err := b.Get(t.Context(), engine.GetParams{Grp: "g", Key: "k"}); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("error is %v, want ErrNotFound", err)
	}
	set(t, b, "g", "k", "b")
	if v := get(t, a, "g", "k"); v != "a" {
		t.Errorf("value is %q", v)
	}
}
