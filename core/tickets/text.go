package tickets

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold brings a name or a spelling to its normal form: lower-case letters and digits only,
// without accents, so that "On-Hold", "on hold" and "ONHOLD" are the same. A text without any
// letter or digit stays as it is.
func fold(s string) string {
	s = trim(s)
	b := make([]byte, 0, 48)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			return foldLetters(s)
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b = append(b, c)
		}
	}
	if len(b) == 0 {
		return s
	}
	return string(b)
}

// foldLetters is fold for more than ASCII. Only the combining accents go: the vowel signs of
// other scripts are letters to their readers.
func foldLetters(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) && (r < 0x300 || r > 0x36F) {
			b.WriteRune(r)
		}
	}
	if b.Len() == 0 {
		return s
	}
	return b.String()
}

// trim cuts blanks from both ends, also those that do not break or cannot be seen.
func trim(s string) string {
	if s == "" || s[0] > ' ' && s[0] < 0x7F && s[len(s)-1] > ' ' && s[len(s)-1] < 0x7F {
		return s
	}
	return strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || r == '\u200B' || r == '\uFEFF' || r == '\u2060'
	})
}

// given is a trimmed value, and "" for the words sources write where they know nothing.
func given(s string) string {
	s = trim(s)
	if s == "" || len(s) > len("-none-") || s[0] != '?' && s[0] != '-' && s[0] != 'n' && s[0] != 'N' {
		return s // the quick way for nearly every cell
	}
	switch strings.ToLower(s) {
	case "?", "-", "--", "null", "none", "-none-", "n/a", "nil", "nan":
		return ""
	}
	return s
}

// clean returns s as readable text of at most limit bytes. Of the control characters only line
// breaks and tabs stay, and only where lines are wanted; what turns the reading direction goes.
func clean(s string, limit int, lines bool) string {
	if s = trim(s); len(s) <= limit && printable(s) {
		return s
	}
	if len(s) > limit {
		s = s[:limit]
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case lines && (r == '\n' || r == '\t'):
			return r
		case lines && r == '\r':
			return -1
		case r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069':
			return -1
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return trim(s)
}

// printable is the quick answer for nearly every value.
func printable(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// Given is a cell without blanks around it, and "" where it only says that nothing is known.
func Given(cell string) string { return given(cell) }
