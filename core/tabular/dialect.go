package tabular

import (
	"fmt"
	"strings"

	"deskwatch/core"
)

// escapeStyle is how a quote character is written inside a quoted cell.
type escapeStyle uint8

const (
	escapeDoubled   escapeStyle = iota // "5"" pipe"
	escapeBackslash                    // "5\" pipe"
	escapeNone                         // "5" pipe": a quote closes only before a delimiter or the end of the line
)

// dialect is how the records of a file are written.
type dialect struct {
	delimiter byte
	padded    bool // one blank after a delimiter belongs to the delimiter: "a, b"
	quote     byte
	escape    escapeStyle
	// pairs collapses "" to " inside cells quoted by '. Tools that change the quote
	// character of a file often leave the doubled quotes of the old one behind.
	pairs   bool
	newline byte // '\n' (also for CRLF) or '\r'
}

// delimiterNames are the words for delimiters that cannot be seen.
var delimiterNames = []struct {
	char byte
	name string
}{{'\t', "tab"}, {' ', "space"}}

// delimiterName is how a delimiter is shown and how TableHints takes it.
func delimiterName(c byte) string {
	for _, d := range delimiterNames {
		if d.char == c {
			return d.name
		}
	}
	return string(rune(c))
}

// parseDelimiter reads a hint; ok is false for the empty hint.
func parseDelimiter(hint string) (c byte, ok bool, err error) {
	if hint == "" {
		return 0, false, nil
	}
	for _, d := range delimiterNames {
		if strings.EqualFold(hint, d.name) {
			return d.char, true, nil
		}
	}
	if hint == `\t` {
		return '\t', true, nil
	}
	if len(hint) == 1 && hint[0] < 0x80 && !strings.ContainsAny(hint, "\"'\r\n\\\x00") &&
		!isLetter(hint[0]) && !isDigit(hint[0]) {
		return hint[0], true, nil
	}
	return 0, false, core.NewError(core.CodeInvalid, "tabular.delimiter",
		fmt.Sprintf("%q cannot separate columns. Give one character such as , ; or |, or the word tab.", hint), nil)
}

func isDigit(c byte) bool  { return c-'0' < 10 }
func isLetter(c byte) bool { return (c|0x20)-'a' < 26 }
