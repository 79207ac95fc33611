package main

import (
	"fmt"
	"time"
)

// never is printed in place of a time if a key does not expire.
const never = "-"

// left formats the time until at in its two largest units, rounded down.
func left(at, now time.Time) string {
	if at.IsZero() {
		return never
	}
	d := max(at.Sub(now), 0)
	if d < time.Second {
		return fmt.Sprintf("%dms", d.Milliseconds())
	}
	units := []struct {
		size time.Duration
		name string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}}
	for i, u := range units {
		if d < u.size {
			continue
		}
		s := fmt.Sprintf("%d%s", d/u.size, u.name)
		if i+1 < len(units) {
			if rest := d % u.size / units[i+1].size; rest > 0 {
				s += fmt.Sprintf("%d%s", rest, units[i+1].name)
			}
		}
		return s
	}
	return "0ms"
}
