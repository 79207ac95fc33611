package measure

import (
	"math/bits"
	"math/rand/v2"

	"golang.org/x/sys/cpu"
)

// Picker draws keys at random, evenly. One belongs to one goroutine.
type Picker struct {
	_      cpu.CacheLinePad // each draw writes to the source: a neighbour's, on the same line, would slow both down
	keys   Keys
	source rand.PCG
	_      cpu.CacheLinePad
}

// NewPicker returns a picker whose draws depend only on the worker's number and the number of keys, so that every contender
// gets the same ones.
func NewPicker(keys Keys, worker int) *Picker {
	return &Picker{keys: keys, source: *rand.NewPCG(uint64(worker), uint64(keys.Len()))}
}

// Key draws a key.
func (p *Picker) Key() string {
	hi, _ := bits.Mul64(p.source.Uint64(), uint64(p.keys.Len()))
	return p.keys.At(int(hi))
}

// OneIn returns true once in n calls, on average.
func (p *Picker) OneIn(n uint64) bool {
	hi, _ := bits.Mul64(p.source.Uint64(), n)
	return hi == 0
}
