package predict

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"deskwatch/core"
)

var dawn = time.Date(2024, 3, 4, 8, 0, 0, 0, time.UTC)

// at is so many hours after dawn.
func at(hours float64) time.Time { return dawn.Add(time.Duration(hours * float64(time.Hour))) }

// told are events of one ticket, numbered from 1 on, seen when they happened.
func told(list ...core.TicketEvent) []core.TicketEvent {
	for i := range list {
		list[i].Seq = int64(i + 1)
		if list[i].SeenAt.IsZero() {
			list[i].SeenAt = list[i].At
		}
	}
	return list
}

// stepsOf writes steps as "2 owner ana".
func stepsOf(l Life) (list []string) {
	for _, s := range l.Steps {
		hours := time.Unix(s.At, 0).Sub(dawn).Hours()
		switch s.Kind {
		case StepChanged:
			name := map[Field]string{FieldOwner: "owner", FieldStatus: "status", FieldPriority: "priority"}[s.Field]
			list = append(list, fmt.Sprint(hours, " ", name, " ", s.Value))
		default:
			list = append(list, fmt.Sprint(hours, " ", [...]string{"replied", "", "reopened", "escalated", "closed"}[s.Kind]))
		}
	}
	return list
}

func TestFactsAreToldBackToTheArrival(t *testing.T) {
	ticket := core.Ticket{No: 7, Source: "cases", ID: "A", CustomerID: "C1", CreatedAt: at(0), UpdatedAt: at(9), Status: core.TicketClosed, RawStatus: "Closed",
		Priority: core.PriorityHigh, RawPriority: "High", Owner: "bo", Product: "Spark", FirstReplyAt: at(1), ClosedAt: at(8), Rating: 2}
	d := NewDeskReading(0).Life(ticket, Text{Size: 3}, told(
		core.TicketEvent{Kind: core.TicketCreated, At: at(0), To: "New"},
		core.TicketEvent{Kind: core.TicketStatusEvent, At: at(2), From: "New", To: "Open"},
		core.TicketEvent{Kind: core.TicketReplied, At: at(1)}, // told after what came later
		core.TicketEvent{Kind: core.TicketOwner, At: at(3), From: "", To: "ana"},
		core.TicketEvent{Kind: core.TicketOwner, At: at(4), From: "ana", To: "bo"},
		core.TicketEvent{Kind: core.TicketPriority, At: at(5), From: "Low", To: "High"},
		core.TicketEvent{Kind: core.TicketStatusEvent, At: at(8), From: "Open", To: "Closed"},
		core.TicketEvent{Kind: core.TicketClosedEvent, At: at(8), From: "Open", To: "Closed"},
		core.TicketEvent{Kind: core.TicketRated, At: at(9), To: "2"},
	))
	if f := d.Facts; f.Status != "New" || f.Owner != "" || f.Priority != "Low" || f.Customer != "cases:C1" || f.Product != "Spark" || f.Text.Size != 3 {
		t.Errorf("arrived with %+v", f)
	}
	want := []string{"1 replied", "2 status Open", "3 owner ana", "4 owner bo", "5 priority High", "8 status Closed", "8 closed"}
	if got := stepsOf(d.Life); !slices.Equal(got, want) {
		t.Errorf("steps %q, want %q", got, want)
	}
	if d.Outcome != OutcomeBad || d.Level != 4 || d.Ended != at(9).Unix() || d.Open || d.End != (End{Key: ticket.Key(), Outcome: OutcomeBad, At: at(9), Rated: true}) {
		t.Errorf("ended %+v, %v at %d", d.End, d.Outcome, d.Ended)
	}
	if l := d.At(at(4.5).Unix()); len(l.Steps) != 4 || l.Outcome != OutcomeUnknown || l.Ended != 0 {
		t.Errorf("at noon %+v", l)
	}
}

