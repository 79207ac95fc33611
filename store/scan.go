package store

// ScanOption narrows an iteration or a count. Options combine: a key is visited if it
// matches all of them. Keys are compared byte by byte. For [Store.Groups] and
// [Namespace.Groups] the options apply to the names of the groups. A nil ScanOption
// is ignored.
type ScanOption func(*scan)

// scan is a range of keys: low ≤ key < high.
type scan struct {
	low     string
	high    string
	bounded bool // high is set
	empty   bool // no key can match the options
	after   []string
	reverse bool
	limit   int // below 0: no limit
}

func newScan(opts []ScanOption) scan {
	s := scan{limit: -1}
	for _, o := range opts {
		if o != nil {
			o(&s)
		}
	}
	for _, key := range s.after { // only now is the direction known
		s.goPast(key)
	}
	s.empty = s.limit == 0 || s.bounded && s.low >= s.high
	return s
}

// within returns the scan of the names that also begin with prefix, which precedes the
// bounds of s.
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

// goPast drops key and the keys before it, in the direction of the iteration.
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
		// The least string above all that begin with p is p up to its last byte
		// below 0xff, with that byte plus one. If there is no such byte, no string
		// lies above.
		for i := len(p) - 1; i >= 0; i-- {
			if p[i] < 0xff {
				s.to(p[:i] + string([]byte{p[i] + 1}))
				return
			}
		}
	}
}

// From keeps the keys that are greater than or equal to key.
func From(key string) ScanOption {
	return func(s *scan) { s.from(key) }
}

// To keeps the keys that are less than key.
func To(key string) ScanOption {
	return func(s *scan) { s.to(key) }
}

// After keeps the keys that come after key in the direction of the iteration: the
// greater ones, or, with [Reverse], the lesser ones. The last key of one page is thus
// the cursor for the next page. The key itself need not exist any more.
func After(key string) ScanOption {
	return func(s *scan) { s.after = append(s.after, key) }
}

// Limit stops after n keys. A limit of 0 visits no keys, and a negative n means no
// limit.
func Limit(n int) ScanOption {
	return func(s *scan) { s.limit = n }
}

// Reverse visits the keys from the last to the first.
func Reverse() ScanOption {
	return func(s *scan) { s.reverse = true }
}

// next returns the least string above key.
func next(key string) string { return key + "\x00" }
