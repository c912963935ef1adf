package kit

import (
	"math"
	"strconv"
	"time"

	"deskwatch/core"
)

// SatisfactionReason words a reason of a predicted satisfaction in the window's language. A model
// and the rules use some keys alike and mean another count by them: hours where the rules count
// days.
func SatisfactionReason(by core.PredictionBasis, r core.NamedReason) string {
	if by != core.BasisModel {
		return ReasonText(r)
	}
	good, n := r.Points > 0, int64(r.Count)
	switch r.Reason {
	case "reply_wait":
		return replyWait(r)
	case "owner", "team", "customer", "category", "product", "channel":
		return endsOf(r, good)
	case "priority":
		if r.Subject != "" {
			return T("the priority %s", r.Subject)
		}
		return T("the priority")
	case "status":
		return T("the status %s", r.Subject)
	case "words":
		return wordsOf(r, good)
	case "tone":
		return T("the tone of the text")
	case "size":
		return T("the length of the text (%s characters)", Number(n))
	case "reassigned":
		if n == 0 {
			return T("never given to another owner")
		}
		return N("given to another owner %s time", "given to another owner %s times", n)
	case "reopened":
		if n == 0 {
			return T("never reopened")
		}
		return N("reopened %s time", "reopened %s times", n)
	case "silence":
		return T("nothing happened for %s", Span(time.Duration(n)*time.Hour))
	case "age":
		return T("open for %s", Span(time.Duration(n)*time.Hour))
	case "changes":
		return N("%s change so far", "%s changes so far", n)
	case "load":
		if r.Ratio >= 1 {
			return T("many tickets lately (%s× the usual)", ratio(r.Ratio))
		}
		return T("few tickets lately (%s× the usual)", ratio(r.Ratio))
	case "orders":
		return N("%s bad order this month", "%s bad orders this month", n)
	case "hour":
		return T("the time it came")
	case "column":
		return r.Subject
	case "pair":
		return T("both together: %s", r.Subject)
	}
	return r.Text
}

// replyWait is how long the first reply took, or takes by now, compared with the usual.
func replyWait(r core.NamedReason) string {
	switch {
	case r.Ratio <= 0:
		return T("the wait for the first reply")
	case r.Subject == "":
		return T("the wait for the first reply: %s× the usual", ratio(r.Ratio))
	}
	return T("the wait for the first reply: %s× what is usual for %s", ratio(r.Ratio), r.Subject)
}

// endsOf says how the tickets of somebody or something ended before.
func endsOf(r core.NamedReason, good bool) string {
	switch {
	case r.Subject == "" && r.Reason == "owner":
		return T("nobody owns it")
	case r.Reason == "customer" && good:
		return T("this customer's tickets end well more often")
	case r.Reason == "customer":
		return T("this customer's tickets end badly more often")
	case r.Subject == "" && good:
		return T("tickets like it end well more often")
	case r.Subject == "":
		return T("tickets like it end badly more often")
	case good:
		return T("%s: tickets end well more often", r.Subject)
	}
	return T("%s: tickets end badly more often", r.Subject)
}

func wordsOf(r core.NamedReason, good bool) string {
	switch {
	case r.Subject != "":
		return T("the words “%s”", r.Subject)
	case good:
		return T("its words: such tickets end well more often")
	}
	return T("its words: such tickets end badly more often")
}

// ratio writes how many times the usual something is: "3.1", "0.4", "12".
func ratio(r float64) string {
	if r >= 10 {
		return strconv.Itoa(int(math.Round(r)))
	}
	return strconv.FormatFloat(r, 'f', 1, 64)
}
