package main

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"
)

// columns is the greatest width of a name or a value in a table.
const columns = 60

// shown returns s for a line of output: quoted if it could be mistaken for something
// else, and cut, with its full length in bytes, if it is too long.
func shown(s string) string {
	head := s
	if len(s) > columns*utf8.UTFMax {
		end := columns * utf8.UTFMax
		for end > 0 && !utf8.RuneStart(s[end]) {
			end--
		}
		head = s[:end]
	}
	q := quoted(head)
	if len(head) == len(s) && text.StringWidthWithoutEscSequences(q) <= columns {
		return q
	}
	return fmt.Sprintf("%s… (%d bytes)", text.Trim(q, columns), len(s))
}

// quoted quotes s as Go does if its bytes would not be clear otherwise.
func quoted(s string) string {
	plain := s != "" && utf8.ValidString(s) && s[0] != '"' && strings.TrimSpace(s) == s &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
	if plain {
		return s
	}
	return strconv.Quote(s)
}
