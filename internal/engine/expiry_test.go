package engine_test

import (
	"errors"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// TestExpiryInColumn takes an expiry through a column, where NULL is Never.
func TestExpiryInColumn(t *testing.T) {
	for _, e := range []engine.Expiry{engine.Never, engine.ExpireAt(-5), engine.ExpireAt(0), engine.ExpireAt(5)} {
		v, err := e.Value()
		if err != nil || (v == nil) != (e == engine.Never) {
			t.Errorf("the value of %d is %v, %v", e, v, err)
		}
		got := engine.Expiry(7)
		if err := got.Scan(v); err != nil || got != e {
			t.Errorf("%v was read as %d, %v; want %d", v, got, err, e)
		}
	}
	// Another program may have written the first moment of 1970. It has passed.
	var got engine.Expiry
	if err := got.Scan(int64(0)); err != nil || got == engine.Never || !got.By(0) {
		t.Errorf("0 was read as %d, %v", got, err)
	}
	for _, v := range []any{"5", []byte("5"), 5.5, true, time.Unix(5, 0)} {
		got := engine.Expiry(7)
		if err := got.Scan(v); !errors.Is(err, engine.ErrCorrupt) || got != 7 {
			t.Errorf("%T was read as %d, %v; want ErrCorrupt", v, got, err)
		}
	}
}
