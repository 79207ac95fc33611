package goroutine

import (
	"sync"
	"testing"
)

func TestID(t *testing.T) {
	mine := ID()
	if mine <= 0 || ID() != mine {
		t.Errorf("ID = %d, and then %d", mine, ID())
	}
	var others [2]int64
	var wg sync.WaitGroup
	for i := range others {
		wg.Go(func() { others[i] = ID() })
	}
	wg.Wait()
	if others[0] == others[1] || others[0] == mine || others[1] == mine {
		t.Errorf("three goroutines have the numbers %d, %d and %d", mine, others[0], others[1])
	}
}

// TestIDOf takes the number from the context, and asks for it where there is none.
func TestIDOf(t *testing.T) {
	if got := IDOf(t.Context()); got != ID() {
		t.Errorf("without a number in the context it is %d, want %d", got, ID())
	}
	ctx, want := WithID(t.Context()), ID()
	got := make(chan int64)
	go func() { got <- IDOf(ctx) }() // another goroutine, to tell the two apart
	if got := <-got; got != want {
		t.Errorf("it is %d, the context carries %d", got, want)
	}
}
