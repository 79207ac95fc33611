package report

import (
	"fmt"
	"os"
	"path/filepath"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
)

// Figure is a plot of the report.
type Figure struct {
	File  string // under the directory of plots
	Title string
	draw  func(*Results, *plot.Plot) (bool, error)
}

// Figures returns every Figure.
func Figures() []Figure {
	return []Figure{
		{"reads.svg", "Get: time of one read (less is better)", dots(
			series{"hot, small group", "GetHot", perOp},
			series{"eight goroutines", "GetParallel", perOp},
			series{"no cache of values", "GetCold", perOp},
			series{"hot, large group", "GetMany", perOp})},
		{"reads-while-writing.svg", "Get while another goroutine writes: time of one read (less is better)", dots(
			series{"one reading", "GetWhileWriting/g=1", perOp},
			series{"16 reading", "GetWhileWriting/g=16", perOp})},
		{"writes.svg", "Durable Set: time of one write, by goroutines (less is better)", lines(1, 16, 64, 256)},
		{"groups.svg", "GetAll: time of one group (less is better)", dots(
			series{"hot", "GetAllHot", perOp},
			series{"no cache of values", "GetAllCold", perOp})},
		{"purge.svg", "Purge: time of the whole, and of writes meanwhile (less is better)", dots(
			series{"whole purge", "Purge", perOp},
			series{"slowest write", "Purge", "max-sec"},
			series{"99th percentile", "Purge", "p99-sec"})},
		{"size.svg", "Memory and space with the large group (less is better)", dots(
			series{"Go heap", "Size", "heap-B"},
			series{"resident, not of files", "Size", "rss-anon-B"},
			series{"on disk", "Size", "disk-B"})},
	}
}

// draw writes the figures that there are results for into dir, and returns them.
func (r *Results) draw(dir string) ([]Figure, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("plots: %w", err)
	}
	var drawn []Figure
	for _, f := range Figures() {
		p := plot.New()
		p.Title.Text = f.Title
		p.Title.Padding = vg.Points(8)
		p.Title.TextStyle.Font.Size = vg.Points(13)
		some, err := f.draw(r, p)
		if err != nil {
			return nil, fmt.Errorf("plot %s: %w", f.File, err)
		}
		if !some {
			continue
		}
		if err := save(p, filepath.Join(dir, f.File)); err != nil {
			return nil, fmt.Errorf("plot %s: %w", f.File, err)
		}
		drawn = append(drawn, f)
	}
	return drawn, nil
}

// point is a median with its interval on an axis.
type point struct{ at, low, high float64 }

// point returns a figure with synced writes as a point. Its low and high are the confidence interval, or the range if there are
// too few repetitions for an interval.
func (r *Results) point(workload, name, unit string) (point, bool) {
	f := figure{contender.Synced, workload, name, unit}
	sample := r.sample(f)
	if sample == nil || r.failed(f) {
		return point{}, false
	}
	summary, _ := r.summary(f)
	p := point{summary.Center, summary.Lo, summary.Hi}
	if spread(summary) == "" {
		p.low, p.high = sample.Values[0], sample.Values[len(sample.Values)-1]
	}
	return p, p.low > 0 // a logarithmic axis has no place for 0
}

// paint returns the colour and shape of the i-th series of a plot.
func paint(i int) style {
	return style{plotutil.Color(i), plotutil.Shape(i)}
}
