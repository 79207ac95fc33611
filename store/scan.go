package store

// ScanOption narrows an iteration or a count. Options combine: a key is visited
// if it meets all of them. Keys compare byte by byte.
type ScanOption func(*scan)

// scan is a range of keys: low ≤ key < high.
type scan struct {
	low     string
	high    string
	bounded bool // high counts
	empty   bool // no key can meet the options
	after   []string
	reverse bool
	limit   int // below 0: none
}

func newScan(opts []ScanOption) scan {
	s := scan{limit: -1}
	for _, o := range opts {
		if o != nil {
			o(&s)
		}
	}
	for _, key := range s.after { // now that the direction is known
		s.goPast(key)
	}
	s.empty = s.limit == 0 || s.bounded && s.low >= s.high
	return s
}

// within is the scan over names that begin with prefix besides.
func (s scan) within(prefix string) scan {
	if prefix == "" {
		return s
	}
	bounded, high := s.bounded, s.high
	s.low, s.bounded = prefix+s.low, false
	Prefix(prefix)(&s)
	if bounded {
		s.to(prefix + high)
	}
	return s
}

// goPast drops the keys up to and with key, as the iteration goes.
func (s *scan) goPast(key string) {
	if s.reverse {
		s.to(key)
	} else {
		s.from(next(key))
	}
}

func (s *scan) from(key string) { s.low = max(s.low, key) }

func (s *scan) to(key string) {
	if !s.bounded || key < s.high {
		s.high, s.bounded = key, true
	}
}

// Prefix keeps the keys that begin with p.
func Prefix(p string) ScanOption {
	return func(s *scan) {
		s.from(p)
		// The least string above all that begin with p: p with its last byte
		// that can grow, grown. If none can, nothing lies above.
		for i := len(p) - 1; i >= 0; i-- {
			if p[i] < 0xff {
				s.to(p[:i] + string([]byte{p[i] + 1}))
				return
			}
		}
	}
}

// From keeps the keys from key on, key included.
func From(key string) ScanOption {
	return func(s *scan) { s.from(key) }
}

// To keeps the keys before key.
func To(key string) ScanOption {
	return func(s *scan) { s.to(key) }
}

// After keeps the keys that come after key in the order of the iteration: with
// [Reverse], those that are less. The last key of a page is thus the cursor for
// the next. The key itself need not be there any more.
func After(key string) ScanOption {
	return func(s *scan) { s.after = append(s.after, key) }
}

// Limit stops after n keys: none at all for 0. A negative n is no limit.
func Limit(n int) ScanOption {
	return func(s *scan) { s.limit = n }
}

// Reverse visits the keys from the last to the first.
func Reverse() ScanOption {
	return func(s *scan) { s.reverse = true }
}

// next is the least string above key.
func next(key string) string { return key + "\x00" }