func TestWhatAnExportSaysOfTheEndIsNotKnownOnArrival(t *testing.T) {
	ticket := core.Ticket{No: 1, Source: "file", ID: "A", CreatedAt: at(0), UpdatedAt: at(30), Status: core.TicketClosed, RawStatus: "Closed after complaint",
		FirstReplyAt: at(5), ClosedAt: at(20), Rating: 4}
	created := told(core.TicketEvent{Kind: core.TicketCreated, At: at(0), SeenAt: at(1000), To: "Closed after complaint"})
	d := NewDeskReading(0).Life(ticket, Text{}, created)
	if got := stepsOf(d.Life); d.Facts.Status != "" || !slices.Equal(got, []string{"5 replied", "20 closed"}) {
		t.Errorf("status %q, steps %q", d.Facts.Status, got)
	}
	if d.Outcome != OutcomeGood || d.Ended != at(20).Unix() {
		t.Errorf("%v at %d", d.Outcome, d.Ended)
	}
	ticket.Status, ticket.RawStatus, ticket.ClosedAt, ticket.Rating = core.TicketPending, "Pending", time.Time{}, 0
	created[0].To = "Pending"
	if d = NewDeskReading(0).Life(ticket, Text{}, created); d.Facts.Status != "" || !slices.Equal(stepsOf(d.Life), []string{"5 replied", "1000 status Pending"}) || d.Outcome != OutcomeUnknown || !d.End.At.IsZero() {
		t.Errorf("open: status %q, steps %q, end %+v", d.Facts.Status, stepsOf(d.Life), d.End)
	}
}

func TestAnEscalationIsABadEndThatCountsAtTheRateOfRatings(t *testing.T) {
	ticket := core.Ticket{No: 1, Source: "cases", ID: "A", CreatedAt: at(0), Escalated: true}
	events := told(core.TicketEvent{Kind: core.TicketCreated, At: at(0), To: "new"}, core.TicketEvent{Kind: core.TicketEscalated, At: at(3)})
	for rate, want := range map[float64]Outcome{0: OutcomeUnknown, 1: OutcomeBad} {
		d := NewDeskReading(rate).Life(ticket, Text{}, events)
		if d.Outcome != want || d.End.Outcome != OutcomeBad || !d.End.At.Equal(at(3)) || d.End.Rated {
			t.Errorf("at a rate of %v: %v, %+v", rate, d.Outcome, d.End)
		}
	}
	counted := 0
	for i := range 1000 {
		ticket.ID = fmt.Sprint("T-", i)
		if NewDeskReading(0.3).Life(ticket, Text{}, events).Outcome == OutcomeBad {
			counted++
		}
	}
	if counted < 250 || counted > 350 {
		t.Errorf("at a rate of 0.3 %d of 1000 count", counted)
	}
	// Rated well afterwards, it has ended badly all the same, and when it was escalated.
	ticket.ID, ticket.Rating, ticket.Escalated = "A", 5, false
	d := NewDeskReading(0).Life(ticket, Text{}, append(events, core.TicketEvent{Seq: 3, Kind: core.TicketRated, At: at(9), To: "5"}))
	if d.Outcome != OutcomeBad || d.Ended != at(3).Unix() || !d.End.Rated {
		t.Errorf("escalated and rated: %v at %d", d.Outcome, d.Ended)
	}
}

func TestATicketThatWasGoneForAWhileWasNeverClosed(t *testing.T) {
	ticket := core.Ticket{No: 1, Source: "cases", ID: "A", CreatedAt: at(0)}
	events := told(core.TicketEvent{Kind: core.TicketCreated, At: at(0), To: "new"}, core.TicketEvent{Kind: core.TicketGone, At: at(3)}, core.TicketEvent{Kind: core.TicketReturned, At: at(4)})
	if d := NewDeskReading(0).Life(ticket, Text{}, events); len(d.Steps) != 0 || !d.Open {
		t.Errorf("back: %q", stepsOf(d.Life))
	}
	ticket.Gone = true
	if d := NewDeskReading(0).Life(ticket, Text{}, events[:2]); !slices.Equal(stepsOf(d.Life), []string{"3 closed"}) || !d.End.At.Equal(at(3)) || d.End.Outcome != OutcomeUnknown {
		t.Errorf("gone: %q, %+v", stepsOf(d.Life), d.End)
	}
}

