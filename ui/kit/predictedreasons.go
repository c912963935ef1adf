package kit

import (
	"math"
	"strconv"
	"strings"

	"deskwatch/core"
)

// SatisfactionReason words a reason of a ticket's predicted satisfaction in the window's language.
// A model knows the customer by its key, people by its name.
func SatisfactionReason(by core.PredictionBasis, v core.TicketView, r core.NamedReason) string {
	if by != core.BasisModel {
		return ReasonText(r)
	}
	if v.Customer != "" && v.CustomerKey.ID != "" {
		r.Subject = strings.ReplaceAll(r.Subject, v.CustomerKey.String(), v.Customer)
	}
	n := int64(r.Count)
	switch r.Reason {
	case "reply_wait":
		return replyWait(r)
	case "owner", "team", "customer", "category", "product", "channel", "priority", "status", "words", "pair":
		return endedBadly(r)
	case "tone":
		return toneOfText(r)
	case "size":
		return N("its text has %s character", "its text has %s characters", n)
	case "reassigned":
		if n == 0 {
			return T("it was never given to another")
		}
		return N("it was given to another %s time", "it was given to another %s times", n)
	case "reopened":
		if n == 0 {
			return T("it was never reopened")
		}
		return N("reopened %s time", "reopened %s times", n)
	case "changes":
		return N("%s change so far", "%s changes so far", n)
	case "load":
		if r.Subject == "" {
			return T("the desk got %s× the usual number of tickets lately", ratio(r.Ratio))
		}
		return T("%s got %s× the usual number of tickets lately", r.Subject, ratio(r.Ratio))
	case "column":
		return r.Subject
	}
	return ReasonText(r)
}

// replyWait is how long the first reply took, or takes by now, compared with the usual. Whose
// usual stands in the desk's own text only.
func replyWait(r core.NamedReason) string {
	usual := T("the usual wait")
	switch {
	case strings.HasSuffix(r.Text, "this customer's usual wait"):
		usual = T("this customer's usual wait")
	case strings.HasSuffix(r.Text, "the usual wait for this topic"):
		usual = T("the usual wait for this topic")
	case strings.HasSuffix(r.Text, "this owner's usual wait"):
		usual = T("this owner's usual wait")
	}
	waits := strings.HasPrefix(r.Text, "no reply")
	switch {
	case waits && r.Ratio >= 0.3:
		return T("no reply for %s× %s", ratio(r.Ratio), usual)
	case waits:
		return T("no reply yet")
	case r.Ratio > 0:
		return T("first reply took %s× %s", ratio(r.Ratio), usual)
	}
	return T("the wait for the first reply")
}

// endedBadly says how the tickets of somebody or something ended before.
func endedBadly(r core.NamedReason) string {
	switch {
	case r.Reason == "owner" && r.Subject == "":
		return T("nobody owns it")
	case r.Reason == "team" && r.Subject == "":
		return T("no team has it")
	case r.Reason == "customer" && r.Subject == "":
		return T("its customer is not known")
	case r.Reason == "priority" && r.Count > 0:
		return N("its priority changed %s time", "its priority changed %s times", int64(r.Count))
	}
	more := r.Points < 0
	choose := func(often, rarely string) string {
		if more {
			return often
		}
		return rarely
	}
	switch s := r.Subject; {
	case r.Reason == "words":
		return choose(T("tickets with such words ended badly more often than others"), T("tickets with such words ended badly more rarely than others"))
	case r.Reason == "customer":
		return choose(T("this customer's tickets ended badly more often than others"), T("this customer's tickets ended badly more rarely than others"))
	case s == "":
		return choose(T("tickets like it ended badly more often than others"), T("tickets like it ended badly more rarely than others"))
	case r.Reason == "owner":
		return choose(T("tickets of %s ended badly more often than others", s), T("tickets of %s ended badly more rarely than others", s))
	case r.Reason == "team":
		return choose(T("tickets of team %s ended badly more often than others", s), T("tickets of team %s ended badly more rarely than others", s))
	case r.Reason == "channel":
		return choose(T("tickets by %s ended badly more often than others", s), T("tickets by %s ended badly more rarely than others", s))
	case r.Reason == "priority":
		return choose(T("tickets of priority %s ended badly more often than others", s), T("tickets of priority %s ended badly more rarely than others", s))
	case r.Reason == "status":
		return choose(T("tickets in status %s ended badly more often than others", s), T("tickets in status %s ended badly more rarely than others", s))
	case r.Reason == "pair":
		return choose(T("%s: together they had more bad ends than each alone", s), T("%s: together they had fewer bad ends than each alone", s))
	default:
		return choose(T("tickets about %s ended badly more often than others", s), T("tickets about %s ended badly more rarely than others", s))
	}
}

// toneOfText is how a text sounds, which stands in the desk's own text only.
func toneOfText(r core.NamedReason) string {
	switch {
	case strings.HasSuffix(r.Text, "angry"):
		return T("its text sounds angry")
	case strings.HasSuffix(r.Text, "friendly"):
		return T("its text sounds friendly")
	case strings.HasSuffix(r.Text, "neutral"):
		return T("its text sounds neutral")
	}
	return T("the tone of its text")
}

// ratio writes how many times the usual something is: "3", "0.4", "12".
func ratio(r float64) string {
	if tenths := math.Round(r * 10); r < 10 && math.Mod(tenths, 10) != 0 {
		return Decimal(r, 1)
	}
	return strconv.Itoa(int(math.Round(r)))
}
