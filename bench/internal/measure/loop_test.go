package measure

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestLoopCountsEveryOperation(t *testing.T) {
	var a, b int64
	count, err := Loop(t.Context(), 5*time.Millisecond,
		func() error { a++; return nil },
		func() error { b++; return nil })
	if err != nil {
		t.Fatal(err)
	}
	if count.Ops[0] != a || count.Ops[1] != b || count.Total(0, 2) != a+b || a == 0 || b == 0 {
		t.Fatalf("counted %v, did %d and %d", count.Ops, a, b)
	}
	if count.Elapsed <= 0 {
		t.Fatalf("Elapsed = %v", count.Elapsed)
	}
}

func TestLoopRunsEachOnceWhenThereIsNoTime(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	count, err := LoopUntil(ctx, func() error { return nil })
	if err != nil || count.Ops[0] < 1 {
		t.Fatalf("count %v, err %v", count, err)
	}
}

func TestAnErrorStopsEveryGoroutine(t *testing.T) {
	want := errors.New("boom")
	_, err := LoopUntil(t.Context(),
		func() error { return nil },
		func() error { return want })
	if !errors.Is(err, want) {
		t.Fatalf("err = %v, want %v", err, want)
	}
}
