package tickets

import (
	"testing"

	"deskwatch/core"
)

// indexOf is an index that has read a pool.
func indexOf(t *testing.T, pool *poolOf) *Index {
	t.Helper()
	x := NewIndex(pool, optionsAt(noon))
	if _, err := x.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	return x
}

func TestAPredictedRiskTakesThePlaceOfTheRulesUntilTheTicketIsDone(t *testing.T) {
	pool := &poolOf{rev: 1, facts: []Fact{
		{No: 1, Rev: 1, Status: core.TicketOpen, Created: noon.Unix()},
		{No: 2, Rev: 1, Status: core.TicketOpen, Created: noon.Unix()},
		{No: 3, Rev: 1, Status: core.TicketClosed, Created: noon.Unix()},
	}}
	x := indexOf(t, pool)
	rules := x.View(core.Ticket{No: 1}).Risk
	risk := func(no uint32) int { return x.View(core.Ticket{No: no}).Risk }
	x.SetPredicted([]Predicted{{No: 1, Risk: 0.876}, {No: 3, Risk: 0.9}, {No: 99, Risk: 1}}, false)
	x.Recompute()
	if v := x.View(core.Ticket{No: 1}); v.Risk != 88 || v.Satisfaction != 12 {
		t.Errorf("risk %d, satisfaction %d; want 88 and 12", v.Risk, v.Satisfaction)
	}
	if risk(2) != rules || risk(3) != 0 || x.View(core.Ticket{No: 3}).Satisfaction != 100 {
		t.Errorf("tickets nobody predicted have the risks %d and %d", risk(2), risk(3))
	}
	if nos, total, _, err := x.Page(t.Context(), core.TicketQuery{Sort: "-risk", Open: true}); err != nil || total != 2 || nos[0] != 1 {
		t.Errorf("the riskiest of %d open ones is %v, %v", total, nos, err)
	}
	x.SetPredicted([]Predicted{{No: 2, Risk: 0.5}}, true)
	if risk(1) != rules || risk(2) != 50 {
		t.Errorf("after a whole list the risks are %d and %d", risk(1), risk(2))
	}
	x.SetPredicted([]Predicted{{No: 2, None: true}}, false)
	if risk(2) != rules {
		t.Errorf("a prediction taken back leaves a risk of %d", risk(2))
	}
	x.SetPredicted([]Predicted{{No: 1, Risk: 0.9}}, false)
	for _, status := range []core.TicketStatus{core.TicketClosed, core.TicketOpen} {
		pool.rev++
		pool.facts[0].Rev, pool.facts[0].Status = pool.rev, status
		if _, err := x.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if risk(1) != rules {
		t.Errorf("opened again, with a risk of %d from before", risk(1))
	}
}

func TestEndsAreCountedWithTheRateAtWhichCustomersAnswer(t *testing.T) {
	x := indexOf(t, &poolOf{rev: 1, facts: []Fact{
		{No: 1, Rev: 1, Status: core.TicketClosed, Rating: 5},
		{No: 2, Rev: 1, Status: core.TicketClosed, Rating: 2},
		{No: 3, Rev: 1, Status: core.TicketClosed},
		{No: 4, Rev: 1, Gone: true, Escalated: true},
		{No: 5, Rev: 1, Status: core.TicketOpen, Rating: 1},
	}})
	want := Ends{Done: 4, DoneRated: 2, Rated: 3, RatedBadly: 2, Escalated: 1}
	if got := x.Ends(); got != want || got.Rate() != 0.5 {
		t.Errorf("%+v at a rate of %v, want %+v", got, got.Rate(), want)
	}
}
