package coretest

import (
	"fmt"
	"slices"
	"testing"

	"deskwatch/core"
)

func breachesCountDistinct(t *testing.T, b *book) {
	b.load(
		Line("1", "1", "a_1", "2023-06-01", cancelled), Line("1", "2", "a_1", "2023-06-01", returned),
		Line("2", "1", "a_1", "2023-06-30", shipped), Line("2", "2", "a_1", "2023-06-30", returned),
		Line("3", "1", "a_1", "2023-07-01", returned), Line("4", "1", "a_1", "2023-06-15", shipped),
	)
	for threshold, want := range map[int]int{1: 2, 2: 1, 3: 0} {
		if got := b.breaches(core.BreachQuery{Statuses: problems, Threshold: threshold}); len(got) != want {
			t.Fatalf("threshold %d: want %d breaches, got %v", threshold, want, got)
		}
	}
	got := b.breaches(core.BreachQuery{Statuses: problems, Threshold: 2, OrderIDs: 10})
	equal(t, "breach", got, []core.Breach{{Customer: "a_1", Period: core.NewMonth(2023, 6), Count: 2, OrderIDs: []string{"1", "2"}}})
}

func breachesFilter(t *testing.T, b *book) {
	unknown := Row("u", "somebody", "2023-06-01", cancelled)
	unknown.Recognised = false
	rows := []core.OrderRow{unknown}
	for i, c := range []string{"b_2", "a_1", "c_3"} {
		for m := range 3 {
			for n := range i + 1 {
				rows = append(rows, Row(fmt.Sprint(c, m, n), c, fmt.Sprintf("2023-%02d-10", 5+m), []core.Status{cancelled, returned, shipped}[n]))
			}
		}
	}
	b.load(rows...)
	june := core.NewMonth(2023, 6)
	for name, c := range map[string]struct {
		q    core.BreachQuery
		want string
	}{
		"all":       {core.BreachQuery{Statuses: problems, Threshold: 2}, "2023-05 a_1 2,2023-05 c_3 2,2023-06 a_1 2,2023-06 c_3 2,2023-07 a_1 2,2023-07 c_3 2"},
		"months":    {core.BreachQuery{Statuses: problems, Threshold: 1, From: june, To: june}, "2023-06 a_1 2,2023-06 b_2 1,2023-06 c_3 2"},
		"from":      {core.BreachQuery{Statuses: problems, Threshold: 2, From: june + 1}, "2023-07 a_1 2,2023-07 c_3 2"},
		"part":      {core.BreachQuery{Statuses: core.NewStatusSet(returned), Threshold: 1, To: june - 1}, "2023-05 a_1 1,2023-05 c_3 1"},
		"part of 2": {core.BreachQuery{Statuses: core.NewStatusSet(returned), Threshold: 2}, ""},
		"other":     {core.BreachQuery{Statuses: core.NewStatusSet(shipped, returned), Threshold: 2, To: june - 1}, "2023-05 c_3 2"},
		"customers": {core.BreachQuery{Statuses: problems, Threshold: 1, To: june - 1, Customers: []string{"c_3", "b_2", "nobody", "somebody", "c_3"}}, "2023-05 b_2 1,2023-05 c_3 2"},
		"nobody":    {core.BreachQuery{Statuses: problems, Threshold: 1, Customers: []string{}}, ""},
	} {
		got := ""
		for i, br := range b.breaches(c.q) {
			if i > 0 {
				got += ","
			}
			got += fmt.Sprint(br.Period, " ", br.Customer, " ", br.Count)
			if len(br.OrderIDs) != 0 {
				t.Fatal("ids nobody asked for:", br)
			}
		}
		equal(t, name, got, c.want)
	}
	many := make([]string, 20_000)
	for i := range many {
		many[i] = fmt.Sprint("nobody_", i)
	}
	many[7_000] = "a_1"
	if got := b.breaches(core.BreachQuery{Statuses: problems, Threshold: 2, Customers: many}); len(got) != 3 {
		t.Fatal("of many customers:", got)
	}
	_, err := b.Breaches(t.Context(), core.BreachQuery{Threshold: 1})
	b.refused(err, core.CodeInvalid)
}

