package kit

import (
	"fmt"

	"fyne.io/fyne/v2/lang"
)

// T is the text for people in the window's language. The key is the English sentence itself;
// with args both are fmt formats. Every literal key needs an entry in assets/translations/es.
func T(key string, args ...any) string {
	s := lang.X(key, key)
	if len(args) > 0 {
		s = fmt.Sprintf(s, args...)
	}
	return s
}

// N is T for a count: one for exactly 1, else many. Both are formats that take the count,
// written by Number, as %s: N("%s order", "%s orders", n).
func N(one, many string, n int64) string {
	if n == 1 {
		return T(one, Number(n))
	}
	return T(many, Number(n))
}
