package runner

import (
	"fmt"
	"iter"
	"slices"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/workload"
)

// step is one measurement to make.
type step struct {
	repetition int
	workload   workload.Workload
	contender  contender.Contender
	durability contender.Durability
}

func (s step) String() string {
	return fmt.Sprintf("%d %s %s %s", s.repetition+1, s.workload.ID, s.contender.Name, s.durability)
}

// schedule yields all measurements, interleaved: in each repetition, for each workload, each contender in turn. A slow minute
// of the machine then slows one repetition of every contender, not all repetitions of one. The order of the contenders moves
// on by one with each repetition, so that no contender always runs after the same one.
func schedule(o Options) iter.Seq[step] {
	return func(yield func(step) bool) {
		for repetition := range o.Count {
			for _, w := range workload.All(o.Scale) {
				if w.Once && repetition > 0 || o.Only != nil && !o.Only.MatchString(w.ID) {
					continue
				}
				for _, entry := range rotated(entries(w, o.Contenders), repetition) {
					entry.repetition = repetition
					if !yield(entry) {
						return
					}
				}
			}
		}
	}
}

// entries returns the contenders that take part in a workload, at each durability that is measured. The contender's default
// is measured only if the workload writes and the default differs from synced writes.
func entries(w workload.Workload, contenders []contender.Contender) []step {
	var all []step
	for _, c := range contenders {
		if !c.Has(w.Needs) {
			continue
		}
		if !c.OnlyOwn {
			all = append(all, step{workload: w, contender: c, durability: contender.Synced})
		}
		if w.Writes && (c.OnlyOwn || c.Default != "") {
			all = append(all, step{workload: w, contender: c, durability: contender.Own})
		}
	}
	return all
}

func rotated(steps []step, by int) []step {
	if len(steps) == 0 {
		return nil
	}
	by %= len(steps)
	return slices.Concat(steps[by:], steps[:by])
}
