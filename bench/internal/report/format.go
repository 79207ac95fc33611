package report

import (
	"math"
	"strconv"
	"strings"

	"golang.org/x/perf/benchmath"
	"golang.org/x/perf/benchunit"
)

// quantity formats a value in base units with a suitable prefix: 93.1 ns, 12.5 MiB.
func quantity(value float64, unit string) string {
	class := benchunit.ClassOf(unit)
	base := "s"
	if class == benchunit.Binary {
		base = "B"
	}
	rounded := round(value, 3) // else 999.9 ns would be written as 1000 ns
	scale := benchunit.CommonScale([]float64{rounded}, class)
	return digits(rounded/scale.Factor) + " " + scale.Prefix + base
}

// digits formats v with three significant digits (two below 0.1), and with all digits before the point.
func digits(v float64) string {
	significant := 3
	if math.Abs(v) < 0.1 {
		significant = 2
	}
	rounded := round(v, significant)
	if rounded == 0 || math.IsInf(rounded, 0) || math.IsNaN(rounded) {
		return strconv.FormatFloat(rounded, 'f', -1, 64)
	}
	if math.Abs(rounded) >= 1000 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	decimals := significant - 1 - int(math.Floor(math.Log10(math.Abs(rounded))))
	return strconv.FormatFloat(rounded, 'f', max(decimals, 0), 64)
}

// round rounds v to a number of significant digits.
func round(v float64, significant int) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', significant-1, 64), 64)
	if err != nil {
		return v
	}
	return rounded
}

// spread formats half the width of the confidence interval in percent of the median. It is empty if there are too few
// repetitions for an interval.
func spread(s benchmath.Summary) string {
	text := strings.TrimPrefix(s.PctRangeString(), "±")
	if text == "∞" || text == "" {
		return ""
	}
	return " ±" + strings.TrimSpace(strings.TrimSuffix(text, "%")) + " %"
}

// times formats a ratio.
func times(ratio float64) string {
	return digits(ratio) + "×"
}
