package store

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// printable quotes s if it cannot stand in one line of text, and shortens what
// nobody would read to the end.
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

// oneLine escapes what cannot stand in one line of text. Causes have it from
// paths, from the caller's codec, or from SQLite's report of several faults.
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
