package measure

import (
	"fmt"
	"iter"
	"strings"
)

// keyWidth is the length of every key: a prefix and a number with leading zeros.
const keyWidth = 16

// Keys is a set of keys of one width, cut out of one string.
//
// A million strings in a slice would cost a cache miss for the header and another for the bytes, more than a read
// from the fastest contenders. Cutting them out of one string leaves only the second, and nothing for the collector
// to scan.
type Keys struct {
	all string
}

// NewKeys returns n keys, in ascending order.
func NewKeys(n int) Keys {
	var b strings.Builder
	b.Grow(n * keyWidth)
	for i := range n {
		fmt.Fprintf(&b, "key:%0*d", keyWidth-len("key:"), i)
	}
	return Keys{all: b.String()}
}

// Len returns the number of keys.
func (k Keys) Len() int { return len(k.all) / keyWidth }

// At returns the i-th key.
func (k Keys) At(i int) string { return k.all[i*keyWidth : (i+1)*keyWidth] }

// First returns the first n keys.
func (k Keys) First(n int) Keys { return Keys{all: k.all[:n*keyWidth]} }

// Chunks yields the keys n at a time.
func (k Keys) Chunks(n int) iter.Seq[Keys] {
	return func(yield func(Keys) bool) {
		for from := 0; from < k.Len(); from += n {
			to := min(from+n, k.Len())
			if !yield(Keys{all: k.all[from*keyWidth : to*keyWidth]}) {
				return
			}
		}
	}
}
