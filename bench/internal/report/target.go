package report

import (
	"fmt"
	"slices"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
)

// Target is a figure that go-store is meant to reach, with every write synced.
type Target struct {
	Workload string
	Want     string
	reached  func(*Results) (value float64, text string, ok bool)
	met      func(value float64) bool
}

// TargetRow is a row of the report: a target, and the figure reached.
type TargetRow struct {
	Workload, Want, Reached, Met string
}

// targets evaluates every target. A target whose figures were not measured says so.
func (r *Results) targets() []TargetRow {
	var rows []TargetRow
	for _, t := range Targets() {
		row := TargetRow{Workload: t.Workload, Want: t.Want, Reached: "not measured"}
		if value, text, ok := t.reached(r); ok {
			row.Reached, row.Met = text, "**no**"
			if t.met(value) {
				row.Met = "yes"
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func fig(workload, name string) figure {
	return figure{contender.Synced, workload, name, perOp}
}

// faster returns the target to have factor times the rate of a peer.
func faster(title, workload, who, peer string, factor float64) Target {
	name := peer
	if c, err := contender.Find(peer); err == nil {
		name = c.Title
	}
	want := fmt.Sprintf("at least %v× the rate of %s", factor, name)
	if factor == 1 {
		want = "not slower than " + name
	}
	return Target{
		Workload: title, Want: want,
		reached: quotient(fig(workload, peer), fig(workload, who)), met: atLeast(factor),
	}
}

// quotient returns a function that divides the median of one figure by that of another.
func quotient(over, under figure) func(*Results) (float64, string, bool) {
	return func(r *Results) (float64, string, bool) {
		a, b := r.sample(over), r.sample(under)
		if a == nil || b == nil || r.failed(over) || r.failed(under) {
			return 0, "", false
		}
		ratio := center(a) / center(b)
		return ratio, times(ratio), true
	}
}

// beside adds the figure of another contender to the text of reached, if it was measured.
func beside(name string, other, reached func(*Results) (float64, string, bool)) func(*Results) (float64, string, bool) {
	return func(r *Results) (float64, string, bool) {
		value, text, ok := reached(r)
		if _, theirs, measured := other(r); ok && measured {
			text += " (" + name + ": " + theirs + ")"
		}
		return value, text, ok
	}
}

// greatest returns the worst of all repetitions, since a bound on every write must hold in each.
func greatest(unit string) func(*Results) (float64, string, bool) {
	return func(r *Results) (float64, string, bool) {
		f := figure{contender.Synced, "Purge", subject, unit}
		sample := r.sample(f)
		if sample == nil || r.failed(f) {
			return 0, "", false
		}
		worst := slices.Max(sample.Values)
		return worst, quantity(worst, unit), true
	}
}

func atLeast(want float64) func(float64) bool { return func(v float64) bool { return v >= want } }
func atMost(want float64) func(float64) bool  { return func(v float64) bool { return v <= want } }
func below(want float64) func(float64) bool   { return func(v float64) bool { return v < want } }
