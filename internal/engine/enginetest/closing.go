package enginetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

func (s suite) testClosed(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	noError(t, e.Close())
	for name, call := range map[string]func() error{
		"Get":           func() error { _, err := e.Get(ctx, engine.GetParams{}); return err },
		"Count":         func() error { _, err := e.Count(ctx, engine.CountParams{}); return err },
		"GetAll":        func() error { _, err := e.GetAll(ctx, engine.GetAllParams{}); return err },
		"Scan":          func() error { _, err := e.Scan(ctx, engine.ScanParams{}); return err },
		"Groups":        func() error { _, err := e.Groups(ctx, engine.GroupsParams{}); return err },
		"Set":           func() error { return e.Set(ctx, engine.SetParams{}) },
		"Delete":        func() error { _, err := e.Delete(ctx, engine.DeleteParams{}); return err },
		"DeleteExpired": func() error { _, err := e.DeleteExpired(ctx, engine.DeleteExpiredParams{}); return err },
		"DeleteGroup":   func() error { _, err := e.DeleteGroup(ctx, ""); return err },
		"PurgeExpired":  func() error { _, err := e.PurgeExpired(ctx, engine.PurgeExpiredParams{}); return err },
		"View":          func() error { return e.View(ctx, func(engine.Reader) error { t.Error("called"); return nil }) },
		"Update":        func() error { return e.Update(ctx, func(engine.Tx) error { t.Error("called"); return nil }) },
	} {
		if err := call(); !errors.Is(err, engine.ErrClosed) {
			t.Errorf("%s of a closed engine: error is %v, want ErrClosed", name, err)
		}
	}
}

// testCloseWaits calls Close during a transaction. The transaction must complete, and
// later calls must return ErrClosed.
func (s suite) testCloseWaits(t *testing.T) {
	for name, begin := range map[string]func(e engine.Engine, fn func(engine.Reader)) error{
		"View": func(e engine.Engine, fn func(engine.Reader)) error {
			return e.View(t.Context(), func(r engine.Reader) error { fn(r); return nil })
		},
		"Update": func(e engine.Engine, fn func(engine.Reader)) error {
			return e.Update(t.Context(), func(tx engine.Tx) error {
				fn(tx)
				return tx.Set(t.Context(), engine.SetParams{Grp: "g", Key: "late", Value: "v"})
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := s.open(t)
			put(t, e, "g", "k", "v", never)
			closed := make(chan error, 1)
			noError(t, begin(e, func(r engine.Reader) {
				go func() { closed <- e.Close() }()
				until(t, func(ctx context.Context) bool {
					return errors.Is(set(ctx, e), engine.ErrClosed)
				})
				holds(t, r, "g", "k", "v")
				select {
				case err := <-closed:
					t.Errorf("Close returned during the transaction (%v)", err)
					closed <- err
				default:
				}
			}))
			noError(t, <-closed)
		})
	}
}

// set writes on a goroutine of its own, so that the write is not nested in an Update of
// the caller.
func set(ctx context.Context, e engine.Engine) error {
	done := make(chan error)
	go func() { done <- e.Set(ctx, engine.SetParams{Grp: "other", Key: "k"}) }()
	return <-done
}

// until calls cond until it returns true, with a context that ends soon.
func until(t *testing.T, cond func(ctx context.Context) bool) {
	for holds := false; !holds; {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		holds = cond(ctx)
		cancel()
	}
}
