package report

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
)

// series is one figure of every contender.
type series struct{ label, workload, unit string }

type style struct {
	color color.Color
	shape draw.GlyphDrawer
}

// interval is a set of points with the error bars of their intervals, along x.
type interval struct {
	plotter.XYs
	plotter.XErrors
}

// dots draws each contender on a line of its own, with its figures along a logarithmic axis. It draws no bars: they begin at
// zero, which such an axis does not have.
func dots(all ...series) func(*Results, *plot.Plot) (bool, error) {
	return func(r *Results, p *plot.Plot) (bool, error) {
		shown := r.shown(all)
		if len(shown) == 0 {
			return false, nil
		}
		names := make([]string, len(shown))
		for i, c := range shown {
			names[len(shown)-1-i] = c.Title // the first on top
		}
		p.NominalY(names...)
		p.X.Scale = plot.LogScale{}
		p.X.Tick.Marker = ticks{unit: all[0].unit}
		p.Add(plotter.NewGrid())
		for i, s := range all {
			var points interval
			for j, c := range shown {
				if at, ok := r.point(s.workload, c.Name, s.unit); ok {
					points.XYs = append(points.XYs, plotter.XY{X: at.at, Y: float64(len(shown) - 1 - j)})
					points.XErrors = append(points.XErrors, struct{ Low, High float64 }{at.at - at.low, at.high - at.at})
				}
			}
			if err := points.add(p, s.label, paint(i)); err != nil {
				return false, err
			}
		}
		room(&p.X)
		return true, nil
	}
}

// add puts the points into the plot, with a line in the legend.
func (points interval) add(p *plot.Plot, label string, s style) error {
	if len(points.XYs) == 0 {
		return nil
	}
	scatter, err := plotter.NewScatter(points.XYs)
	if err != nil {
		return err
	}
	scatter.Color, scatter.Shape, scatter.Radius = s.color, s.shape, vg.Points(3.5)
	bars, err := plotter.NewXErrorBars(points)
	if err != nil {
		return err
	}
	bars.Color = s.color
	p.Add(bars, scatter)
	p.Legend.Add(label, scatter)
	return nil
}

// shown returns the contenders with a point in any of the series.
func (r *Results) shown(all []series) []contender.Contender {
	var shown []contender.Contender
	for _, c := range contender.All() {
		for _, s := range all {
			if _, ok := r.point(s.workload, c.Name, s.unit); ok {
				shown = append(shown, c)
				break
			}
		}
	}
	return shown
}
