package report

import (
	"errors"
	"fmt"
	"os"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

const (
	plotWidth   = 22 * vg.Centimeter
	plotHeight  = 11 * vg.Centimeter
	legendWidth = 5 * vg.Centimeter
	margin      = 0.3 * vg.Centimeter
)

// save writes the plot as SVG, with its legend beside it. Inside the plot, the legend would cover points.
func save(p *plot.Plot, path string) (err error) {
	legend := p.Legend
	p.Legend = plot.NewLegend()
	legend.Top = true
	legend.Padding = vg.Points(4)
	legend.YOffs = -vg.Points(24)

	canvas := vgsvg.New(plotWidth, plotHeight)
	inner := draw.Crop(draw.New(canvas), margin, -margin, margin, -margin)
	p.Draw(draw.Crop(inner, 0, -legendWidth, 0, 0))
	legend.Draw(inner)

	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("save: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	_, err = canvas.WriteTo(file)
	return err
}
