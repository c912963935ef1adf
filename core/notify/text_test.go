package notify

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

func TestATextCarriesTheFactThatDecides(t *testing.T) {
	due := func(state core.ClockState, at time.Time) func(*core.TicketView) {
		return func(v *core.TicketView) { v.Clock, v.Due = state, at }
	}
	both := func(list ...func(*core.TicketView)) func(*core.TicketView) {
		return func(v *core.TicketView) {
			for _, f := range list {
				f(v)
			}
		}
	}
	orders := func(v *core.TicketView) { v.BadOrders = 3 }
	tough := func(v *core.TicketView) { v.IsTough, v.Tough = true, 80 }
	soon := due(core.ClockAmber, noon.Add(140*time.Minute))
	ratings := core.NamedReason{Reason: "bad_ratings", Count: 3}
	silence := core.NamedReason{Reason: "silence", Count: 4}
	for _, c := range []struct {
		kind   core.NoticeKind
		ticket func(*core.TicketView)
		news   News
		want   string
		es     string
	}{
		{core.NoticeNew, both(orders, soon, tough), News{Tough: ratings}, "TS0042 Spark job lost (Acme): 3 cancelled or returned orders this month, reply due 14:20", "TS0042 Spark job lost (Acme): 3 pedidos cancelados o devueltos este mes, responder antes de las 14:20"},
		{core.NoticeTough, both(orders, tough), News{Tough: ratings}, "TS0042 Spark job lost (Acme): 3 cancelled or returned orders this month", ""},
		{core.NoticeNew, both(soon, tough), News{Tough: ratings, Risk: silence}, "TS0042 Spark job lost (Acme): reply due 14:20", ""},
		{core.NoticeNew, both(tough), News{Tough: ratings, Risk: silence}, "TS0042 Spark job lost (Acme): 3 bad ratings before", "TS0042 Spark job lost (Acme): 3 malas valoraciones anteriores"},
		{core.NoticeTough, both(soon, tough), News{Tough: ratings}, "TS0042 Spark job lost (Acme): 3 bad ratings before, reply due 14:20", ""},
		{core.NoticeTough, func(v *core.TicketView) { v.IsTough, v.ToughFlag = true, true }, News{Tough: ratings}, "TS0042 Spark job lost (Acme): customer marked as tough", ""},
		{core.NoticeNew, nil, News{Risk: silence}, "TS0042 Spark job lost (Acme): no change for 4 days", "TS0042 Spark job lost (Acme): sin cambios desde hace 4 días"},
		{core.NoticeNew, nil, News{Risk: core.NamedReason{Reason: "always"}}, "TS0042 Spark job lost (Acme): waiting since 11:00", "TS0042 Spark job lost (Acme): espera desde las 11:00"},
		{core.NoticeNew, func(v *core.TicketView) { v.CreatedAt = time.Time{} }, News{}, "TS0042 Spark job lost (Acme)", ""},
		{core.NoticeReplyDue, due(core.ClockRed, noon.Add(-20*time.Hour)), News{}, "TS0042 Spark job lost (Acme): reply overdue since Sun 16:00", "TS0042 Spark job lost (Acme): sin respuesta desde el dom 16:00"},
		{core.NoticeReplyDue, due(core.ClockRunning, noon.Add(10*24*time.Hour)), News{}, "TS0042 Spark job lost (Acme): reply due 12 Mar 12:00", ""},
		{core.NoticeReplyDue, due(core.ClockRed, noon.Add(-300*24*time.Hour)), News{}, "TS0042 Spark job lost (Acme): reply overdue since 6 May 2025", ""},
		{core.NoticeEscalation, soon, News{Happened: true}, "TS0042 Spark job lost (Acme): escalated, reply due 14:20", "TS0042 Spark job lost (Acme): escalado, responder antes de las 14:20"},
		{core.NoticeEscalation, nil, News{Risk: core.NamedReason{Reason: "new reason", Text: "a reason of a later version"}}, "TS0042 Spark job lost (Acme): a reason of a later version", ""},
		{core.NoticeEscalation, soon, News{Risk: core.NamedReason{Reason: "reply_due"}}, "TS0042 Spark job lost (Acme): reply due 14:20", ""},
		{core.NoticeEscalation, due(core.ClockRed, noon.Add(-time.Hour)), News{Risk: core.NamedReason{Reason: "reply_overdue", Text: "the first reply is overdue"}}, "TS0042 Spark job lost (Acme): reply overdue since 11:00", ""},
		{core.NoticeEscalation, nil, News{Risk: core.NamedReason{Reason: "urgent", Text: "it is urgent"}}, "TS0042 Spark job lost (Acme): urgent", "TS0042 Spark job lost (Acme): urgente"},
		{core.NoticeNew, func(v *core.TicketView) { v.Customer, v.Email, v.Subject = "", "a@b.example", " \n" }, News{}, "TS0042 (a@b.example): waiting since 11:00", ""},
		{core.NoticeNew, func(v *core.TicketView) { v.Subject = "two\r\nlines " + strings.Repeat("x", 200) }, News{}, "TS0042 two  lines " + strings.Repeat("x", 68) + "… (Acme): waiting since 11:00", ""},
	} {
		n := c.news
		n.Kind, n.At, n.Ticket = c.kind, noon, view(c.ticket)
		if got := WordsFor("en").Text(n, noon, time.UTC); got != c.want {
			t.Errorf("got  %q\nwant %q", got, c.want)
		}
		if got := WordsFor("es").Text(n, noon, time.UTC); c.es != "" && got != c.es {
			t.Errorf("got  %q\nwant %q", got, c.es)
		}
	}
}

