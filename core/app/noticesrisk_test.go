package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

// riskDesk is a desk that tells of tickets at risk only, and its pass half a minute later.
func riskDesk(t *testing.T, capacity int) *desk {
	t.Helper()
	d := newsDesk(t)
	d.set(t, func(s *core.Settings) {
		s.Notify.NewTickets, s.Notify.ReplyDue, s.Notify.RiskFrom, s.Predict.Capacity = false, false, 15, capacity
	})
	return d
}

// later lets time go by and returns what the desk shows then.
func (d *desk) later(t *testing.T, by time.Duration) string {
	t.Helper()
	d.clock.advance(by)
	d.index.Recompute()
	return strings.Join(d.news(t), "\n")
}

// urgent is an answered ticket that is at risk where the bar is 15 %.
func (d *desk) urgent(id string) core.Ticket {
	ticket := d.answered(id, "a")
	ticket.Priority, ticket.Owner = core.PriorityUrgent, "somebody"
	return ticket
}

func TestATicketThatEntersTheListIsToldOfOnce(t *testing.T) {
	d := riskDesk(t, 5)
	d.takes(t, d.urgent("1"), d.answered("2", "a"))
	if got := d.later(t, remindEvery); got != "Ticket at risk | 1 Help with 1 (Shop a): satisfaction 80 of 100: urgent (-16)" {
		t.Fatalf("shown %q", got)
	}
	for range 3 {
		if got := d.later(t, 20*time.Hour); got != "" {
			t.Errorf("shown again: %q", got)
		}
	}
	// Another process goes on where this one stopped.
	next := &desk{App: d.open(t), clock: d.clock, dir: d.dir, keys: d.keys}
	next.decides(t)
	if err := next.needTickets(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := next.later(t, remindEvery); got != "" {
		t.Errorf("shown again after a restart: %q", got)
	}
	list, err := next.RiskList(t.Context())
	if err != nil || len(list.Items) != 1 || list.Bar != 15 || list.Items[0].Number != "1" || len(list.Items[0].Reasons) == 0 || list.Items[0].Reasons[0].Points >= 0 {
		t.Errorf("on the list: %+v, %v", list, err)
	}
}

func TestOfNoMoreTicketsThanTheCapacityPeopleAreToldInADay(t *testing.T) {
	d := riskDesk(t, 3)
	var four []core.Ticket
	for i := range 4 {
		four = append(four, d.urgent(fmt.Sprint(i+1)))
	}
	d.takes(t, four...)
	if got := d.later(t, remindEvery); strings.Count(got, "satisfaction") != 3 || !strings.HasPrefix(got, "3 tickets at risk | ") || strings.Contains(got, "4 Help") {
		t.Fatalf("shown %q", got)
	}
	// Two of them are done with; the fourth takes a place on the list, but the day has none left.
	for i := range 2 {
		four[i].Status, four[i].UpdatedAt = core.TicketClosed, d.clock.Now().UTC().Truncate(time.Second)
	}
	d.takes(t, four[:2]...)
	if got := d.later(t, time.Hour); got != "" {
		t.Errorf("shown %q beyond the capacity of the day", got)
	}
	if got := d.later(t, 20*time.Hour); !strings.Contains(got, "Ticket at risk | 4 Help") {
		t.Errorf("shown %q on the next day, want the ticket that had to wait", got)
	}
}

func TestASnoozedOrEscalatedTicketIsOffTheListAndAnAcknowledgedOneOnIt(t *testing.T) {
	d := riskDesk(t, 5)
	escalated := d.urgent("4")
	escalated.Escalated = true
	d.takes(t, d.urgent("1"), d.urgent("2"), d.urgent("3"), escalated)
	d.marksTicket(t, "2", core.Acknowledge)
	d.marksTicket(t, "3", core.Snooze)
	if err := d.applyMarks(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := d.RiskList(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var on []string
	for _, r := range list.Items {
		on = append(on, r.Number)
	}
	if strings.Join(on, " ") != "1 2" {
		t.Errorf("on the list: %v, want 1 and 2", on)
	}
	if got := d.later(t, remindEvery); strings.Contains(got, "2 Help") || strings.Contains(got, "3 Help") || strings.Contains(got, "4 Help with 4 (Shop a): satisfaction") || !strings.Contains(got, "1 Help with 1 (Shop a): satisfaction") {
		t.Errorf("shown %q", got)
	}
}

func TestAPersonHasOneMailADayAboutTicketsAtRisk(t *testing.T) {
	d := riskDesk(t, 5)
	d.person(t, core.Person{Name: "Lea", Role: core.RoleLead, Mail: true, Email: "lea@desk.test"})
	d.takes(t, d.urgent("1"))
	d.later(t, remindEvery)
	if mails := d.mails(t); len(mails) != 1 || mails[0].Subject != "Ticket at risk: 1 Help with 1 (Shop a): satisfaction 80 of 100: urgent (-16)" {
		t.Fatalf("mails %+v", mails)
	}
	for i := range 3 {
		d.takes(t, d.urgent(fmt.Sprint(i+2)))
		d.later(t, time.Hour)
	}
	if mails := d.mails(t); len(mails) != 1 {
		t.Errorf("%d mails on the first day, want one", len(mails))
	}
	d.later(t, 22*time.Hour)
	mails := d.mails(t)
	if len(mails) != 2 {
		t.Fatalf("%d mails on two days", len(mails))
	}
	var second core.Delivery
	for _, m := range mails {
		if m.Count == 4 {
			second = m
		}
	}
	if !strings.HasSuffix(second.Subject, "4 tickets at risk") {
		t.Errorf("the second mail is %q of %d tickets, want the whole list", second.Subject, second.Count)
	}
}

func TestANewTicketOfLowSatisfactionSaysSo(t *testing.T) {
	d := riskDesk(t, 5)
	d.set(t, func(s *core.Settings) { s.Notify.NewTickets = true })
	d.takes(t, d.urgent("1"))
	d.wantNews(t, "New ticket | 1 Help with 1 (Shop a): satisfaction 80 of 100: urgent (-16)")
}
