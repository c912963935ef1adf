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
	risk := func(percent int) func(*core.TicketView) { return func(v *core.TicketView) { v.Risk = percent } }
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
		{core.NoticeEscalation, soon, News{}, "TS0042 Spark job lost (Acme): escalated, reply due 14:20", "TS0042 Spark job lost (Acme): escalado, responder antes de las 14:20"},
		{core.NoticeNew, nil, News{Risk: core.NamedReason{Reason: "new reason", Text: "a reason of a later version"}}, "TS0042 Spark job lost (Acme): a reason of a later version", ""},
		{core.NoticeAtRisk, risk(69), News{Low: true, Risk: core.NamedReason{Reason: "new reason", Text: "a reason of a later version"}}, "TS0042 Spark job lost (Acme): satisfaction 31 of 100: a reason of a later version", ""},
		{core.NoticeAtRisk, both(soon, risk(69)), News{Low: true, Risk: core.NamedReason{Reason: "reply_due", Points: -12}}, "TS0042 Spark job lost (Acme): satisfaction 31 of 100, reply due 14:20", ""},
		{core.NoticeAtRisk, both(due(core.ClockRed, noon.Add(-time.Hour)), risk(69)), News{Low: true, Risk: core.NamedReason{Reason: "reply_overdue", Text: "the first reply is overdue", Points: -35}},
			"TS0042 Spark job lost (Acme): satisfaction 31 of 100, reply overdue since 11:00", ""},
		{core.NoticeAtRisk, risk(69), News{Low: true, Risk: core.NamedReason{Reason: "urgent", Text: "it is urgent", Points: -18}},
			"TS0042 Spark job lost (Acme): satisfaction 31 of 100: urgent (-18)", "TS0042 Spark job lost (Acme): satisfacción 31 de 100: urgente (-18)"},
		{core.NoticeAtRisk, both(orders, risk(69)), News{Low: true, Risk: core.NamedReason{Reason: "orders", Count: 3, Points: -20}},
			"TS0042 Spark job lost (Acme): satisfaction 31 of 100: 3 bad orders this month (-20)", "TS0042 Spark job lost (Acme): satisfacción 31 de 100: 3 pedidos fallidos este mes (-20)"},
		{core.NoticeAtRisk, risk(69), News{Low: true, Risk: core.NamedReason{Reason: "reply_wait", Text: "first reply took 3× the usual wait", Ratio: 3, Points: -18}},
			"TS0042 Spark job lost (Acme): satisfaction 31 of 100: first reply took 3× the usual wait (-18)",
			"TS0042 Spark job lost (Acme): satisfacción 31 de 100: espera de la primera respuesta: 3× lo habitual (-18)"},
		{core.NoticeAtRisk, risk(100), News{}, "TS0042 Spark job lost (Acme): satisfaction 0 of 100", ""},
		{core.NoticeNew, both(soon, risk(69)), News{Low: true, Risk: core.NamedReason{Reason: "owner", Subject: "Ana", Text: "tickets of Ana ended badly more often than others", Points: -9}},
			"TS0042 Spark job lost (Acme): satisfaction 31 of 100: tickets of Ana ended badly more often than others (-9), reply due 14:20",
			"TS0042 Spark job lost (Acme): satisfacción 31 de 100: los tickets de Ana acaban mal más a menudo (-9), responder antes de las 14:20"},
		{core.NoticeNew, both(orders, risk(69)), News{Low: true, Risk: silence}, "TS0042 Spark job lost (Acme): 3 cancelled or returned orders this month, satisfaction 31 of 100", ""},
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

func TestWhatAModelSaysIsToldInSpanish(t *testing.T) {
	said := map[string]bool{}
	for _, r := range []core.NamedReason{
		{Reason: "reply_wait", Ratio: 3.2}, {Reason: "reply_wait"}, {Reason: "owner", Subject: "Ana"}, {Reason: "owner"}, {Reason: "team", Subject: "Ana"},
		{Reason: "customer", Subject: "Acme"}, {Reason: "category", Subject: "Returns"}, {Reason: "category"}, {Reason: "product", Subject: "Spark"},
		{Reason: "channel", Subject: "mail"}, {Reason: "priority", Subject: "High"}, {Reason: "priority", Subject: "High", Count: 2}, {Reason: "status", Subject: "New"},
		{Reason: "words"}, {Reason: "tone"}, {Reason: "size", Count: 12}, {Reason: "reassigned"}, {Reason: "reassigned", Count: 1}, {Reason: "reassigned", Count: 3},
		{Reason: "reopened"}, {Reason: "silence"}, {Reason: "age"}, {Reason: "changes", Count: 4}, {Reason: "load", Ratio: 2}, {Reason: "load", Subject: "Ana", Ratio: 2},
		{Reason: "hour"}, {Reason: "column", Subject: "location: Berlin"}, {Reason: "pair", Subject: "Ana, Returns"},
	} {
		r.Text = "as the model says"
		if got := english().reason(r); got != r.Text {
			t.Errorf("%+v in English is %q", r, got)
		}
		for _, points := range []int{-5, 5} {
			r.Points = points
			got := spanish().reason(r)
			if got == "" || got == r.Text || strings.Contains(got, "%!") {
				t.Errorf("%+v in Spanish is %q", r, got)
			}
			said[got] = true
		}
	}
	for _, want := range []string{"espera de la primera respuesta: 3.2× lo habitual", "los tickets de Ana acaban mal más a menudo", "reasignado una vez", "reasignado 3 veces"} {
		if !said[want] {
			t.Errorf("never said %q", want)
		}
	}
}

func TestATicketThatIsRatedBadlyAlreadyIsSaidSo(t *testing.T) {
	r := core.NamedReason{Reason: "rated_badly", Text: "the customer has rated it badly", Points: -100}
	if en, es := english().reason(r), spanish().reason(r); en != "rated badly by the customer" || es != "mal valorado por el cliente" {
		t.Errorf("%q, %q", en, es)
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
				n.Rank = map[core.NoticeKind]int{core.NoticeNew: 1, core.NoticeTough: 2, core.NoticeSnooze: 3, core.NoticeReplyDue: 4, core.NoticeAtRisk: 5, core.NoticeEscalation: 6}[n.Kind]
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
		{told(HowSingle, "at_risk new"), "Ticket at risk", "Ticket en riesgo"},
		{told(HowBurst, "at_risk", "at_risk new", "escalation at_risk", "new"), "Escalation; 2 tickets at risk; New ticket", "Escalada; 2 tickets en riesgo; Ticket nuevo"},
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
	if !told(HowSingle, "reply_due").Urgent() || !told(HowSingle, "at_risk").Urgent() {
		t.Error("a due reply, or a ticket at risk, can wait")
	}
}
