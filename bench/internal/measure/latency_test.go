package measure

import (
	"errors"
	"testing"
	"time"
)

func TestPercentileIsTheNearestRank(t *testing.T) {
	hundred := make(Latencies, 100)
	for i := range hundred {
		hundred[i] = time.Duration(100 - i)
	}
	for _, tt := range []struct {
		name string
		of   Latencies
		p    float64
		want time.Duration
	}{
		{"none", nil, 99, 0},
		{"one", Latencies{7}, 99, 7},
		{"median of two is the lower", Latencies{1, 2}, 50, 1},
		{"p99 of a hundred leaves one above", hundred, 99, 99},
		{"p50", hundred, 50, 50},
		{"p100 is the maximum", hundred, 100, 100},
		{"p0 is the minimum", hundred, 0, 1},
		{"p99 of ten is the maximum", Latencies{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 99, 10},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Merge(tt.of).Percentile(tt.p); got != tt.want {
				t.Errorf("Percentile(%v) = %v, want %v", tt.p, got, tt.want)
			}
		})
	}
}

func TestMergeSortsAndKeepsAll(t *testing.T) {
	all := Merge(Latencies{3, 1}, nil, Latencies{2})
	if len(all) != 3 || all[0] != 1 || all.Max() != 3 {
		t.Fatalf("Merge = %v", all)
	}
}

func TestTimedKeepsEachCallAndItsError(t *testing.T) {
	var l Latencies
	want := errors.New("boom")
	op := Timed(&l, func() error { return want })
	if err := op(); !errors.Is(err, want) {
		t.Fatalf("err = %v", err)
	}
	if len(l) != 1 {
		t.Fatalf("%d latencies, want 1", len(l))
	}
}