func breachesListBoundedIDs(t *testing.T, b *book) {
	var rows []core.OrderRow
	var ids []string
	for i := range 1500 {
		id := fmt.Sprintf("%04d", i*7919%1500)
		rows = append(rows, Row(id, "a_1", "2023-06-01", cancelled))
		ids = append(ids, id)
	}
	b.load(rows...)
	slices.Sort(ids)
	for asked, given := range map[int]int{0: 0, 1: 1, 999: 999, 1000: 1000, 5000: 1000} {
		got := b.breaches(core.BreachQuery{Statuses: problems, Threshold: 3, OrderIDs: asked})
		if len(got) != 1 || got[0].Count != 1500 {
			t.Fatalf("asked for %d: %v", asked, got)
		}
		equal(t, fmt.Sprint("ids for ", asked), got[0].OrderIDs, append([]string{}, ids[:given]...))
	}
}

func breachesCarryNames(t *testing.T, b *book) {
	r := Row("1", "a_1", "2023-06-01", cancelled)
	r.Name, r.Email = "From file", "file@shop.example"
	b.load(r)
	q := core.BreachQuery{Statuses: problems, Threshold: 1}
	named := func(name, email string) {
		t.Helper()
		got := b.breaches(q)[0]
		equal(t, "name", got.Name, name)
		equal(t, "email", got.Email, email)
	}
	named("From file", "file@shop.example")
	r.OrderID, r.Name, r.Email = "2", "", "later@shop.example"
	b.load(r)
	named("From file", "later@shop.example") // the latest that is not empty
	// Of one file the last row that is not empty counts, whatever its order and its text.
	var rows []core.OrderRow
	for i, says := range [][2]string{{"Zoe", "z@shop.example"}, {"", ""}, {"Bea", "m@shop.example"}, {"Ada", ""}, {"", "c@shop.example"}, {"", ""}} {
		row := Row(fmt.Sprint(9-i), "a_1", "2023-06-02", cancelled)
		row.Name, row.Email = says[0], says[1]
		rows = append(rows, row)
	}
	again := rows[3] // the order that had the last name, without one, and later
	again.Name, again.Day = "", again.Day+1
	b.load(append(rows, again)...)
	named("Ada", "c@shop.example")
	again.Day++
	b.load(again) // changed, and says nothing: no reason to go back to what it said
	r.OrderID, r.Name, r.Email = "3", "Latest", ""
	b.load(r)
	again.Day++
	b.load(again)
	named("Latest", "c@shop.example")
	_, err := b.AddClients(t.Context(), []core.Client{{Customer: "a_1", Name: "Client", Origin: core.OriginSeed, CreatedAt: noon}})
	b.check(err)
	named("Client", "c@shop.example")
}

func ordersPage(t *testing.T, b *book) {
	var rows []core.OrderRow
	for i := range 25 {
		rows = append(rows, Row(fmt.Sprintf("%02d", i), "a_1", fmt.Sprintf("2023-06-%02d", 1+i/3), []core.Status{placed, cancelled}[i%2]))
	}
	b.load(append(rows, Row("z", "b_2", "2023-06-01", placed))...)
	slices.SortFunc(rows, func(x, y core.OrderRow) int {
		if x.Day != y.Day {
			return int(y.Day - x.Day)
		}
		return slices.Compare([]byte(x.OrderID), []byte(y.OrderID))
	})
	q := core.OrderQuery{Customer: "a_1", Limit: 10}
	var got []string
	for pages := 0; ; pages++ {
		p, err := b.Orders(t.Context(), q)
		b.check(err)
		equal(t, "total", p.Total, 25)
		for _, o := range p.Orders {
			got = append(got, o.OrderID)
		}
		if q.After = p.Next; p.Next == "" {
			equal(t, "last page", pages, 2)
			break
		}
	}
	var want []string
	for _, r := range rows {
		want = append(want, r.OrderID)
	}
	equal(t, "orders", got, want)
	p, err := b.Orders(t.Context(), core.OrderQuery{Customer: "a_1", From: Day("2023-06-02"), To: Day("2023-06-03"), Statuses: problems})
	b.check(err)
	if p.Total != 3 || len(p.Orders) != 3 || p.Next != "" {
		t.Fatal("filtered:", p)
	}
	p, err = b.Orders(t.Context(), core.OrderQuery{Customer: "nobody"})
	b.check(err)
	if p.Total != 0 || len(p.Orders) != 0 {
		t.Fatal("of nobody:", p)
	}
	_, err = b.Orders(t.Context(), core.OrderQuery{Customer: "a_1", After: "nonsense"})
	b.refused(err, core.CodeInvalid)
}

