package orders

import (
	"fmt"
	"strings"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// ruleSentence says in plain words what a rule does.
func ruleSentence(r core.Rule) string {
	parts := []string{kit.T("Mails %s when a customer has %d or more %s orders", recipientsText(r), r.Threshold, statusesText(r.Statuses)) +
		" " + windowText(r.Days)}
	if r.Step > 0 {
		parts = append(parts, kit.T("again when the count grows by %d", r.Step))
	} else {
		parts = append(parts, kit.T("once for each month"))
	}
	parts = append(parts, kit.N("at most %s alert a run", "at most %s alerts a run", int64(r.Cap)))
	parts = append(parts, whenText(r))
	s := strings.Join(parts, "; ") + "."
	if !r.Enabled {
		return kit.T("Switched off. When it is on:") + " " + s
	}
	return s
}

// windowText is how long a rule counts, behind "3 or more orders".
func windowText(days int) string {
	switch {
	case days == 0:
		return kit.T("in one calendar month")
	case days < 0:
		return kit.T("within any … days")
	}
	return kit.T("within any %d days", days)
}

// windowName is the same in a list.
func windowName(days int) string {
	if days == 0 {
		return kit.T("month")
	}
	return kit.N("%s day", "%s days", int64(days))
}

func recipientsText(r core.Rule) string {
	var who []string
	if r.ToCustomer {
		who = append(who, kit.T("the customer"))
	}
	who = append(who, r.ToFixed...)
	if len(who) == 0 {
		return kit.T("nobody")
	}
	return joinWords(who, kit.T("and"))
}

func statusesText(set core.StatusSet) string {
	names := statusNames(set)
	if len(names) == 0 {
		return "…"
	}
	return joinWords(names, kit.T("or"))
}

func statusNames(set core.StatusSet) []string {
	var names []string
	for _, st := range set.List() {
		names = append(names, kit.OrderStatus(st))
	}
	return names
}

func whenText(r core.Rule) string {
	when := scheduleText(r.Schedule)
	switch {
	case r.Schedule.Kind == core.ScheduleOff && r.OnImport:
		return kit.T("checked after every import")
	case r.Schedule.Kind == core.ScheduleOff:
		return kit.T("checked only when you ask")
	case r.OnImport:
		return kit.T("checked %s and after every import", when)
	}
	return kit.T("checked %s", when)
}

// scheduleText says when a schedule runs: "monthly on day 1 at 08:00".
func scheduleText(s core.Schedule) string {
	clock := fmt.Sprintf("%02d:%02d", s.Hour, s.Minute)
	switch s.Kind {
	case core.ScheduleMinutes:
		return kit.N("every minute", "every %s minutes", int64(s.Minutes))
	case core.ScheduleHourly:
		return kit.T("hourly at minute %d", s.Minute)
	case core.ScheduleDaily:
		return kit.T("daily at %s", clock)
	case core.ScheduleMonthly:
		return kit.T("monthly on day %d at %s", s.Day, clock)
	}
	return kit.T("only when you ask")
}

// joinWords writes "a", "a and b", "a, b and c".
func joinWords(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + " " + last + " " + words[n]
}
