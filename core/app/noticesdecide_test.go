package app

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/notify"
	"deskwatch/core/tickets"
)

// marksTicket keeps a person's word on a ticket of the desk, as another process would.
func (d *desk) marksTicket(t *testing.T, id string, kind core.AttentionKind) {
	t.Helper()
	if err := d.marks.SaveAttention(t.Context(), []core.Attention{{Key: core.TicketKey{Source: "crm", ID: id}, Kind: kind, At: d.clock.Now(), Until: d.clock.Now().Add(24 * time.Hour)}}); err != nil {
		t.Fatal(err)
	}
}

func TestAnEscalationIsToldThoughItWasLikelyBefore(t *testing.T) {
	d := newsDesk(t)
	d.set(t, func(s *core.Settings) { s.Notify.NewTickets, s.Notify.RiskFrom = false, 3 })
	ticket := d.answered("1", "a")
	ticket.Owner = "eva"
	d.takes(t, ticket)
	d.clock.advance(remindEvery)
	d.wantNews(t, "Ticket at risk | 1 Help with 1 (Shop a): satisfaction 96 of 100")
	d.clock.advance(30 * time.Minute)
	ticket.Escalated, ticket.UpdatedAt = true, d.clock.Now().UTC().Truncate(time.Second)
	d.takes(t, ticket)
	d.wantNews(t, "Escalation | 1 Help with 1 (Shop a): escalated")
	d.clock.advance(time.Minute)
	d.wantNews(t) // once
}

