package measure

import (
	"encoding/base64"
	"iter"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync/atomic"
)

const (
	counterWidth = 16      // hexadecimal digits of the counter that makes a value unlike every other
	poolBytes    = 1 << 20 // much more than a block that a contender compresses
)

// Values makes values of one size. No two values of the same maker are equal.
//
// They differ because SQLite does not write a row that is overwritten with the bytes it has. They look random because
// two of the contenders compress, and would shrink constant bytes to nothing.
type Values struct {
	pool string
	size int
	next atomic.Uint64
}

// NewValues returns a maker of values of size bytes, at least counterWidth.
func NewValues(size int) *Values {
	random := make([]byte, poolBytes)
	source := rand.NewChaCha8([32]byte{'g', 'o', '-', 's', 't', 'o', 'r', 'e'})
	_, _ = source.Read(random) // ChaCha8.Read never fails
	return &Values{pool: base64.RawStdEncoding.EncodeToString(random), size: max(size, counterWidth)}
}

// Next returns a value that was not returned before. It is safe for concurrent use.
func (v *Values) Next() string {
	var (
		n      = v.next.Add(1)
		digits [counterWidth]byte
		b      strings.Builder
	)
	b.Grow(v.size)
	written := strconv.AppendUint(digits[:0], n, 16)
	b.WriteString("0000000000000000"[len(written):])
	b.Write(written)
	filler := v.size - counterWidth
	at := scatter(n) % uint64(len(v.pool)-filler)
	b.WriteString(v.pool[at:][:filler])
	return b.String()
}

// Pairs yields n keys in ascending order with a new value each.
func (v *Values) Pairs(keys Keys) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for i := range keys.Len() {
			if !yield(keys.At(i), v.Next()) {
				return
			}
		}
	}
}

// Scattered is Pairs in random order, as an import would bring the keys. The order is the same in every run.
func (v *Values) Scattered(keys Keys) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		order := rand.New(rand.NewPCG(1, 2)).Perm(keys.Len())
		for _, i := range order {
			if !yield(keys.At(i), v.Next()) {
				return
			}
		}
	}
}

// scatter spreads consecutive numbers over the whole range (the finalizer of splitmix64).
func scatter(n uint64) uint64 {
	n ^= n >> 30
	n *= 0xbf58476d1ce4e5b9
	n ^= n >> 27
	n *= 0x94d049bb133111eb
	return n ^ n>>31
}
