package tickets

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
	"deskwatch/ui/kit/kittest"
)

// predicted is a ticket with all that is predicted of it.
func predicted(no uint32) (core.TicketDetail, error) {
	d := core.TicketDetail{Prediction: core.Prediction{
		Basis: core.BasisModel, Model: 3, At: noon(), Satisfaction: 42,
		Reasons: []core.NamedReason{{Reason: "reply_wait", Ratio: 3, Points: -18, Text: "first reply took 3× the usual wait"}, {Reason: "owner", Subject: "Ana", Points: 6}},
		Help:    []core.Help{{Action: core.HelpReply, From: 42, To: 58}, {Action: core.HelpAssign, Subject: "Ben", From: 42, To: 49}},
		History: []core.ScorePoint{{At: noon().Add(-20 * time.Hour), Moment: core.MomentArrival, Satisfaction: 66}, {At: noon(), Moment: core.MomentReply, Satisfaction: 42}},
	}}
	d.TicketView = viewsOf([]uint32{no})[0]
	d.Satisfaction, d.Risk = 42, 58
	d.Card = &core.CustomerCard{Name: "Acme", Open: 2, Health: core.CustomerHealth{Score: 63, AtRisk: 1, Reasons: []core.NamedReason{{Reason: "tough", Count: 80, Points: -30}}}}
	return d, nil
}

// buttonOf is the button of a text.
func buttonOf(t *testing.T, o fyne.CanvasObject, text string) *widget.Button {
	t.Helper()
	for _, c := range test.LaidOutObjects(o) {
		if b, ok := c.(*widget.Button); ok && b.Text == text {
			return b
		}
	}
	t.Fatalf("no button says %q:\n%s", text, kittest.Said(o))
	return nil
}

func wants(t *testing.T, all string, texts ...string) {
	t.Helper()
	for _, want := range texts {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not said:\n%s", want, all)
		}
	}
}

func TestThePaneSaysHowATicketMayEndWhyAndWhatWouldHelp(t *testing.T) {
	desk := &fakeDesk{detail: predicted, model: core.ModelState{Basis: core.BasisModel, Tickets: 1204}, risk: core.RiskList{Basis: core.BasisModel, Bar: 40}}
	tab, host, settle := shownTab(t, desk, 1100)
	tab.Open(kit.PlaceTicket + "2")
	settle()
	wants(t, kittest.Said(tab.view.ticket.box), "Satisfaction 42 of 100", "By a model trained on 1,204 of this desk's tickets.", "at risk",
		"first reply took 3× the usual wait\n−18", "tickets of Ana ended badly more rarely than others\n+6", "What would help", "Reply now: 42 › 58", "From 66, 14 Jun 16:00, to 42, 12:00")
	if strings.Contains(kittest.Said(tab.view.ticket.box), "[Reply now") {
		t.Error("a reply can be pressed where nobody knows the ticket's address")
	}
	test.Tap(buttonOf(t, tab.view.ticket.box, "Give it to Ben: 42 › 49"))
	settle()
	var asked *kit.Suggest
	for _, o := range test.LaidOutObjects(host.Win.Canvas().Overlays().Top()) {
		if s, ok := o.(*kit.Suggest); ok {
			asked = s
		}
	}
	if asked == nil || asked.Text != "Ben" {
		t.Fatalf("the dialog proposes %+v", asked)
	}
	asked.Enter()
	settle()
	if !slices.Contains(desk.done, "assign 2 Ben") {
		t.Errorf("done: %v", desk.done)
	}
}

func TestAReplyIsWrittenWhereTheTicketIs(t *testing.T) {
	desk := &fakeDesk{detail: func(no uint32) (core.TicketDetail, error) {
		d, err := predicted(no)
		d.SourceURL = "https://desk.example/2"
		return d, err
	}}
	tab, _, settle := shownTab(t, desk, 1100)
	tab.Open(kit.PlaceTicket + "2")
	settle()
	buttonOf(t, tab.view.ticket.box, "Reply now: 42 › 58")
}

func TestTheCustomersHealthStandsOnItsCard(t *testing.T) {
	tab, _, settle := shownTab(t, &fakeDesk{detail: predicted}, 1100)
	tab.Open(kit.PlaceTicket + "2")
	settle()
	tab.view.ticket.open(leafCustomer)
	wants(t, kittest.Said(tab.view.ticket.box), "Customer health 63 of 100", "1 of its open tickets is at risk.", "a history (80 of 100)\n−30", "watch")
}

func TestATicketThatIsDoneHasNoSatisfaction(t *testing.T) {
	v := &core.TicketView{Satisfaction: 100}
	v.Status = core.TicketClosed
	if satisfaction(v) != "" || satisfactionStyle(v, 0).Note != "" {
		t.Errorf("it has %q, %+v", satisfaction(v), satisfactionStyle(v, 0))
	}
	desk := &fakeDesk{detail: func(no uint32) (core.TicketDetail, error) {
		d, err := predicted(no)
		d.Status = core.TicketClosed
		return d, err
	}}
	tab, _, settle := shownTab(t, desk, 1100)
	tab.Open(kit.PlaceTicket + "2")
	settle()
	all := kittest.Said(tab.view.ticket.box)
	wants(t, all, "Satisfaction, as it was predicted", "From 66,")
	if strings.Contains(all, "What would help") || strings.Contains(all, "42 of 100") {
		t.Errorf("a ticket that is done is predicted:\n%s", all)
	}
}

func TestANewModelIsNamedAndMovesTheBar(t *testing.T) {
	desk := &fakeDesk{detail: predicted, risk: core.RiskList{Bar: 70}, model: core.ModelState{Basis: core.BasisRules}}
	tab, _, settle := shownTab(t, desk, 1100)
	tab.Open(kit.PlaceTicket + "2")
	settle()
	v := &core.TicketView{Satisfaction: 60}
	if s := satisfactionStyle(v, tab.predicting.Bar()); s.Note != "" || s.Tone != kit.ToneMuted {
		t.Errorf("a risk of 40 with a bar of 70 is marked %+v", s)
	}
	desk.risk.Bar, desk.model = 40, core.ModelState{Basis: core.BasisModel, Tickets: 77}
	tab.hear(core.PredictionsChanged{})
	settle()
	if s := satisfactionStyle(v, tab.predicting.Bar()); s.Note != "at risk" || !s.Bold || s.Tone != kit.ToneBad {
		t.Errorf("a risk of 40 with a bar of 40 is marked %+v", s)
	}
	wants(t, kittest.Said(tab.view.ticket.box), "By a model trained on 77 of this desk's tickets.")
}
