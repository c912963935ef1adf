package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/notify"
	"deskwatch/core/schedule"
)

// newsDesk is a desk that decides who hears of what, without any schedule of its own.
func newsDesk(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	d.decides(t)
	d.set(t, func(s *core.Settings) { s.Clock.Zone = "UTC" })
	if err := d.needTickets(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.news(t)
	return d
}

// decides makes this process the one that decides, as the watch lock would.
func (d *desk) decides(t *testing.T) {
	t.Helper()
	runner, err := schedule.New(schedule.Options{Memory: d.memory, Report: d.jobFailed})
	if err != nil {
		t.Fatal(err)
	}
	d.watch.mu.Lock()
	defer d.watch.mu.Unlock()
	d.watch.runner = runner
}

func (d *desk) set(t *testing.T, change func(*core.Settings)) {
	t.Helper()
	err := d.changeSettings(t.Context(), func(s core.Settings) (core.Settings, error) { change(&s); return s, nil })
	if err != nil {
		t.Fatal(err)
	}
}

func (d *desk) person(t *testing.T, p core.Person) core.Person {
	t.Helper()
	return d.user(t, core.User{Person: p, Active: true}, "").Person
}

// news has people told, and returns what the desk shows as "title | text".
func (d *desk) news(t *testing.T) []string {
	t.Helper()
	events, cancel := d.Subscribe(64)
	defer cancel()
	if err := d.noticeNews(t.Context()); err != nil {
		t.Fatal(err)
	}
	var shown []string
	for {
		select {
		case e := <-events:
			if n, ok := e.(core.TicketNotice); ok {
				shown = append(shown, n.Title+" | "+n.Text)
			}
		default:
			return shown
		}
	}
}

func (d *desk) wantNews(t *testing.T, want ...string) {
	t.Helper()
	if got := d.news(t); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("shown:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func (d *desk) mails(t *testing.T) []core.Delivery {
	t.Helper()
	list, err := d.Deliveries(t.Context(), core.DeliveryQuery{})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// answered is a ticket nobody has to answer, so that no clock runs.
func (d *desk) answered(id, customer string) core.Ticket {
	ticket := d.of(id, customer, 0)
	ticket.FirstReplyAt = ticket.CreatedAt
	return ticket
}

func TestANewTicketIsToldAtOnceAndABurstTogether(t *testing.T) {
	d := newsDesk(t)
	d.takes(t, d.answered("1", "a"))
	d.wantNews(t, "New ticket | 1 Help with 1 (Shop a): waiting since 09:00")
	d.wantNews(t) // once
	d.clock.advance(time.Second)
	for i := 2; i <= 6; i++ {
		d.takes(t, d.answered(fmt.Sprint(i), "a"))
		d.wantNews(t)
	}
	d.clock.advance(10 * time.Second)
	d.wantNews(t, "5 new tickets | 2 Help with 2 (Shop a): waiting since 09:00\n3 Help with 3 (Shop a): waiting since 09:00\n4 Help with 4 (Shop a): waiting since 09:00\nand 2 more")
	list, err := d.Notices(t.Context(), core.NoticeQuery{})
	if err != nil || len(list) != 6 || list[0].How != notify.HowBurst || list[5].How != notify.HowSingle || list[5].Told.IsZero() {
		t.Errorf("kept %+v, %v", list, err)
	}
}

func TestNobodyIsToldOfWhatWasThereBeforeNorOfASilentLoad(t *testing.T) {
	d := newDesk(t)
	old := d.of("1", "a", 1)
	old.Escalated = true
	d.takes(t, old)
	d.clock.advance(time.Hour)
	later := &desk{App: d.open(t), clock: d.clock, dir: d.dir, keys: d.keys}
	later.decides(t)
	if err := later.needTickets(t.Context()); err != nil {
		t.Fatal(err)
	}
	later.wantNews(t)
	// A first load with tickets long overdue and escalated.
	path := writeFile(t, "cases.csv", "number,created,status,priority,escalated,subject\nS1,2023-06-30 09:00,New,High,true,Old\nS2,2023-06-01 09:00,New,Urgent,false,Older\n")
	res := importTickets(t, later.App, core.TicketImportRequest{Path: path, Source: "export", Mapping: core.TicketMapping{Zone: "UTC"}})
	if !res.Baseline || res.New != 2 {
		t.Fatalf("%+v", res)
	}
	if _, err := later.index.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		later.clock.advance(time.Hour)
		later.wantNews(t)
	}
}

func TestADueReplyGoesToItsOwnerAndThenToTheLead(t *testing.T) {
	d := newsDesk(t)
	d.person(t, core.Person{Name: "Eva", OwnerNames: []string{"eva.k"}, Mail: true, Email: "eva@desk.test"})
	d.person(t, core.Person{Name: "Lea", Role: core.RoleLead})
	d.set(t, func(s *core.Settings) { s.Notify.Me, s.Notify.NewTickets = "Lea", false })
	ticket := d.of("1", "a", 0)
	ticket.Owner, ticket.Priority = "Eva.K", core.PriorityHigh // two hours to answer
	d.takes(t, ticket)
	d.clock.advance(time.Hour)
	d.wantNews(t)
	if n := len(d.mails(t)); n != 0 {
		t.Fatalf("%d mails before anything is due", n)
	}
	d.clock.advance(35 * time.Minute)
	d.wantNews(t)
	mails := d.mails(t)
	if len(mails) != 1 || mails[0].Recipient != "eva@desk.test" || mails[0].Subject != "First reply due: 1 Help with 1 (Shop a): reply due 11:00" ||
		mails[0].RuleID != 0 || mails[0].Period.String() != "2023-07" || mails[0].Customer != "1" || mails[0].Count != 1 {
		t.Fatalf("mails %+v", mails)
	}
	d.clock.advance(14 * time.Minute)
	d.wantNews(t)
	d.clock.advance(2 * time.Minute)
	d.wantNews(t, "First reply due | 1 Help with 1 (Shop a): reply due 11:00")
	d.clock.advance(time.Hour)
	d.wantNews(t) // not again before a day has passed
	if n := len(d.mails(t)); n != 1 {
		t.Errorf("%d mails, want one", n)
	}
	d.clock.advance(24 * time.Hour)
	d.wantNews(t, "First reply due | 1 Help with 1 (Shop a): reply overdue since Mon 11:00")
}

func TestAnAcknowledgedTicketIsNotRemindedOfAndAnEndedSnoozeIs(t *testing.T) {
	d := newsDesk(t)
	d.set(t, func(s *core.Settings) { s.Notify.NewTickets = false })
	one, two := d.of("1", "a", 0), d.of("2", "a", 0)
	one.Priority, two.Priority = core.PriorityUrgent, core.PriorityUrgent
	d.takes(t, one, two)
	now := d.clock.Now()
	for _, at := range []core.Attention{
		{Key: core.TicketKey{Source: "crm", ID: "1"}, Kind: core.Acknowledge, At: now},
		{Key: core.TicketKey{Source: "crm", ID: "2"}, Kind: core.Snooze, At: now, Until: now.Add(90 * time.Minute)},
	} {
		if err := d.marks.SaveAttention(t.Context(), []core.Attention{at}); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.applyMarks(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.clock.advance(80 * time.Minute) // both overdue
	d.wantNews(t)
	d.clock.advance(11 * time.Minute)
	// It is due as well by now, which presses more; the ticket is told of once.
	d.wantNews(t, "First reply due | 2 Help with 2 (Shop a): reply overdue since 10:00")
	d.clock.advance(time.Minute)
	d.wantNews(t)
	list, err := d.Notices(t.Context(), core.NoticeQuery{})
	if err != nil || len(list) != 2 || list[0].Kind != core.NoticeSnooze || list[1].Kind != core.NoticeReplyDue {
		t.Errorf("notices %+v, %v; want the due reply and one end of a snooze", list, err)
	}
}

func TestQuietHoursEndWithASummaryOfWhatIsStillNews(t *testing.T) {
	d := newsDesk(t)
	d.person(t, core.Person{Name: "Eva", Quiet: []core.QuietFrame{{Day: time.Monday, From: 8 * 60, To: 12 * 60}}})
	d.takes(t, d.answered("1", "a"), d.answered("2", "b"), d.answered("3", "c"))
	d.wantNews(t)
	closed := d.answered("2", "b")
	closed.Status, closed.UpdatedAt = core.TicketClosed, d.clock.Now().Add(time.Minute).UTC().Truncate(time.Second)
	d.clock.advance(time.Hour)
	d.takes(t, closed)
	d.wantNews(t)
	d.clock.advance(2 * time.Hour)
	d.wantNews(t, "Since 09:00: 2 new tickets | 1 Help with 1 (Shop a): waiting since 09:00\n3 Help with 3 (Shop c): waiting since 09:00")
	list, err := d.Notices(t.Context(), core.NoticeQuery{Ticket: 2})
	if err != nil || len(list) != 1 || list[0].How != notify.HowSettled {
		t.Errorf("the closed one: %+v, %v", list, err)
	}
}

func TestWhatWasDecidedBeforeACrashIsToldOnce(t *testing.T) {
	d := newsDesk(t)
	d.person(t, core.Person{Name: "Eva", Mail: true, Email: "eva@desk.test"})
	before, _, err := d.notices.LastNotified(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d.takes(t, d.answered("1", "a"))
	d.wantNews(t, "New ticket | 1 Help with 1 (Shop a): waiting since 09:00")
	if err := d.notices.SetLastNotified(t.Context(), before); err != nil { // as if it had not come so far
		t.Fatal(err)
	}
	d.clock.advance(time.Minute)
	next := &desk{App: d.open(t), clock: d.clock, dir: d.dir, keys: d.keys}
	next.decides(t)
	if err := next.needTickets(t.Context()); err != nil {
		t.Fatal(err)
	}
	next.wantNews(t)
	if mails := d.mails(t); len(mails) != 1 {
		t.Errorf("mails %+v, want one", mails)
	}
}

func TestWithoutAWindowNewsWaitsForOne(t *testing.T) {
	server := newsDesk(t)
	server.telling.desk = false
	server.takes(t, server.answered("1", "a"))
	window := server.open(t)
	if err := window.needTickets(t.Context()); err != nil {
		t.Fatal(err)
	}
	// A window that does not watch decides nothing.
	if err := window.noticeNews(t.Context()); err != nil {
		t.Fatal(err)
	}
	if list, err := window.Notices(t.Context(), core.NoticeQuery{}); err != nil || len(list) != 0 {
		t.Errorf("the window made notices by itself: %+v, %v", list, err)
	}
	events, cancel := window.Subscribe(64)
	defer cancel()
	server.wantNews(t)
	for deadline := time.After(5 * time.Second); ; {
		select {
		case e := <-events:
			if n, ok := e.(core.TicketNotice); ok {
				if n.Title != "New ticket" || len(n.Open) != 1 || n.Open[0] != 1 || n.Urgent {
					t.Errorf("shown %+v", n)
				}
				return
			}
		case <-deadline:
			t.Fatal("the window shows nothing")
		}
	}
}

func TestAnEscalationGoesToTheLeadEvenOfAnAcknowledgedTicket(t *testing.T) {
	d := newsDesk(t)
	d.person(t, core.Person{Name: "Eva", Role: core.RoleLead})
	d.person(t, core.Person{Name: "Karl"})
	d.set(t, func(s *core.Settings) { s.Notify.Me, s.Notify.NewTickets = "Eva", false })
	ticket := d.answered("1", "a")
	d.takes(t, ticket)
	d.wantNews(t)
	// Somebody knows of the ticket; that it was escalated is news all the same.
	if err := d.marks.SaveAttention(t.Context(), []core.Attention{{Key: core.TicketKey{Source: "crm", ID: "1"}, Kind: core.Acknowledge, At: d.clock.Now()}}); err != nil {
		t.Fatal(err)
	}
	if err := d.applyMarks(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.clock.advance(time.Minute)
	ticket.Escalated, ticket.UpdatedAt = true, d.clock.Now().UTC().Truncate(time.Second)
	d.takes(t, ticket)
	d.wantNews(t, "Escalation | 1 Help with 1 (Shop a): escalated")
}

func TestTheFirstTicketOfACustomerIsToldWithWhatItsOrdersDid(t *testing.T) {
	d := newsDesk(t)
	d.imports(t, troubled("acme_7", "2023-07", 3)...)
	ticket := d.answered("TS0042", "a")
	ticket.CustomerID, ticket.Customer, ticket.Subject = "acme_7", "Acme", "Spark job lost"
	d.takes(t, ticket)
	d.wantNews(t, "New ticket | TS0042 Spark job lost (Acme): 3 cancelled or returned orders this month")
}

func TestAnOldExportIsNoNews(t *testing.T) {
	d := newsDesk(t)
	d.takes(t, d.answered("1", "a"))
	d.wantNews(t, "New ticket | 1 Help with 1 (Shop a): waiting since 09:00")
	d.clock.advance(time.Minute)
	old := d.answered("2", "a")
	old.CreatedAt = old.CreatedAt.AddDate(-2, 0, 0)
	old.UpdatedAt, old.FirstReplyAt = old.CreatedAt, old.CreatedAt
	d.takes(t, old)
	d.wantNews(t)
	recent := d.answered("3", "a")
	d.takes(t, recent)
	d.wantNews(t, "New ticket | 3 Help with 3 (Shop a): waiting since 09:01")
}
