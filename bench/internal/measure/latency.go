package measure

import (
	"math"
	"slices"
	"time"
)

// Latencies are the times that single operations took. They are kept whole: a histogram would round the very
// tail that is asked for.
type Latencies []time.Duration

// Timed returns op with the time of each call appended to l. One l belongs to one goroutine.
func Timed(l *Latencies, op Op) Op {
	return func() error {
		began := time.Now()
		err := op()
		*l = append(*l, time.Since(began))
		return err
	}
}

// Merge returns all of them, in ascending order.
func Merge(ls ...Latencies) Latencies {
	all := slices.Concat(ls...)
	slices.Sort(all)
	return all
}

// Percentile is the smallest latency that at least p percent are not above (the nearest rank), for l in ascending
// order; 0 when there are none.
func (l Latencies) Percentile(p float64) time.Duration {
	if len(l) == 0 {
		return 0
	}
	rank := int(math.Ceil(p / 100 * float64(len(l))))
	return l[min(max(rank, 1), len(l))-1]
}

// Max is the slowest, for l in ascending order.
func (l Latencies) Max() time.Duration { return l.Percentile(100) }
