package report

import (
	"golang.org/x/perf/benchmath"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/workload"
)

// Table is a table of the report, which has absolute figures and the same figures as ratios.
type Table struct {
	Columns []contender.Contender
	Rows    []TableRow
}

// TableRow is one row of a Table.
type TableRow struct {
	Label    string
	Absolute []string
	Ratio    []string
}

// table returns the figures of workloads at one durability. Only contenders with a figure have a column.
func (r *Results) table(d contender.Durability, workloads []workload.Workload) Table {
	var t Table
	for _, c := range contender.All() {
		if r.any(d, workloads, c) {
			t.Columns = append(t.Columns, c)
		}
	}
	for _, w := range workloads {
		for _, row := range w.Rows {
			line := TableRow{Label: row.Label}
			base := r.base(d, w, row, t.Columns)
			found := false
			for _, c := range t.Columns {
				f := figure{d, w.ID, c.Name, row.Unit}
				line.Absolute = append(line.Absolute, r.absolute(f))
				line.Ratio = append(line.Ratio, r.ratio(f, base))
				found = found || r.sample(f) != nil
			}
			if found {
				t.Rows = append(t.Rows, line)
			}
		}
	}
	return t
}

func (r *Results) any(d contender.Durability, workloads []workload.Workload, c contender.Contender) bool {
	for _, w := range workloads {
		for _, row := range w.Rows {
			f := figure{d, w.ID, c.Name, row.Unit}
			if c.Has(w.Needs) && (r.sample(f) != nil || r.failed(f)) {
				return true
			}
		}
	}
	return false
}

// base returns the figure that a row's ratios are relative to: go-store's, or that of go-store without its cache if only that
// took part.
func (r *Results) base(d contender.Durability, w workload.Workload, row workload.Row, columns []contender.Contender) figure {
	for _, c := range columns {
		f := figure{d, w.ID, c.Name, row.Unit}
		if c.Family == contender.GoStoreFamily && r.sample(f) != nil {
			return f
		}
	}
	return figure{}
}

func (r *Results) absolute(f figure) string {
	if r.failed(f) {
		return "failed"
	}
	summary, ok := r.summary(f)
	if !ok {
		return ""
	}
	return quantity(summary.Center, f.unit) + spread(summary)
}

// ratio formats f divided by base, which is go-store's figure: above 1, go-store is better by that factor. A ratio that could
// be chance is in brackets.
func (r *Results) ratio(f, base figure) string {
	if f == base {
		return "1"
	}
	this, that := r.sample(f), r.sample(base)
	if this == nil || that == nil || r.failed(f) {
		return ""
	}
	text := times(center(this) / center(that))
	if len(this.Values) == 1 || len(that.Values) == 1 {
		return text // too few values to tell a difference from chance
	}
	if comparison := benchmath.AssumeNothing.Compare(this, that); comparison.P > comparison.Alpha {
		return "(" + text + ")"
	}
	return text
}

func center(s *benchmath.Sample) float64 {
	return benchmath.AssumeNothing.Summary(s, confidence).Center
}
