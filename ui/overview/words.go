package overview

import (
	"slices"
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// dueText says how the first-reply clock stands, in few letters.
func dueText(v core.TicketView, now time.Time) (string, kit.Tone) {
	left := v.Due.Sub(now)
	switch {
	case v.Clock == core.ClockRed && left > -time.Minute, v.Clock != core.ClockRed && left < time.Minute:
		return kit.T("due now"), kit.ToneBad
	case v.Clock == core.ClockRed:
		return kit.T("late %s", kit.Span(left)), kit.ToneBad
	case v.Clock == core.ClockAmber:
		return kit.T("in %s", kit.Span(left)), kit.ToneWarn
	}
	return kit.T("in %s", kit.Span(left)), kit.ToneMuted
}

// nameOf is what a ticket's customer is called.
func nameOf(v core.TicketView) string {
	for _, s := range []string{v.Customer, v.Email, v.CustomerID} {
		if s != "" {
			return s
		}
	}
	return ""
}

// reasonsText lists what moves a ticket's satisfaction: "−18: the first reply is overdue · +4: …".
func reasonsText(by core.PredictionBasis, v core.AtRisk) string {
	parts := make([]string, len(v.Reasons))
	for i, r := range v.Reasons {
		parts[i] = kit.Signed(r.Points) + ": " + kit.SatisfactionReason(by, v.TicketView, r)
	}
	return strings.Join(parts, " · ")
}

// noRiskText says why no ticket is on the day's list.
func noRiskText(list core.RiskList, open int) string {
	if open == 0 {
		return kit.T("No ticket is open.")
	}
	if list.Basis == core.BasisModel {
		return kit.T("No open ticket is at risk: none has a satisfaction of %d or less, which is half as much risk again as usual on this desk.", 100-list.Bar)
	}
	return kit.T("No open ticket is at risk: none has a satisfaction of %d or less, the limit in the settings.", 100-list.Bar)
}

// eventText says what happened to a ticket.
func eventText(e core.TicketEvent) string {
	switch e.Kind {
	case core.TicketCreated:
		return kit.T("new")
	case core.TicketStatusEvent:
		return kit.T("now %s", e.To)
	case core.TicketPriority:
		return kit.T("priority now %s", e.To)
	case core.TicketOwner:
		if e.To == "" {
			return kit.T("owner taken away")
		}
		return kit.T("now with %s", e.To)
	case core.TicketEscalated:
		return kit.T("escalated")
	case core.TicketReopened:
		return kit.T("reopened")
	case core.TicketReplied:
		return kit.T("answered")
	case core.TicketClosedEvent:
		return kit.T("closed")
	case core.TicketRated:
		return kit.T("rated %s of 5", e.To)
	case core.TicketGone:
		return kit.T("gone from its source")
	case core.TicketReturned:
		return kit.T("there again")
	}
	return string(e.Kind)
}

func eventTone(e core.TicketEvent) kit.Tone {
	switch e.Kind {
	case core.TicketEscalated, core.TicketReopened:
		return kit.ToneWarn
	case core.TicketRated:
		if e.To == "1" || e.To == "2" {
			return kit.ToneBad
		}
	}
	return kit.ToneNormal
}

// countsText sums up what happened: "7 new · 3 closed · 1 escalated".
func countsText(counts map[string]int) string {
	n := func(k core.TicketEventKind) int64 { return int64(counts[string(k)]) }
	var parts []string
	for _, p := range []struct {
		kind core.TicketEventKind
		text func(int64) string
	}{
		{core.TicketCreated, func(n int64) string { return kit.N("%s new ticket", "%s new tickets", n) }},
		{core.TicketEscalated, func(n int64) string { return kit.N("%s was escalated", "%s were escalated", n) }},
		{core.TicketReopened, func(n int64) string { return kit.N("%s was reopened", "%s were reopened", n) }},
		{core.TicketReplied, func(n int64) string { return kit.N("%s was answered", "%s were answered", n) }},
		{core.TicketClosedEvent, func(n int64) string { return kit.N("%s was closed", "%s were closed", n) }},
		{core.TicketRated, func(n int64) string { return kit.N("%s was rated", "%s were rated", n) }},
	} {
		if c := n(p.kind); c > 0 {
			parts = append(parts, p.text(c))
		}
	}
	return strings.Join(parts, " · ")
}

// troubles are what does not work, the worst first.
type trouble struct {
	text   string
	action string
	source string // to ask again; "" leads to tab
	tab    string
	place  string          // in tab; "" where it opens by itself
	needs  core.Permission // of whoever can do something about it
}

func troubles(o core.Overview) (list []trouble) {
	for _, s := range o.Sources {
		if s.Enabled && s.State.LastError != "" {
			list = append(list, trouble{text: s.Name + ": " + s.State.LastError, action: kit.T("Try again"), source: s.Name, needs: core.EditSources})
		}
	}
	if o.OrdersError != "" {
		list = append(list, trouble{text: kit.T("Orders: %s", o.OrdersError), action: kit.T("Settings"), tab: kit.TabSettings, needs: core.ReadSettings})
	}
	if o.MailTrouble > 0 {
		list = append(list, trouble{text: kit.N("%s mail was not delivered.", "%s mails were not delivered.", o.MailTrouble), action: kit.T("Mails"), tab: kit.TabOrders, place: kit.PlaceMails, needs: core.WorkMail})
	}
	return slices.Clip(list)
}

// monthName is "May", with the year in January: "Jan 2024".
func monthName(m core.Month) string {
	y, month := m.YearMonth()
	name := kit.MonthName(time.Month(month))
	if month == 1 {
		return name + " " + time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006")
	}
	return name
}

// dayName is "12 Jun".
func dayName(d core.Day, now time.Time) string {
	t := d.Time()
	return kit.ShortDay(time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, now.Location()), now)
}
