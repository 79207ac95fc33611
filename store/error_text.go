package store

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// printable returns s for use in one line of text. It quotes s if s holds bytes that
// cannot be printed, and shortens s beyond 256 bytes.
func printable(s string) string {
	const most = 256
	if len(s) > most {
		cut := most
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		return printable(s[:cut]) + "… (" + strconv.Itoa(len(s)) + " bytes)"
	}
	if !isPrintable(s) {
		return strconv.Quote(s)
	}
	return s
}

// oneLine escapes the bytes of s that cannot be printed in one line of text. They
// reach the text of a cause from paths, from the caller's codec and from SQLite,
// which may report several faults.
func oneLine(s string) string {
	if isPrintable(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], string(utf8.RuneError)):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}

func isPrintable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}
