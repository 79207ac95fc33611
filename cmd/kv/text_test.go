package main

import (
	"strings"
	"testing"
	"time"
)

func TestShown(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"plain text", "plain text"},
		{"", `""`},
		{" ", `" "`},
		{"tail ", `"tail "`},
		{`"`, `"\""`},
		{"a\tb", `"a\tb"`},
		{"\xff", `"\xff"`},
		{"e\u0301", "e\u0301"},
		{strings.Repeat("x", 60), strings.Repeat("x", 60)},
		{strings.Repeat("x", 61), strings.Repeat("x", 60) + "… (61 bytes)"},
		{strings.Repeat("語", 31), strings.Repeat("語", 30) + "… (93 bytes)"},
		// The cut falls within a character of four bytes.
		{"x" + strings.Repeat("😀", 1000), "x" + strings.Repeat("😀", 29) + "… (4001 bytes)"},
		{"\n" + strings.Repeat("x", 1<<20), `"\n` + strings.Repeat("x", 57) + "… (1048577 bytes)"},
	} {
		if got := shown(tc.in); got != tc.want {
			t.Errorf("shown(%.80q) = %q, want %q", tc.in, got, tc.want)
		}
	}
}

func TestLeft(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	for d, want := range map[time.Duration]string{
		-time.Second:                     "0ms",
		0:                                "0ms",
		999 * time.Millisecond:           "999ms",
		time.Second:                      "1s",
		1999 * time.Millisecond:          "1s",
		time.Minute:                      "1m",
		61 * time.Second:                 "1m1s",
		time.Hour + 59*time.Second:       "1h",
		90*time.Minute + time.Second:     "1h30m",
		24*time.Hour - time.Second:       "23h59m",
		7*24*time.Hour + 5*time.Hour:     "7d5h",
		100*365*24*time.Hour + time.Hour: "36500d1h",
	} {
		if got := left(now.Add(d), now); got != want {
			t.Errorf("left in %v = %q, want %q", d, got, want)
		}
	}
	if got := left(time.Time{}, now); got != never {
		t.Errorf("left of no expiry = %q, want %q", got, never)
	}
}
