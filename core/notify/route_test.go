package notify

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) // a Monday

// team is an engineer of Spark, one of Kafka who owns what "kmeyer" owns, one of nothing, and a lead.
func team() []core.Person {
	return []core.Person{
		{Name: "Ana", Role: core.RoleEngineer, Products: []string{"Spark"}},
		{Name: "Karl", Role: core.RoleEngineer, Products: []string{"Kafka"}, OwnerNames: []string{"kmeyer"}},
		{Name: "Nils", Role: core.RoleEngineer},
		{Name: "Lea", Role: core.RoleLead},
	}
}

func view(change func(*core.TicketView)) core.TicketView {
	v := core.TicketView{Clock: core.ClockNone}
	v.No, v.Source, v.ID, v.Number, v.Subject, v.Customer = 42, "file", "42", "TS0042", "Spark job lost", "Acme"
	v.Status, v.Product, v.CreatedAt = core.TicketNew, "Kafka", noon.Add(-time.Hour)
	if change != nil {
		change(&v)
	}
	return v
}

// who writes decisions as "Ana/product Lea/lead", and those nobody is told of as "-/off".
func who(list []Decision) string {
	var words []string
	for _, d := range list {
		name := d.Person
		if !d.Tell {
			name = "-"
		} else if name == "" {
			name = "desk"
		}
		words = append(words, fmt.Sprintf("%s/%s", name, d.Reason))
	}
	return strings.Join(words, " ")
}

