package tabular

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"deskwatch/core"
)

// ParseAmount reads money as people write it: 1234.5, 1,234.56, 1.234,56, 1 234,56, $74.69,
// 12,00 €, (12.00), -3, 3-. The last of two different marks is the decimal one; a mark
// that repeats groups thousands. A single comma before exactly three digits groups
// (1,234 is one thousand …), a single point is always decimal. More than three decimals
// are rounded, half away from zero. ok is false for anything else.
func ParseAmount(cell string) (amount core.Amount, ok bool) {
	s := strings.TrimSpace(cell)
	if len(s) == 0 || len(s) > 64 {
		return 0, false
	}
	if a, ok := plainAmount(s); ok {
		return a, true
	}
	negative := false
	if s[0] == '(' && s[len(s)-1] == ')' {
		negative = true
		s = s[1 : len(s)-1]
	}
	s, minus := trimCurrency(s)
	if minus && negative {
		return 0, false
	}
	negative = negative || minus
	if s == "" || !isDigit(s[0]) && s[0] != '.' && s[0] != ',' {
		return 0, false
	}
	whole, fraction, ok := splitNumber(s)
	if !ok {
		return scientific(s, negative)
	}
	return assemble(whole, fraction, negative)
}

// plainAmount is the quick way for what most files hold: digits with at most one point.
func plainAmount(s string) (core.Amount, bool) {
	i := 0
	if s[0] == '-' {
		i = 1
	}
	var v int64
	point, digits := -1, 0
	for j := i; j < len(s); j++ {
		switch c := s[j]; {
		case isDigit(c):
			v = v*10 + int64(c-'0')
			digits++
		case c == '.' && point < 0:
			point = j
		default:
			return 0, false
		}
	}
	decimals := 0
	if point >= 0 {
		decimals = len(s) - point - 1
	}
	if digits == 0 || digits > 15 || decimals > 3 {
		return 0, false
	}
	for ; decimals < 3; decimals++ {
		v *= 10
	}
	if i == 1 {
		v = -v
	}
	return core.Amount(v), true
}

// trimCurrency drops signs, currency symbols and up to four letters of a currency's code
// ("USD", "Rs.") from both ends.
func trimCurrency(s string) (rest string, negative bool) {
	signs := 0
	sign := func(c byte) {
		signs++
		negative = negative || c == '-'
	}
	for letters := 0; s != ""; {
		c := s[0]
		n := symbolLength(s)
		switch {
		case c == ' ':
			s = s[1:]
		case (c == '-' || c == '+') && signs == 0:
			sign(c)
			s = s[1:]
		case n > 0:
			s = s[n:]
		case isLetter(c) && letters < 4:
			letters++
			s = s[1:]
			if letters > 1 && strings.HasPrefix(s, ".") && len(s) > 1 && !isDigit(s[1]) {
				s = s[1:]
			}
		default:
			goto right
		}
	}
right:
	for letters := 0; s != ""; {
		c := s[len(s)-1]
		n := symbolLengthEnd(s)
		switch {
		case c == ' ':
			s = s[:len(s)-1]
		case (c == '-' || c == '+') && signs == 0:
			sign(c)
			s = s[:len(s)-1]
		case n > 0:
			s = s[:len(s)-n]
		case isLetter(c) && letters < 4:
			letters++
			s = s[:len(s)-1]
		default:
			return s, negative
		}
	}
	return s, negative
}

// symbols are the currency signs and blanks beyond ASCII that stand beside numbers.
var symbols = [...]string{"$", "€", "£", "¥", "₹", "₽", "₩", "₺", "₪", "¢", "₫", "₴", "\u00a0", "\u202f", "\u2009"}

func symbolLength(s string) int {
	if s[0] == '$' {
		return 1
	}
	if s[0] < utf8.RuneSelf {
		return 0
	}
	for _, y := range symbols {
		if strings.HasPrefix(s, y) {
			return len(y)
		}
	}
	return 0
}

func symbolLengthEnd(s string) int {
	if isDigit(s[len(s)-1]) {
		return 0
	}
	for _, y := range symbols {
		if strings.HasSuffix(s, y) {
			return len(y)
		}
	}
	return 0
}

// splitNumber separates the digits before and after the decimal mark; grouping is checked.
func splitNumber(s string) (whole, fraction string, ok bool) {
	if !isASCII(s) {
		s = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ", "’", "'").Replace(s)
	}
	decimal := decimalMark(s)
	whole = s
	if decimal >= 0 {
		whole, fraction = s[:decimal], s[decimal+1:]
	}
	for i := 0; i < len(fraction); i++ {
		if !isDigit(fraction[i]) {
			return "", "", false
		}
	}
	var digits strings.Builder
	var group byte
	since := -1
	for i := 0; i < len(whole); i++ {
		c := whole[i]
		switch {
		case isDigit(c):
			digits.WriteByte(c)
			if since >= 0 {
				since++
			}
		case c == ',' || c == '.' || c == ' ' || c == '\'':
			// Indian files group by two digits above the thousands.
			if i == 0 || group != 0 && c != group || since >= 0 && since != 2 && since != 3 {
				return "", "", false
			}
			group, since = c, 0
		default:
			return "", "", false
		}
	}
	if since >= 0 && since != 3 {
		return "", "", false
	}
	return digits.String(), fraction, digits.Len() > 0 || fraction != ""
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// decimalMark is the index of the decimal mark, -1 without one.
func decimalMark(s string) int {
	point, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
	switch {
	case point >= 0 && comma >= 0:
		return max(point, comma)
	case point >= 0:
		if strings.Count(s, ".") > 1 {
			return -1
		}
		return point
	case comma >= 0:
		grouped := len(s)-comma == 4 && comma >= 1 && comma <= 3 && s[0] != '0'
		if strings.Count(s, ",") > 1 || grouped {
			return -1
		}
		return comma
	}
	return -1
}

func assemble(whole, fraction string, negative bool) (core.Amount, bool) {
	whole = strings.TrimLeft(whole, "0")
	if len(whole) > 15 {
		return 0, false
	}
	var v int64
	for i := 0; i < len(whole); i++ {
		v = v*10 + int64(whole[i]-'0')
	}
	for i := 0; i < 3; i++ {
		v *= 10
		if i < len(fraction) {
			v += int64(fraction[i] - '0')
		}
	}
	if len(fraction) > 3 && fraction[3] >= '5' {
		v++
	}
	if negative {
		v = -v
	}
	return core.Amount(v), true
}

// scientific reads what spreadsheets make of long numbers: 1.2E+05.
func scientific(s string, negative bool) (core.Amount, bool) {
	if i := strings.IndexAny(s, "eE"); i < 1 || strings.ContainsAny(s, "xXpP_") {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.Abs(f) >= 1e15 {
		return 0, false
	}
	if negative {
		f = -f
	}
	return core.Amount(math.Round(f * 1000)), true
}
