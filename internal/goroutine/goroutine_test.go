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
