package orders

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold brings a spelling to its normal form: lower-case letters and digits only, without
// accents, so that "Cancelled ", "CANCELLED" and "cáncelled" are the same word. A
// text without any letter or digit keeps its signs, so that "?" and "-" stay apart.
func fold(s string) string {
	s = trim(s)
	if folded := foldASCII(s); folded != "" {
		return folded
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(norm.NFKD.String(s))) {
		// Only the combining accents go; the vowel signs of other scripts are letters to their readers.
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) && (r < 0x300 || r > 0x36F) {
			b.WriteRune(r)
		}
	}
	if b.Len() == 0 {
		return s
	}
	return norm.NFD.String(b.String()) // marks that came to stand together get their order
}

// foldASCII is fold for plain ASCII; "" means that the long way is needed.
func foldASCII(s string) string {
	b := make([]byte, 0, 64)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			return ""
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b = append(b, c)
		}
	}
	return string(b)
}

// trim cuts blanks from both ends: those of Unicode, the no-break ones included, and the
// invisible ones (zero width space, byte order mark) that make two equal-looking ids differ.
func trim(s string) string {
	if s == "" {
		return s
	}
	if first, last := s[0], s[len(s)-1]; first > ' ' && first < 0x7F && last > ' ' && last < 0x7F {
		return s
	}
	return strings.TrimFunc(s, isBlank)
}

func isBlank(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200B' || r == '\uFEFF' || r == '\u2060'
}

// isPrintableASCII is the quick answer for nearly every cell.
func isPrintableASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// breaksLine reports characters that could forge a line of a log or a mail header, or turn
// the reading direction of what follows.
func breaksLine(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' ||
		r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}

// plain returns s as one line of valid text of at most limit bytes.
func plain(s string, limit int) string {
	if len(s) <= limit && isPrintableASCII(s) {
		return s
	}
	if len(s) > limit {
		s = s[:limit]
	}
	s = strings.Map(func(r rune) rune {
		if breaksLine(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return trim(s)
}

// maxID is how many bytes an order id, a line id or a customer value may have.
const maxID = 512

// identityFault says why s cannot name an order or a customer; "" when it can.
func identityFault(s string) string {
	if len(s) > maxID {
		return "is longer than 512 bytes"
	}
	if isPrintableASCII(s) {
		if isRoundedNumber(s) {
			return "was rounded by a spreadsheet"
		}
		return ""
	}
	if !utf8.ValidString(s) {
		return "is not readable text"
	}
	if strings.ContainsFunc(s, breaksLine) {
		return "has a line break or a control character"
	}
	return ""
}

// isRoundedNumber recognises 4.05808E+12, what spreadsheets make of a long number. Many
// different ids become the same one that way, so such a row must not pass for an order.
func isRoundedNumber(s string) bool {
	if s == "" || s[0] < '0' || s[0] > '9' {
		return false
	}
	mantissa, exponent, ok := strings.Cut(s, "E+")
	if !ok || !digits(exponent) {
		return false
	}
	if len(mantissa) == 1 {
		return true
	}
	return (mantissa[1] == '.' || mantissa[1] == ',') && digits(mantissa[2:])
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
