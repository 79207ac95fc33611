package report

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
)

// lines draws the time of a durable Set over the number of goroutines, a line for each contender.
func lines(goroutines ...int) func(*Results, *plot.Plot) (bool, error) {
	return func(r *Results, p *plot.Plot) (bool, error) {
		p.X.Label.Text = "goroutines"
		p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
		p.X.Tick.Marker = counts(goroutines)
		p.Y.Tick.Marker = ticks{unit: perOp}
		p.Add(plotter.NewGrid())
		drawn := 0
		for _, c := range contender.All() {
			if c.Volatile || c.OnlyOwn || !c.Has(contender.Write|contender.Sync) {
				continue
			}
			var points plotter.XYs
			for _, n := range goroutines {
				if at, ok := r.point(fmt.Sprintf("Set/g=%d", n), c.Name, perOp); ok {
					points = append(points, plotter.XY{X: float64(n), Y: at.at})
				}
			}
			if len(points) == 0 {
				continue
			}
			line, dots, err := plotter.NewLinePoints(points)
			if err != nil {
				return false, err
			}
			s := paint(drawn)
			line.Color, dots.Color, dots.Shape, dots.Radius = s.color, s.color, s.shape, vg.Points(3)
			if c.Family == contender.GoStoreFamily {
				line.Width = vg.Points(2.5)
			}
			p.Add(line, dots)
			p.Legend.Add(c.Title, line, dots)
			drawn++
		}
		if drawn == 0 {
			return false, nil
		}
		room(&p.X)
		room(&p.Y)
		return true, nil
	}
}
