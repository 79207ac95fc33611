package sqlite

import (
	"errors"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// TestMemoryViewWhileClosing reads in a view after the queue is closed and before the view
// has its copy.
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
			return nil // the end of the view also needs the copy
		}); err != nil {
			t.Error(err)
		}
		if err := <-closed; err != nil {
			t.Error(err)
		}
	}
}

// TestMemoriesAreSeparate checks that two databases in memory share no rows.
func TestMemoriesAreSeparate(t *testing.T) {
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
