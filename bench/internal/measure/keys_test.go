package measure

import (
	"slices"
	"testing"
)

func TestKeysAreDistinctAndAscending(t *testing.T) {
	keys := NewKeys(1100)
	if keys.Len() != 1100 {
		t.Fatalf("Len() = %d, want 1100", keys.Len())
	}
	var all []string
	for i := range keys.Len() {
		all = append(all, keys.At(i))
	}
	if !slices.IsSorted(all) || len(slices.Compact(all)) != 1100 {
		t.Fatal("keys are not distinct and ascending")
	}
}

func TestPickerReachesEveryKey(t *testing.T) {
	keys := NewKeys(50)
	seen := map[string]bool{}
	picker := NewPicker(keys, 3)
	for range 5000 {
		seen[picker.Key()] = true
	}
	if len(seen) != 50 {
		t.Fatalf("reached %d of 50 keys", len(seen))
	}
}

func TestPickerIsTheSameInEveryRun(t *testing.T) {
	keys := NewKeys(1000)
	a, b := NewPicker(keys, 1), NewPicker(keys, 1)
	for range 100 {
		if x, y := a.Key(), b.Key(); x != y {
			t.Fatalf("drew %q and %q", x, y)
		}
	}
}

func TestOneIn(t *testing.T) {
	picker := NewPicker(NewKeys(1), 0)
	hits := 0
	for range 10_000 {
		if picker.OneIn(10) {
			hits++
		}
	}
	if hits < 800 || hits > 1200 {
		t.Fatalf("%d of 10,000 draws, want about 1,000", hits)
	}
}