// TestFeedingEventByEventIsFeedingAllAtOnce compares what a desk that watches knows with what one
// that begins now reads.
func TestFeedingEventByEventIsFeedingAllAtOnce(t *testing.T) {
	var all [][]core.TicketEvent
	var list []core.Ticket
	seq := int64(0)
	for i := range 40 {
		begin := float64(i) * 1.5
		ticket := core.Ticket{No: uint32(i + 1), Source: "cases", ID: fmt.Sprint(i), CustomerID: fmt.Sprint("C", i%5), CreatedAt: at(begin), Owner: "bo", Status: core.TicketClosed, Rating: 1 + i%5, FirstReplyAt: at(begin + 0.3)}
		list = append(list, ticket)
		all = append(all, []core.TicketEvent{
			{Kind: core.TicketCreated, At: at(begin), SeenAt: at(begin), To: "new"},
			{Kind: core.TicketReplied, At: at(begin + 0.3)},
			{Kind: core.TicketOwner, At: at(begin + 0.5), From: "ana", To: "bo"},
			{Kind: core.TicketClosedEvent, At: at(begin + 1), To: "closed"},
			{Kind: core.TicketRated, At: at(begin + 1.2), To: "4"},
		})
		for k := range all[i] {
			seq++
			all[i][k].Seq = seq
		}
	}
	r := NewDeskReading(0.5)
	whole, piecewise := NewHistory(Schema{}), NewHistory(Schema{})
	var lives []Life
	for i, ticket := range list {
		lives = append(lives, r.Life(ticket, Text{}, all[i]).Life)
		for n, e := range all[i] {
			so := ticket
			if n < 4 {
				so.Rating = 0
			}
			if n < 3 {
				so.Status = core.TicketOpen
			}
			if n < 2 {
				so.Owner = "ana"
			}
			if n < 1 {
				so.FirstReplyAt = time.Time{}
			}
			d := r.Life(so, Text{}, all[i][:n+1])
			piecewise.FeedSince([]*DeskLife{&d}, e.Seq-1)
		}
	}
	whole.Replay(lives)
	if !reflect.DeepEqual(whole.index, piecewise.index) || !reflect.DeepEqual(whole.tallies, piecewise.tallies) {
		t.Error("what is known differs")
	}
}

func TestModelsAreComparedOnTicketsTheOldOneHasNotSeenWhereThereAreEnough(t *testing.T) {
	var lives []Life
	for i := range 1000 {
		l := Life{Key: fmt.Sprint(i), Created: at(float64(i)).Unix(), Ended: at(float64(i) + 5).Unix(), Outcome: OutcomeGood}
		if i%5 == 0 {
			l.Outcome = OutcomeBad
		}
		lives = append(lives, l)
	}
	r := RecentOf(lives, at(2000))
	if r.Unseen || len(r.Tests) != 200 || r.Tests[0] != 800 {
		t.Errorf("all seen: %v, %d tickets from %d on", r.Unseen, len(r.Tests), r.Tests[0])
	}
	if r = RecentOf(lives, at(880)); !r.Unseen || len(r.Tests) != 124 || lives[r.Tests[0]].Ended <= at(880).Unix() {
		t.Errorf("some unseen: %v, %d tickets", r.Unseen, len(r.Tests))
	}
	known := Until(lives, r.Cut)
	for i := range known {
		if known[i].Outcome != OutcomeUnknown && slices.Contains(r.Tests, i) || known[i].Ended > r.Cut {
			t.Fatalf("%s is known before it is compared", known[i].Key)
		}
	}
	if r = RecentOf(lives, at(950)); r.Unseen || len(r.Tests) != 200 {
		t.Errorf("few unseen: %v, %d tickets", r.Unseen, len(r.Tests))
	}
}
