package workload

import (
	"strconv"
	"strings"
)

// Scale is how much data the workloads work on.
type Scale struct {
	Keys      int // of the small group
	ManyKeys  int // of the large group
	BulkKeys  int
	Expired   int // purged, out of ManyKeys + Expired
	OpenBytes int // of values in the file that is opened
	ValueSize int // bytes
	OpenValue int // bytes of a value in the file that is opened
	Commits   int // made before a durable write is measured; see Run.warmCommits
}

// Full is the scale of the published report.
func Full() Scale {
	return Scale{
		Keys: 10_000, ManyKeys: 1_000_000, BulkKeys: 100_000, Expired: 100_000,
		OpenBytes: 1 << 30, ValueSize: 100, OpenValue: 4096, Commits: 1_000,
	}
}

// Smoke is large enough for every workload to do its work once.
func Smoke() Scale {
	return Scale{
		Keys: 500, ManyKeys: 5_000, BulkKeys: 500, Expired: 500,
		OpenBytes: 1 << 20, ValueSize: 100, OpenValue: 4096, Commits: 10,
	}
}

// Config returns the scale as it is stored with the results, so that a report made from them names the right numbers.
func (s Scale) Config() map[string]int {
	return map[string]int{
		"keys": s.Keys, "many-keys": s.ManyKeys, "bulk-keys": s.BulkKeys, "expired-keys": s.Expired,
		"open-bytes": s.OpenBytes, "value-bytes": s.ValueSize, "open-value-bytes": s.OpenValue, "warm-commits": s.Commits,
	}
}

// ParseScale is the reverse of Config. A missing number is 0.
func ParseScale(get func(key string) string) Scale {
	number := func(key string) int {
		n, _ := strconv.Atoi(get(key)) // a missing number is 0
		return n
	}
	return Scale{
		Keys: number("keys"), ManyKeys: number("many-keys"), BulkKeys: number("bulk-keys"), Expired: number("expired-keys"),
		OpenBytes: number("open-bytes"), ValueSize: number("value-bytes"), OpenValue: number("open-value-bytes"),
		Commits: number("warm-commits"),
	}
}

// Reduced reports whether the scale is not that of the published report. Commits does not matter: it is 0 in results made
// before there was a warm-up by commits.
func (s Scale) Reduced() bool {
	full := Full()
	full.Commits = s.Commits
	return s != full
}

// Thousands writes n with commas, as in 1,000,000.
func Thousands(n int) string {
	digits := strconv.Itoa(n)
	var b strings.Builder
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	return b.String()
}
