package report

import (
	"strconv"

	"golang.org/x/perf/benchunit"
	"gonum.org/v1/plot"
)

// ticks are the ticks of a logarithmic axis, labelled with quantities.
type ticks struct{ unit string }

// Ticks implements [plot.Ticker].
func (t ticks) Ticks(low, high float64) []plot.Tick {
	if benchunit.ClassOf(t.unit) == benchunit.Binary {
		return t.binary(low, high)
	}
	all := plot.LogTicks{Prec: -1}.Ticks(low, high)
	for i, tick := range all {
		if tick.Label != "" {
			all[i].Label = quantity(tick.Value, t.unit)
		}
	}
	return all
}

// binary returns ticks at powers of 16, which are round numbers in binary units.
func (t ticks) binary(low, high float64) []plot.Tick {
	var all []plot.Tick
	for v := 1.0; v <= high; v *= 16 {
		if v >= low {
			all = append(all, plot.Tick{Value: v, Label: quantity(v, t.unit)})
		}
	}
	return all
}

// counts are ticks at whole numbers.
type counts []int

// Ticks implements [plot.Ticker].
func (c counts) Ticks(low, high float64) []plot.Tick {
	var all []plot.Tick
	for _, n := range c {
		if v := float64(n); v >= low && v <= high {
			all = append(all, plot.Tick{Value: v, Label: strconv.Itoa(n)})
		}
	}
	return all
}

// room adds some space beyond the outermost points of a logarithmic axis.
func room(axis *plot.Axis) {
	axis.Min /= 1.5
	axis.Max *= 1.5
}