func customersPage(t *testing.T, b *book) {
	unknown := Row("u", "somebody", "2023-06-01", placed)
	unknown.Recognised = false
	rows := []core.OrderRow{unknown}
	for i := range 7 {
		rows = append(rows, Row(fmt.Sprint(i), fmt.Sprintf("c_%d", i), "2023-06-01", placed), Row(fmt.Sprint("x", i), fmt.Sprintf("c_%d", i), "2023-06-01", placed))
	}
	b.load(rows...)
	_, err := b.AddClients(t.Context(), []core.Client{{Customer: "c_3", Origin: core.OriginSeed, CreatedAt: noon}})
	b.check(err)
	yes, no := true, false
	for name, c := range map[string]struct {
		q    core.CustomerQuery
		want []string
	}{
		"all":          {core.CustomerQuery{}, []string{"c_0", "c_1", "c_2", "c_3", "c_4", "c_5", "c_6", "somebody"}},
		"unrecognised": {core.CustomerQuery{Recognised: &no}, []string{"somebody"}},
		"with":         {core.CustomerQuery{HasClient: &yes}, []string{"c_3"}},
		"to seed":      {core.CustomerQuery{Recognised: &yes, HasClient: &no}, []string{"c_0", "c_1", "c_2", "c_4", "c_5", "c_6"}},
	} {
		var got []string
		for c.q.Limit = 3; ; {
			p, err := b.Customers(t.Context(), c.q)
			b.check(err)
			equal(t, name+" total", p.Total, int64(len(c.want)))
			for _, k := range p.Customers {
				got = append(got, k.Customer)
				if want := int64(2); k.Customer != "somebody" && (k.Orders != want || !k.Recognised || k.HasClient != (k.Customer == "c_3")) {
					t.Fatal(name, k)
				}
			}
			if c.q.After = p.Next; p.Next == "" {
				break
			}
		}
		equal(t, name, got, c.want)
	}
}

func clientsAreAddedOnce(t *testing.T, b *book) {
	b.load(Row("1", "c_0005", "2023-06-01", placed))
	var list []core.Client
	for i := range 300 {
		list = append(list, core.Client{Customer: fmt.Sprintf("c_%04d", i), Name: fmt.Sprint("Name ", i), Origin: core.OriginSample, CreatedAt: noon})
	}
	for _, want := range []int64{300, 0} {
		n, err := b.AddClients(t.Context(), list)
		b.check(err)
		equal(t, "added", n, want)
	}
	list[0].Customer, list[0].Origin = "new_1", core.OriginSeed
	n, err := b.AddClients(t.Context(), list)
	b.check(err)
	equal(t, "added", n, 1)
	p, err := b.Clients(t.Context(), core.ClientQuery{Limit: 6})
	b.check(err)
	equal(t, "total", p.Total, 301)
	equal(t, "next", p.Next, "c_0005")
	equal(t, "client", p.Clients[5], core.Client{Customer: "c_0005", Name: "Name 5", Origin: core.OriginSample, CreatedAt: noon, Orders: 1})
	p, err = b.Clients(t.Context(), core.ClientQuery{Limit: 1000, After: "c_0298"})
	b.check(err)
	if len(p.Clients) != 2 || p.Next != "" {
		t.Fatal("last page:", p)
	}
	removed, err := b.RemoveClients(t.Context(), core.OriginSample)
	b.check(err)
	equal(t, "removed", removed, 300)
	counts, err := b.Counts(t.Context())
	b.check(err)
	equal(t, "clients", counts.Clients, 1)
}

func clientsAreFoundAndChanged(t *testing.T, b *book) {
	_, err := b.AddClients(t.Context(), []core.Client{
		{Customer: "shop_1", Name: "50% Off", Origin: core.OriginSeed, CreatedAt: noon},
		{Customer: "shop_2", Name: "Other", Email: "x@shop.example", Identification: "B-1", Origin: core.OriginSeed, CreatedAt: noon},
	})
	b.check(err)
	for text, want := range map[string]int64{"": 2, "0% o": 1, "%": 1, "SHOP": 2, "_1": 1, "x@shop": 1, "nothing": 0} {
		p, err := b.Clients(t.Context(), core.ClientQuery{Text: text})
		b.check(err)
		if p.Total != want || int64(len(p.Clients)) != want {
			t.Fatalf("%q: want %d, got %v", text, want, p)
		}
	}
	email, none := "new@shop.example", ""
	got, err := b.UpdateClient(t.Context(), "shop_2", core.ClientPatch{Email: &email, Identification: &none})
	b.check(err)
	equal(t, "client", got, core.Client{Customer: "shop_2", Name: "Other", Email: email, Origin: core.OriginHand, CreatedAt: noon})
	_, err = b.UpdateClient(t.Context(), "nobody", core.ClientPatch{Email: &email})
	b.refused(err, core.CodeNotFound)
}
