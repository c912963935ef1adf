package kit

import (
	"strings"

	"fyne.io/fyne/v2"
)

const ellipsis = "…"

// fitting is text, or as much of its beginning as fits into width with an ellipsis behind it. It
// measures as little as it can, because the cells of a grid ask for every row that comes into
// sight: what cannot fit anyhow is left out first, and the rest begins at what is likely.
func fitting(text string, width float32, size float32, style fyne.TextStyle) string {
	measure := func(s string) float32 { return fyne.MeasureText(s, size, style).Width }
	letters := []rune(text)
	whole := len(letters) // of those that may fit: no letter that is read is narrower than a fifth of its height
	if most := int(5*width/size) + 1; whole > most {
		whole = most
	} else if measure(text) <= width {
		return text
	}
	fits := func(n int) bool { return measure(string(letters[:n])+ellipsis) <= width }
	n := max(0, min(whole, int(float32(whole)*width/measure(string(letters[:whole])))))
	for n < whole && fits(n+1) {
		n++
	}
	for n > 0 && !fits(n) {
		n--
	}
	return strings.TrimRight(string(letters[:n]), " ") + ellipsis
}
