package tickets

import (
	"strconv"
	"strings"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// lineText is a line of a customer's timeline in the window's language. The desk's own text names
// the ticket or the order and leaves what happened to the kind.
func lineText(e core.TimelineEntry) string {
	what, detail, _ := strings.Cut(e.Text, ": ")
	switch e.Kind {
	case "ticket":
		return kit.T("Opened: %s", e.Text)
	case "closed":
		return kit.T("Closed: %s", e.Text)
	case "escalated":
		return kit.T("Escalated: %s", e.Text)
	case "reopened":
		return kit.T("Reopened: %s", e.Text)
	case "rated":
		if n, err := strconv.Atoi(firstWord(detail)); err == nil {
			return kit.T("Rated %s: %s", ratingText(n), what)
		}
	case "order":
		if s, err := core.ParseStatus(strings.TrimSpace(strings.TrimPrefix(e.Text, e.Order))); err == nil {
			return kit.T("Order %s: %s", e.Order, kit.OrderStatus(s))
		}
	case "breach":
		if n, err := strconv.Atoi(firstWord(detail)); err == nil {
			return what + ": " + kit.N("%s order at fault", "%s orders at fault", int64(n))
		}
	}
	return e.Text
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return word
}