func TestEveryReasonHasItsSpanishWords(t *testing.T) {
	en, es := english(), spanish()
	for reason := range en.reasons {
		if es.reasons[reason].many == "" {
			t.Errorf("no Spanish for %q", reason)
		}
		for _, w := range []Words{en, es} {
			for n := range 3 {
				if text := w.reason(core.NamedReason{Reason: reason, Count: n}); text == "" || strings.Contains(text, "%!") {
					t.Errorf("%s of %d: %q", reason, n, text)
				}
			}
		}
	}
	for kind := range en.titles {
		if es.titles[kind].many == "" {
			t.Errorf("no Spanish for %q", kind)
		}
	}
}

func TestATitleCountsEveryTicketOnce(t *testing.T) {
	// told makes notices of "new tough" words: one ticket each.
	told := func(how string, tickets ...string) Telling {
		tell := Telling{How: how}
		for i, kinds := range tickets {
			for _, kind := range strings.Fields(kinds) {
				n := waitingFor(int64(i+1), "", core.ViaDesktop, noon.Add(-6*time.Hour))
				n.Kind = core.NoticeKind(kind)
				n.Rank = map[core.NoticeKind]int{core.NoticeNew: 1, core.NoticeTough: 2, core.NoticeSnooze: 3, core.NoticeReplyDue: 4, core.NoticeEscalation: 5}[n.Kind]
				n.Text = fmt.Sprintf("TS%d is %s", i+1, kind)
				tell.Notices = append(tell.Notices, n)
			}
		}
		return tell
	}
	seven := []string{"tough new", "new", "new", "tough new", "new", "new", "new"}
	for _, c := range []struct {
		telling Telling
		want    string
		es      string
	}{
		{told(HowSingle, "new"), "New ticket", "Ticket nuevo"},
		{told(HowSingle, "tough new"), "New ticket of a tough customer", "Ticket nuevo de un cliente difícil"},
		{told(HowSingle, "tough"), "News of a tough customer", ""},
		{told(HowSingle, "escalation tough new"), "Escalation", ""},
		{told(HowBurst, seven...), "7 new tickets, 2 from tough customers", "7 tickets nuevos, 2 de clientes difíciles"},
		{told(HowBurst, "tough new", "new"), "2 new tickets, 1 from a tough customer", ""},
		{told(HowBurst, "new", "reply_due", "reply_due", "escalation", "snooze"), "Escalation; 2 first replies due; New ticket; Snooze ended", ""},
		{told(HowSummary, seven...), "Since 06:00: 7 new tickets, 2 from tough customers", "Desde las 06:00: 7 tickets nuevos, 2 de clientes difíciles"},
	} {
		if got := WordsFor("en").Title(c.telling, noon, time.UTC); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
		if got := WordsFor("es").Title(c.telling, noon, time.UTC); c.es != "" && got != c.es {
			t.Errorf("got %q, want %q", got, c.es)
		}
	}
	burst := told(HowBurst, seven...)
	if got, want := WordsFor("xx").Desktop(burst), "TS1 is tough\nTS2 is new\nTS3 is new\nand 4 more"; got != want {
		t.Errorf("the desk shows %q, want %q", got, want)
	}
	if lines, more := burst.Mail(); len(lines) != 7 || more != 0 {
		t.Errorf("the mail lists %q and %d more", lines, more)
	}
	if open := burst.Open(); len(open) != 7 || open[0] != 1 || burst.Urgent() {
		t.Errorf("opens %v, urgent %v", open, burst.Urgent())
	}
	if !told(HowSingle, "reply_due").Urgent() {
		t.Error("a due reply can wait")
	}
}
