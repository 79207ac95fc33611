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
}

// Full is what the report is about.
func Full() Scale {
	return Scale{
		Keys: 10_000, ManyKeys: 1_000_000, BulkKeys: 100_000, Expired: 100_000,
		OpenBytes: 1 << 30, ValueSize: 100, OpenValue: 4096,
	}
}

// Smoke is enough to see that everything runs.
func Smoke() Scale {
	return Scale{
		Keys: 500, ManyKeys: 5_000, BulkKeys: 500, Expired: 500,
		OpenBytes: 1 << 20, ValueSize: 100, OpenValue: 4096,
	}
}

// Config is the scale as it is kept with results, so that a report made from them names the right numbers.
func (s Scale) Config() map[string]int {
	return map[string]int{
		"keys": s.Keys, "many-keys": s.ManyKeys, "bulk-keys": s.BulkKeys, "expired-keys": s.Expired,
		"open-bytes": s.OpenBytes, "value-bytes": s.ValueSize, "open-value-bytes": s.OpenValue,
	}
}

// ParseScale is the reverse of Config. What is missing is 0.
func ParseScale(get func(key string) string) Scale {
	number := func(key string) int {
		n, _ := strconv.Atoi(get(key)) // a missing number is 0
		return n
	}
	return Scale{
		Keys: number("keys"), ManyKeys: number("many-keys"), BulkKeys: number("bulk-keys"), Expired: number("expired-keys"),
		OpenBytes: number("open-bytes"), ValueSize: number("value-bytes"), OpenValue: number("open-value-bytes"),
	}
}

// thousands writes n with commas, as in 1,000,000.
func thousands(n int) string {
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
