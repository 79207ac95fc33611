package measure

import (
	"maps"
	"testing"
)

func TestValuesDifferAndHaveTheirSize(t *testing.T) {
	for _, size := range []int{16, 100, 4096} {
		values := NewValues(size)
		seen := map[string]bool{}
		for range 1000 {
			v := values.Next()
			if len(v) != size {
				t.Fatalf("size %d, want %d", len(v), size)
			}
			seen[v] = true
		}
		if len(seen) != 1000 {
			t.Fatalf("%d distinct values of 1,000", len(seen))
		}
	}
}

func TestScatteredYieldsEveryKeyOutOfOrder(t *testing.T) {
	keys := NewKeys(100)
	values := NewValues(100)
	if got := len(maps.Collect(values.Scattered(keys))); got != 100 {
		t.Fatalf("%d keys, want 100", got)
	}
	for key := range values.Scattered(keys) {
		if key == keys.At(0) {
			t.Fatal("the first key came first")
		}
		break
	}
	if got := len(maps.Collect(values.Pairs(keys))); got != 100 {
		t.Fatalf("Pairs yielded %d keys, want 100", got)
	}
}
