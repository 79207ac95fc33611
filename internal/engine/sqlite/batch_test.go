package sqlite

import (
	"context"
	"errors"
	"sync"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// TestPanicInBatch has a write of a shared transaction panic.
func TestPanicInBatch(t *testing.T) {
	t.Parallel()
	e := open(t, t.TempDir()+"/kv.db", options())
	ctx := context.Background()
	panicked := 0
	var mu sync.Mutex
	guarded := func(fn func() error) func() error {
		return func() (err error) {
			defer func() {
				if recover() != nil {
					mu.Lock()
					panicked++
					mu.Unlock()
					err = errors.New("panic")
				}
			}()
			return fn()
		}
	}
	put := func(key string) func() error {
		return guarded(func() error { return e.Set(ctx, engine.SetParams{Grp: "g", Key: key, Value: "v"}) })
	}
	keys := []string{"a", "", "b"}
	errs := batch(t, e, func() {}, put("a"),
		guarded(func() error {
			return e.Apply(ctx, func(tx engine.Tx) error {
				set(t, tx, "g", "x", "v")
				panic("in Apply")
			})
		}), put("b"))
	if panicked != 1 {
		t.Errorf("%d callers panicked", panicked)
	}
	rows := rowsOf(t, e)
	for i, err := range errs {
		if _, ok := rows[keys[i]]; keys[i] != "" && ok != (err == nil) {
			t.Errorf("%s exists: %t, but its Set returned %v", keys[i], ok, err)
		}
	}
	if _, ok := rows["x"]; ok {
		t.Error("the write that panicked was committed")
	}
	set(t, e, "g", "a", "after")
}
