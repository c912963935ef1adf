package kit

import (
	"fmt"

	"deskwatch/core"
)

// HealthReason words a part of a customer's health in the window's language. Some of the numbers
// stand in the desk's own text only.
func HealthReason(r core.NamedReason) string {
	switch r.Reason {
	case "open_tickets":
		var n, mean, worst int
		if _, err := fmt.Sscanf(r.Text, "open tickets: %d, with a satisfaction of %d on average and %d at worst", &n, &mean, &worst); err == nil {
			if n == 1 {
				return T("1 open ticket, with a satisfaction of %d", worst)
			}
			return T("open tickets: %d, with a satisfaction of %d on average and %d at worst", n, mean, worst)
		}
		return N("%s open ticket", "%s open tickets", int64(r.Count))
	case "good_ratings":
		var good, all int
		if _, err := fmt.Sscanf(r.Text, "good ratings: %d of %d", &good, &all); err == nil {
			return T("good ratings: %d of %d", good, all)
		}
	case "tough":
		return T("a history (%d of 100)", r.Count)
	}
	return ReasonText(r)
}

// ReasonText words a part of a score in the window's language.
func ReasonText(r core.NamedReason) string {
	n := int64(r.Count)
	switch r.Reason {
	case "bad_ratings":
		return N("%s bad rating", "%s bad ratings", n)
	case "escalations":
		return N("%s escalation", "%s escalations", n)
	case "breaches":
		return N("%s month with too many bad orders", "%s months with too many bad orders", n)
	case "reopenings":
		return N("%s reopened ticket", "%s reopened tickets", n)
	case "tempo":
		return T("many tickets in a short time")
	case "always":
		return T("any ticket may end badly")
	case "reply_overdue":
		return T("the first reply is overdue")
	case "reply_late":
		return T("the first reply came too late")
	case "reply_due":
		return T("the first reply is due soon")
	case "urgent":
		return T("it is urgent")
	case "high":
		return T("its priority is high")
	case "escalated":
		return T("it is escalated")
	case "unowned":
		return T("nobody owns it")
	case "tough":
		return T("a customer with a history (%d of 100)", r.Count)
	case "orders":
		return N("%s bad order this month", "%s bad orders this month", n)
	case "reopened":
		return N("reopened %s time", "reopened %s times", n)
	case "rated_badly":
		return T("the customer has rated it badly")
	case "silence":
		if n == 0 {
			return T("nothing happened for less than a day")
		}
		return N("nothing happened for %s day", "nothing happened for %s days", n)
	case "age":
		if n == 0 {
			return T("open for less than a day")
		}
		return N("open for %s day", "open for %s days", n)
	}
	return r.Text
}
