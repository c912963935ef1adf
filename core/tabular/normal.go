package tabular

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// normal is the normal form of core.FieldSpec: lower case, letters and digits only, no accents.
func normal(s string) string { return strings.Join(words(s), "") }

// words splits a name where people see its words ("orderDate", "order_date", "Order date"),
// each in normal form.
func words(s string) []string {
	var list []string
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			list = append(list, word.String())
			word.Reset()
		}
	}
	before := rune(0)
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r), r == 'º', r == 'ª': // "Nº pedido" is "N. pedido"
			flush()
		default:
			if unicode.IsUpper(r) && unicode.IsLower(before) {
				flush()
			}
			word.WriteRune(unicode.ToLower(r))
		}
		before = r
	}
	flush()
	return list
}
