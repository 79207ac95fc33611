package report

import (
	"math"
	"testing"

	"golang.org/x/perf/benchmath"
)

func TestQuantity(t *testing.T) {
	for _, tt := range []struct {
		value float64
		unit  string
		want  string
	}{
		{93.14e-9, "sec/op", "93.1 ns"},
		{1e-7, "sec/op", "100 ns"},
		{9.999e-7, "sec/op", "1.00 µs"},
		{0.01234, "p99-sec", "12.3 ms"},
		{1.5, "sec/op", "1.50 s"},
		{250, "sec/op", "250 s"},
		{1 << 20, "heap-B", "1.00 MiB"},
		{1536, "disk-B", "1.50 KiB"},
		{0, "rss-file-B", "0 B"},
	} {
		if got := quantity(tt.value, tt.unit); got != tt.want {
			t.Errorf("quantity(%v, %q) = %q, want %q", tt.value, tt.unit, got, tt.want)
		}
	}
}

func TestDigits(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1: "1.00", 0.977: "0.977", 99.96: "100", 12345: "12345", 0.0788: "0.079", 0.00001234: "0.000012", math.Inf(1): "+Inf",
	} {
		if got := digits(v); got != want {
			t.Errorf("digits(%v) = %q, want %q", v, got, want)
		}
	}
}

func TestSpread(t *testing.T) {
	for _, tt := range []struct {
		values []float64
		want   string
	}{
		{[]float64{100}, ""},
		{[]float64{100, 100, 100}, ""},
		{[]float64{100, 100, 100, 100, 100, 100}, " ±0 %"},
		{[]float64{90, 100, 100, 100, 100, 110}, " ±10 %"},
	} {
		s := benchmath.AssumeNothing.Summary(benchmath.NewSample(tt.values, &benchmath.DefaultThresholds), confidence)
		if got := spread(s); got != tt.want {
			t.Errorf("spread of %v = %q, want %q", tt.values, got, tt.want)
		}
	}
}