func TestWhoHearsWhat(t *testing.T) {
	ack := &core.Attention{Kind: core.Acknowledge}
	snooze := &core.Attention{Kind: core.Snooze}
	for _, c := range []struct {
		name   string
		kind   core.NoticeKind
		ticket func(*core.TicketView)
		news   func(*News)
		set    func(*Situation)
		want   string
	}{
		{"a new ticket goes to who has its product, in any case", core.NoticeNew, func(v *core.TicketView) { v.Product = " SPARK" }, nil, nil, "Ana/product"},
		{"and to its owner", core.NoticeNew, func(v *core.TicketView) { v.Product, v.Owner = "Spark", "KMeyer" }, nil, nil, "Karl/owner Ana/product"},
		{"whom the desk gave it to is its owner", core.NoticeNew, func(v *core.TicketView) { v.Product, v.Owner, v.Assigned = "", "kmeyer", "nils" }, nil, nil, "Nils/owner"},
		{"owner and product in one person are told once", core.NoticeNew, func(v *core.TicketView) { v.Owner = "kmeyer" }, nil, nil, "Karl/owner"},
		{"nobody's goes to all engineers", core.NoticeNew, func(v *core.TicketView) { v.Product = "Flink" }, nil, nil, "Ana/unclaimed Karl/unclaimed Nils/unclaimed"},
		{"a queue that owns it is nobody", core.NoticeNew, func(v *core.TicketView) { v.Product, v.Owner = "", "Support queue" }, nil, nil, "Ana/unclaimed Karl/unclaimed Nils/unclaimed"},
		{"unless they hear of theirs only", core.NoticeNew, func(v *core.TicketView) { v.Product = "Flink" }, nil, func(s *Situation) { s.Settings.ProductOnly = true }, "-/not_theirs"},
		{"without a team the desk hears", core.NoticeNew, nil, nil, func(s *Situation) { s.People = nil }, "desk/no_team"},
		{"without engineers the leads hear", core.NoticeNew, func(v *core.TicketView) { v.Product = "Flink" }, nil, func(s *Situation) { s.People = s.People[3:] }, "Lea/lead"},
		{"and the admins where there is no lead", core.NoticeNew, func(v *core.TicketView) { v.Product = "Flink" }, nil, func(s *Situation) { s.People = []core.Person{{Name: "Ada", Role: core.RoleAdmin}} }, "Ada/lead"},
		{"switched off", core.NoticeNew, nil, nil, func(s *Situation) { s.Settings.NewTickets = false }, "-/off"},
		{"closed meanwhile", core.NoticeNew, func(v *core.TicketView) { v.Status = core.TicketClosed }, nil, nil, "-/done"},
		{"gone meanwhile", core.NoticeNew, func(v *core.TicketView) { v.Gone = true }, nil, nil, "-/done"},

		{"a due reply goes to the owner first", core.NoticeReplyDue, func(v *core.TicketView) { v.Owner = "kmeyer" }, nil, nil, "Karl/owner -/lead_waits"},
		{"not to the lead a moment too early", core.NoticeReplyDue, func(v *core.TicketView) { v.Owner = "kmeyer" }, func(n *News) { n.FirstTold = noon.Add(-15*time.Minute + time.Second) }, nil, "Karl/owner -/lead_waits"},
		{"and to the lead when it stays unanswered", core.NoticeReplyDue, func(v *core.TicketView) { v.Owner = "kmeyer" }, func(n *News) { n.FirstTold = noon.Add(-15 * time.Minute) }, nil, "Karl/owner Lea/lead_later"},
		{"at once when that is wished", core.NoticeReplyDue, func(v *core.TicketView) { v.Owner = "kmeyer" }, nil, func(s *Situation) { s.Settings.LeadMinutes = 0 }, "Karl/owner Lea/lead_later"},
		{"without an owner to the product's", core.NoticeReplyDue, nil, nil, nil, "Karl/product -/lead_waits"},
		{"without both to the lead at once", core.NoticeReplyDue, func(v *core.TicketView) { v.Product = "Flink" }, nil, nil, "Lea/lead"},
		{"and to everybody when there is no lead", core.NoticeReplyDue, func(v *core.TicketView) { v.Product = "Flink" }, nil, func(s *Situation) { s.People = s.People[:2] }, "Ana/unclaimed Karl/unclaimed"},
		{"answered meanwhile", core.NoticeReplyDue, func(v *core.TicketView) { v.FirstReplyAt = noon }, nil, nil, "-/answered"},
		{"acknowledged", core.NoticeReplyDue, func(v *core.TicketView) { v.Acknowledged = ack }, nil, nil, "-/acknowledged"},
		{"snoozed", core.NoticeReplyDue, func(v *core.TicketView) { v.Snoozed = snooze }, nil, nil, "-/snoozed"},
		{"reminders off", core.NoticeReplyDue, nil, nil, func(s *Situation) { s.Settings.ReplyDue = false }, "-/off"},

		{"a tough customer's old ticket goes to its owner alone", core.NoticeTough, func(v *core.TicketView) { v.Product, v.Owner = "Spark", "kmeyer" }, nil, nil, "Karl/owner"},
		{"its new one where new ones go", core.NoticeTough, func(v *core.TicketView) { v.Product, v.Owner = "Spark", "kmeyer" }, func(n *News) { n.Created = true }, nil, "Karl/owner Ana/product"},
		{"without an owner to the product's", core.NoticeTough, nil, nil, nil, "Karl/product"},
		{"tough ones off", core.NoticeTough, nil, nil, func(s *Situation) { s.Settings.Tough = false }, "-/off"},

		{"a ticket at risk goes to owner and lead", core.NoticeAtRisk, func(v *core.TicketView) { v.Owner = "Ana" }, nil, nil, "Ana/owner Lea/lead"},
		{"nobody's to the lead", core.NoticeAtRisk, nil, nil, nil, "Lea/lead"},
		{"without a lead to the product's", core.NoticeAtRisk, nil, nil, func(s *Situation) { s.People = s.People[:3] }, "Karl/product"},
		{"an admin stands in for the lead", core.NoticeEscalation, nil, nil, func(s *Situation) { s.People = append(s.People[:3], core.Person{Name: "Ada", Role: core.RoleAdmin}) }, "Ada/lead"},
		{"and is left alone where there is one", core.NoticeEscalation, nil, nil, func(s *Situation) { s.People = append(s.People, core.Person{Name: "Ada", Role: core.RoleAdmin}) }, "Lea/lead"},
		{"an acknowledged ticket at risk is no news", core.NoticeAtRisk, func(v *core.TicketView) { v.Acknowledged = ack }, nil, nil, "-/acknowledged"},
		{"nor is a snoozed one", core.NoticeAtRisk, func(v *core.TicketView) { v.Snoozed = snooze }, nil, nil, "-/snoozed"},
		{"nor one that is escalated by now", core.NoticeAtRisk, func(v *core.TicketView) { v.Escalated = true }, nil, nil, "-/happened"},
		{"nor a closed one", core.NoticeAtRisk, func(v *core.TicketView) { v.Status = core.TicketClosed }, nil, nil, "-/done"},
		{"escalations off, risks too", core.NoticeAtRisk, nil, nil, func(s *Situation) { s.Settings.Escalation = false }, "-/off"},
		{"an escalation goes to owner and lead", core.NoticeEscalation, func(v *core.TicketView) { v.Owner = "Ana" }, nil, nil, "Ana/owner Lea/lead"},
		{"even of an acknowledged and snoozed ticket", core.NoticeEscalation, func(v *core.TicketView) { v.Acknowledged, v.Snoozed = ack, snooze }, nil, nil, "Lea/lead"},
		{"but not of a closed one", core.NoticeEscalation, func(v *core.TicketView) { v.Status = core.TicketResolved }, nil, nil, "-/done"},
		{"escalations off", core.NoticeEscalation, nil, nil, func(s *Situation) { s.Settings.Escalation = false }, "-/off"},

		{"the end of a snooze goes to owner and desk", core.NoticeSnooze, func(v *core.TicketView) { v.Owner = "Ana" }, nil, func(s *Situation) { s.Me = "Nils" }, "Ana/owner Nils/desk"},
		{"and to the product's without either", core.NoticeSnooze, nil, nil, nil, "Karl/product"},
		{"an acknowledged one stays silent", core.NoticeSnooze, func(v *core.TicketView) { v.Acknowledged = ack }, nil, nil, "-/acknowledged"},
	} {
		n := News{Kind: c.kind, At: noon, Ticket: view(c.ticket)}
		if c.news != nil {
			c.news(&n)
		}
		s := Situation{Settings: core.DefaultNotifySettings(), People: team(), Now: noon}
		if c.set != nil {
			c.set(&s)
		}
		if got := who(Route([]News{n}, s)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestTheDeskHearsOnceWhatSeveralAreToldAndMailGoesToEachByItself(t *testing.T) {
	people := team()
	people[0].Mail, people[0].Email = true, "ana@desk.example"
	people[1].Mail = true // without an address
	people[3].Mail, people[3].Email = true, "lea@desk.example"
	decisions := Route([]News{{Kind: core.NoticeNew, At: noon, Ticket: view(func(v *core.TicketView) { v.Product = "" })}},
		Situation{Settings: core.DefaultNotifySettings(), People: people, Now: noon})
	for me, want := range map[string]string{
		"":        "/desktop/ Ana/mail/",                                // everything concerns the desk
		"nils":    "Ana/mail/ Karl//no_mail Nils/desktop/",              // the desk hears what Nils is told
		"LEA":     "Ana/mail/ Karl//no_mail Nils//no_mail",              // and nothing when he is not
		"ana":     "Ana/desktop/ Ana/mail/ Karl//no_mail Nils//no_mail", // both ways
		"unknown": "/desktop/ Ana/mail/",
	} {
		var got []string
		for _, n := range Address(decisions, Ears(people, MeOf(me, people))) {
			got = append(got, n.Person+"/"+n.Via+"/"+n.How)
			if n.Number != "TS0042" || n.TicketNo != 42 || n.Key.ID != "42" || !n.At.Equal(noon) || (n.How != "") == n.Told.IsZero() {
				t.Errorf("%+v", n.Notice)
			}
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("desk of %q: %s, want %s", me, text, want)
		}
	}
	people[3].Quiet = []core.QuietFrame{{Day: time.Monday, From: 0, To: 60}}
	if ears := Ears(people, "Lea"); len(ears[0].Quiet) != 1 || len(ears[1].Quiet) != 0 || len(ears[2].Quiet) != 1 {
		t.Errorf("the desk is quiet when who sits there is: %+v", ears)
	}
	if me := MeOf("", people[:1]); me != "Ana" {
		t.Errorf("a team of one sits at its desk, not %q", me)
	}
}

func TestWhatPressesMoreRanksHigher(t *testing.T) {
	list := []News{
		{Kind: core.NoticeEscalation, Ticket: view(nil)},
		{Kind: core.NoticeAtRisk, Ticket: view(func(v *core.TicketView) { v.Priority, v.Risk, v.BadOrders = core.PriorityUrgent, 100, 99 })},
		{Kind: core.NoticeAtRisk, Ticket: view(nil)},
		{Kind: core.NoticeReplyDue, Ticket: view(func(v *core.TicketView) { v.Priority, v.Risk, v.BadOrders = core.PriorityUrgent, 100, 99 })},
		{Kind: core.NoticeSnooze, Ticket: view(nil)},
		{Kind: core.NoticeTough, Ticket: view(nil)},
		{Kind: core.NoticeNew, Ticket: view(func(v *core.TicketView) { v.Priority = core.PriorityHigh })},
		{Kind: core.NoticeNew, Ticket: view(func(v *core.TicketView) { v.BadOrders = 3 })},
		{Kind: core.NoticeNew, Ticket: view(nil)},
	}
	for i := range list[1:] {
		if a, b := rank(list[i]), rank(list[i+1]); a <= b {
			t.Errorf("%d (%d) does not rank above %d (%d)", i, a, i+1, b)
		}
	}
}
