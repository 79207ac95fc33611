package measure

import (
	"math"
	"slices"
	"time"
)

// Latencies are the times that single operations took. Each of them is kept, because a histogram would round the tail.
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

// Merge returns the latencies of all ls, in ascending order.
func Merge(ls ...Latencies) Latencies {
	all := slices.Concat(ls...)
	slices.Sort(all)
	return all
}

// Percentile returns the p-th percentile by the nearest rank: the smallest latency that at least p percent do not exceed.
// l must be in ascending order. The percentile of no latencies is 0.
func (l Latencies) Percentile(p float64) time.Duration {
	if len(l) == 0 {
		return 0
	}
	rank := int(math.Ceil(p / 100 * float64(len(l))))
	return l[min(max(rank, 1), len(l))-1]
}

// Max returns the longest latency. l must be in ascending order.
func (l Latencies) Max() time.Duration { return l.Percentile(100) }