func TestAnEscalationOfAnAcknowledgedTicketIsToldWhateverElseChanged(t *testing.T) {
	d := newsDesk(t)
	d.set(t, func(s *core.Settings) { s.Notify.NewTickets = false })
	ticket := d.answered("1", "a")
	d.takes(t, ticket)
	d.marksTicket(t, "1", core.Acknowledge)
	if err := d.applyMarks(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.wantNews(t)
	d.clock.advance(time.Minute)
	ticket.Status, ticket.Escalated, ticket.UpdatedAt = core.TicketHeld, true, d.clock.Now().UTC().Truncate(time.Second)
	d.takes(t, ticket)
	d.wantNews(t, "Escalation | 1 Help with 1 (Shop a): escalated")
}

// loads takes tickets as a source's silent first load.
func (d *desk) loads(t *testing.T, source string, list []core.Ticket) {
	t.Helper()
	taking, err := d.pool.Begin(t.Context(), tickets.TakeStart{Source: source, At: d.clock.Now()})
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		list[i].Source, list[i].Number = source, list[i].ID
	}
	if err := taking.Put(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	taken, err := taking.Commit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := d.ticketsTaken(t.Context(), taken.Events); err != nil {
		t.Fatal(err)
	}
}

func TestASilentLoadHidesNoReminder(t *testing.T) {
	d := newsDesk(t)
	d.set(t, func(s *core.Settings) { s.Notify.NewTickets = false })
	var old []core.Ticket
	for i := range 2500 { // overdue for days, and risky
		ticket := d.of(fmt.Sprint("old", i), "", 4)
		ticket.Customer, ticket.Escalated = "", true
		old = append(old, ticket)
	}
	d.loads(t, "export", old)
	late := d.of("1", "a", 0)
	late.Priority = core.PriorityUrgent
	d.takes(t, late)
	d.wantNews(t)
	d.clock.advance(50 * time.Minute)
	d.wantNews(t, "First reply due | 1 Help with 1 (Shop a): reply due 10:00")
	d.set(t, func(s *core.Settings) { s.Notify.RiskFrom = 30 })
	d.clock.advance(50 * time.Minute)
	d.index.Recompute()
	got := strings.Join(d.news(t), "\n")
	if !strings.HasPrefix(got, "Ticket at risk | 1 Help with 1") {
		t.Errorf("shown %q, want the risk of the ticket that is news", got)
	}
}

func TestEveryReasonOfAScoreIsToldInSpanish(t *testing.T) {
	now := time.Date(2024, 3, 4, 12, 0, 0, 0, time.UTC)
	long := 1000 * time.Hour
	var reasons []core.NamedReason
	for _, in := range []tickets.RiskInput{
		{Clock: core.ClockRed, Priority: core.PriorityUrgent, Escalated: true, Reopened: 2, Age: long, Silence: long, Tough: 80, BadOrders: 2, Unowned: true},
		{Clock: core.ClockAmber, Priority: core.PriorityHigh}, {Clock: core.ClockMissed},
	} {
		_, list := tickets.Risk(in, now)
		reasons = append(reasons, list...)
	}
	_, list := tickets.Tough(tickets.History{BadRatings: 2, Escalations: 2, Reopenings: 2, Tickets: 30, Breaches: 2, BadRatingsN: 2, EscalationsN: 2, ReopeningsN: 2, TicketsN: 30, BreachesN: 2}, now)
	reasons = append(reasons, list...)
	if len(reasons) < 15 {
		t.Fatalf("reasons %+v", reasons)
	}
	for _, r := range reasons {
		n := notify.News{Kind: core.NoticeAtRisk, Ticket: core.TicketView{Ticket: core.Ticket{Number: "1"}}, Risk: r}
		if strings.Contains(notify.WordsFor("es").Text(n, now, time.UTC), r.Text) {
			t.Errorf("%s is told in English: %q", r.Reason, r.Text)
		}
	}
}

func TestWhatWasOverdueInAReplayedLogIsNobodysNews(t *testing.T) {
	d := newsDesk(t)
	path := writeFile(t, "log.csv", "number,created,updated,status,priority,subject\nR1,2023-07-02 09:00,2023-07-02 09:00,New,High,Old\nR2,2023-06-30 12:00,2023-06-30 12:00,New,Urgent,Older\n")
	if res := importTickets(t, d.App, core.TicketImportRequest{Path: path, Source: "log", Replay: true, Mapping: core.TicketMapping{Zone: "UTC"}}); res.New != 2 {
		t.Fatalf("%+v", res)
	}
	if n := len(d.index.DueSince(d.clock.Now().Add(-oldNews), 10)); n == 0 {
		t.Fatal("nothing of the log is due")
	}
	for range 3 {
		d.wantNews(t)
		d.clock.advance(time.Minute)
	}
}

// countingPool counts how often the events of single tickets are asked for.
type countingPool struct {
	tickets.Pool
	asked int
}

func (p *countingPool) Events(ctx context.Context, q core.TicketEventQuery) ([]core.TicketEvent, error) {
	if q.No != 0 {
		p.asked++
	}
	return p.Pool.Events(ctx, q)
}

func TestRiskyTicketsOfASilentLoadAreAskedAboutOnce(t *testing.T) {
	d := newsDesk(t)
	d.set(t, func(s *core.Settings) { s.Notify.RiskFrom = 20 })
	var old []core.Ticket
	for i := range 50 { // overdue for days
		ticket := d.of(fmt.Sprint("old", i), "", 4)
		ticket.Customer = ""
		old = append(old, ticket)
	}
	d.loads(t, "export", old)
	pool := &countingPool{Pool: d.pool}
	d.pool = pool
	d.clock.advance(time.Minute)
	d.wantNews(t)
	before := pool.asked
	for range 3 {
		d.clock.advance(time.Minute)
		d.wantNews(t)
	}
	if before == 0 || pool.asked != before {
		t.Errorf("asked %d times, and %d times more after that", before, pool.asked-before)
	}
	// What happens to one of them later is news.
	again := old[7]
	again.Priority, again.UpdatedAt = core.PriorityUrgent, d.clock.Now().UTC().Truncate(time.Second)
	d.loads(t, "export", []core.Ticket{again})
	d.clock.advance(remindEvery)
	if got := d.news(t); len(got) != 1 || !strings.HasPrefix(got[0], "Ticket at risk | old7 ") {
		t.Errorf("shown %q", got)
	}
}

func TestAMailThatWaitedLeavesOutWhatSomebodyTookUpMeanwhile(t *testing.T) {
	d := newsDesk(t)
	d.person(t, core.Person{Name: "Eva", Mail: true, Email: "eva@desk.test"})
	d.takes(t, d.answered("1", "a"))
	d.news(t)
	d.clock.advance(10 * time.Second)
	d.takes(t, d.answered("2", "a"), d.answered("3", "a"))
	d.news(t)
	d.clock.advance(time.Minute)
	if err := d.MarkTickets(t.Context(), core.Acknowledge, []uint32{2}, "", time.Time{}); err != nil {
		t.Fatal(err)
	}
	d.clock.advance(time.Minute)
	d.news(t)
	mails := d.mails(t)
	if len(mails) != 2 || mails[0].Subject != "New ticket: 3 Help with 3 (Shop a): waiting since 09:00" {
		t.Errorf("mails %+v", mails)
	}
}
