package tickets

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"deskwatch/core"
)

var joinNow = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)

func caller(id, name, email string) core.TicketCustomer {
	return core.TicketCustomer{Key: core.CustomerKey{Source: "crm", ID: id}, Name: name, Email: email}
}

func join(tickets []core.TicketCustomer, orders []OrderCustomer, decided ...core.CustomerLink) Joined {
	return Join(slices.Values(tickets), slices.Values(orders), decided, joinNow)
}

// told writes links as "id→order state basis percent".
func told(j Joined) (list []string) {
	for _, l := range j.Links {
		list = append(list, fmt.Sprintf("%s→%s %s %s %d", l.Customer.ID, l.Order, l.State, l.Basis, l.Confidence))
	}
	return list
}

func TestWhoIsTakenForWhom(t *testing.T) {
	acme := OrderCustomer{ID: "acme_17", Recognised: true, Name: "Acme Ltd.", Email: "orders@acme.com"}
	for name, c := range map[string]struct {
		ticket core.TicketCustomer
		orders []OrderCustomer
		want   []string
	}{
		"the same id counts at once":               {caller("acme_17", "", ""), []OrderCustomer{acme}, []string{"acme_17→acme_17 sure id 100"}},
		"case and blanks make no other id":         {caller(" ACME_17", "", ""), []OrderCustomer{acme}, []string{" ACME_17→acme_17 sure id 97"}},
		"two spellings of an id are two customers": {caller("Acme_17", "", ""), []OrderCustomer{acme, {ID: "ACME_17", Recognised: true}}, []string{"Acme_17→ACME_17 proposed id 75", "Acme_17→acme_17 proposed id 75"}},
		"a short number may be chance":             {caller("17", "", ""), []OrderCustomer{{ID: "17"}}, []string{"17→17 proposed id 75"}},
		"a name for an id may be chance":           {caller("Jane Doe", "Jane Doe", ""), []OrderCustomer{{ID: "Jane Doe", Name: "Jane Doe"}}, []string{"Jane Doe→Jane Doe proposed id 75"}},
		"an identity for a name is none":           {caller("acme_17", "acme_17", ""), []OrderCustomer{acme}, []string{"acme_17→acme_17 sure id 100"}},
		"the same e-mail counts at once":           {caller("1", "", "Orders@Acme.com"), []OrderCustomer{acme}, []string{"1→acme_17 sure email 95"}},
		"an e-mail two order customers have":       {caller("1", "", "orders@acme.com"), []OrderCustomer{acme, {ID: "b_2", Email: "orders@acme.com"}}, []string{"1→acme_17 proposed email 80", "1→b_2 proposed email 80"}},
		"a machine's mailbox is nobody":            {caller("1", "", "no-reply@acme.com"), []OrderCustomer{{ID: "b_2", Email: "noreply@acme.com"}}, nil},
		"an e-mail against the id is proposed":     {caller("b_2", "", "orders@acme.com"), []OrderCustomer{acme, {ID: "b_2", Recognised: true}}, []string{"b_2→b_2 sure id 100", "b_2→acme_17 proposed email 80"}},
		"colleagues share a domain":                {caller("1", "", "ana@acme.com"), []OrderCustomer{acme}, []string{"1→acme_17 proposed domain 55"}},
		"a mail provider's domain says nothing":    {caller("1", "", "ana@yahoo.co.uk"), []OrderCustomer{{ID: "b_2", Email: "bob@yahoo.co.uk"}}, nil},
		"a legal form is no part of a name":        {caller("1", "ACME", ""), []OrderCustomer{acme}, []string{"1→acme_17 proposed name 40"}},
		"accents and stops make no other name":     {caller("1", "Cafe Munoz S. L.", ""), []OrderCustomer{{ID: "b_2", Name: "Café Muñoz, S.L."}}, []string{"1→b_2 proposed name 70"}},
		"a name two have is half as sure":          {caller("1", "Blue Sea", ""), []OrderCustomer{{ID: "b_2", Name: "Blue Sea GmbH"}, {ID: "b_3", Name: "blue-sea"}}, []string{"1→b_2 proposed name 35", "1→b_3 proposed name 35"}},
		"nobody is called unknown":                 {caller("1", "Unknown", ""), []OrderCustomer{{ID: "b_2", Name: "unknown"}}, nil},
		"name and domain together are surer":       {caller("1", "Acme", "ana@acme.com"), []OrderCustomer{acme}, []string{"1→acme_17 proposed domain 73"}},
		"a known customer is not guessed about":    {caller("acme_17", "Blue Sea", ""), []OrderCustomer{acme, {ID: "b_3", Name: "Blue Sea"}}, []string{"acme_17→acme_17 sure id 100"}},
		"a stranger":                               {caller("1", "Nobody Here", "x@y.org"), []OrderCustomer{acme}, nil},
	} {
		if got := told(join([]core.TicketCustomer{c.ticket}, c.orders)); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestColleaguesWithOneMailboxArePersonsToAskAbout(t *testing.T) {
	orders := []OrderCustomer{{ID: "acme_17", Email: "office@acme.com"}}
	got := told(join([]core.TicketCustomer{caller("1", "Ana", "office@acme.com"), caller("2", "Bob", "office@acme.com")}, orders))
	if want := []string{"1→acme_17 proposed email 80", "2→acme_17 proposed email 80"}; !slices.Equal(got, want) {
		t.Fatalf("got %q, want %q", got, want)
	}
}

func TestWhatAPersonDecidedIsNotFoundAgain(t *testing.T) {
	ana := caller("acme_17", "Acme Company", "orders@acme.com")
	orders := []OrderCustomer{{ID: "acme_17", Recognised: true, Name: "Acme"}, {ID: "b_2", Name: "Acme Company"}, {ID: "b_3", Name: "Acme"}}
	refused := core.CustomerLink{Customer: ana.Key, Order: "acme_17", State: core.LinkRefused}
	for _, l := range join([]core.TicketCustomer{ana}, orders, refused).Links {
		if l.Order == "acme_17" {
			t.Errorf("the refused pair is found again: %+v", l)
		}
	}
	made := core.CustomerLink{Customer: ana.Key, Order: "b_2", State: core.LinkMade}
	if got, want := told(join([]core.TicketCustomer{ana}, orders, refused, made)), []string(nil); !slices.Equal(got, want) {
		t.Errorf("a customer a person has linked: got %q, want none", got)
	}
	found := core.CustomerLink{Customer: ana.Key, Order: "acme_17", State: core.LinkSure}
	if got, want := told(join([]core.TicketCustomer{ana}, orders, found)), []string{"acme_17→acme_17 sure id 100"}; !slices.Equal(got, want) {
		t.Errorf("what was found before is nobody's word: got %q, want %q", got, want)
	}
}

func TestProposalsAreFewAndTheSurestStay(t *testing.T) {
	var callers []core.TicketCustomer
	var orders []OrderCustomer
	for i := range 3 * MostProposals {
		name := fmt.Sprintf("Customer Number %d", i)
		callers, orders = append(callers, caller(fmt.Sprint("c", i), name, "")), append(orders, OrderCustomer{ID: fmt.Sprint("o", i), Name: name})
	}
	last := &callers[len(callers)-1]
	last.Email, orders[len(orders)-1].Email = "ana@number.com", "bob@number.com"
	j := join(callers, orders)
	if len(j.Links) != MostProposals || j.Left != 2*MostProposals {
		t.Fatalf("%d links and %d left, want %d and %d", len(j.Links), j.Left, MostProposals, 2*MostProposals)
	}
	if !slices.ContainsFunc(j.Links, func(l core.CustomerLink) bool { return l.Customer == last.Key }) {
		t.Error("the surest proposal came last and was left out")
	}
}

func TestOneCustomerIsProposedFewOthers(t *testing.T) {
	c := caller("17", "Blue Sea", "ana@bluesea.com")
	var orders []OrderCustomer
	for i := range 4 {
		orders = append(orders, OrderCustomer{ID: fmt.Sprint("n", i), Name: "Blue Sea"}, OrderCustomer{ID: fmt.Sprint("d", i), Email: fmt.Sprint(i, "@bluesea.com")})
	}
	if got := join([]core.TicketCustomer{c}, orders).Links; len(got) != MostProposed {
		t.Fatalf("%d proposals, want %d", len(got), MostProposed)
	}
}

func TestPlainName(t *testing.T) {
	for in, want := range map[string]string{
		"ACME, Inc.": "acme", "Müller & Söhne GmbH & Co. KG": "muller and sohne", "O'Neil’s": "oneils", "Ltd": "ltd", "12 34": "",
		"S.A. Damm": "sa damm", "Panadería  Ñuñoa S. A. S.": "panaderia nunoa", "Иванов ООО": "иванов ооо", "東京商事": "東京商事", "  ": "",
	} {
		if got := PlainName(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func BenchmarkJoin(b *testing.B) {
	var callers []core.TicketCustomer
	var orders []OrderCustomer
	for i := range 300_000 {
		callers = append(callers, caller(fmt.Sprintf("0031g00000%06dAA0", i), fmt.Sprintf("Company %d Ltd", i*2), fmt.Sprintf("person%d@firm%d.com", i, i/3)))
	}
	for i := range 120_000 {
		orders = append(orders, OrderCustomer{ID: fmt.Sprintf("company-%d_%d", i, i), Recognised: true, Name: fmt.Sprintf("Company %d", i*3), Email: fmt.Sprintf("office@firm%d.com", i)})
	}
	b.ReportAllocs()
	for b.Loop() {
		if j := join(callers, orders); len(j.Links) == 0 {
			b.Fatal("nothing found")
		}
	}
}
