package coretest

import (
	"fmt"
	"slices"
	"testing"

	"deskwatch/core"
)

// windowRows makes cancelled orders of a customer, one for each day, with ids that begin with it.
func windowRows(customer string, days ...string) []core.OrderRow {
	var rows []core.OrderRow
	for i, d := range days {
		rows = append(rows, Row(fmt.Sprint(customer, "-", i), customer, d, cancelled))
	}
	return rows
}

func windowText(list []core.Breach) []string {
	texts := []string{}
	for _, br := range list {
		texts = append(texts, fmt.Sprint(br.Period, " ", br.Customer, " ", br.Count, " ", br.From, "..", br.To))
	}
	return texts
}

// windowsOfDays looks for orders within some days in a row, whatever the calendar says.
func windowsOfDays(t *testing.T, b *book) {
	unknown := windowRows("unknown", "2023-12-30", "2023-12-31", "2024-01-01")
	for i := range unknown {
		unknown[i].Recognised = false
	}
	b.load(slices.Concat(unknown,
		windowRows("month_1", "2023-04-29", "2023-04-30", "2023-05-01"),
		windowRows("year_2", "2023-12-31", "2023-12-30", "2024-01-01"),
		windowRows("leap_3", "2024-02-28", "2024-02-29", "2024-03-01"),
		windowRows("plain_4", "2023-02-27", "2023-02-28", "2023-03-01"),
		windowRows("late_5", "2023-07-01", "2023-07-02", "2023-07-04"), // four days
		windowRows("day_6", "2023-08-31", "2023-08-31", "2023-08-31"),
	)...)
	for name, c := range map[string]struct {
		q    core.BreachQuery
		want []string
	}{
		"three days": {core.BreachQuery{Statuses: problems, Threshold: 3, Days: 3}, []string{
			"2023-03 plain_4 3 2023-02-27..2023-03-01", "2023-05 month_1 3 2023-04-29..2023-05-01", "2023-08 day_6 3 2023-08-31..2023-08-31",
			"2024-01 year_2 3 2023-12-30..2024-01-01", "2024-03 leap_3 3 2024-02-28..2024-03-01"}},
		"two days": {core.BreachQuery{Statuses: problems, Threshold: 3, Days: 2}, []string{"2023-08 day_6 3 2023-08-31..2023-08-31"}},
		"four days of some": {core.BreachQuery{Statuses: problems, Threshold: 3, Days: 4, Customers: []string{"late_5", "year_2", "unknown", "nobody"}}, []string{
			"2023-07 late_5 3 2023-07-01..2023-07-04", "2024-01 year_2 3 2023-12-30..2024-01-01"}},
		"of nobody":       {core.BreachQuery{Statuses: problems, Threshold: 1, Days: 30, Customers: []string{}}, []string{}},
		"another status":  {core.BreachQuery{Statuses: core.NewStatusSet(returned), Threshold: 1, Days: 30}, []string{}},
		"four are needed": {core.BreachQuery{Statuses: problems, Threshold: 4, Days: 366}, []string{}},
		// The window is counted in the month it ends in, and no other is asked for.
		"one month": {core.BreachQuery{Statuses: problems, Threshold: 2, Days: 30, From: core.NewMonth(2023, 5), To: core.NewMonth(2023, 5)}, []string{
			"2023-05 month_1 3 2023-04-29..2023-05-01"}},
		"until december": {core.BreachQuery{Statuses: problems, Threshold: 2, Days: 3, From: core.NewMonth(2023, 8), To: core.NewMonth(2023, 12)}, []string{
			"2023-08 day_6 3 2023-08-31..2023-08-31", "2023-12 year_2 2 2023-12-30..2023-12-31"}},
		"from january": {core.BreachQuery{Statuses: problems, Threshold: 2, Days: 3, From: core.NewMonth(2024, 1)}, []string{
			"2024-01 year_2 3 2023-12-30..2024-01-01", "2024-02 leap_3 2 2024-02-28..2024-02-29", "2024-03 leap_3 3 2024-02-28..2024-03-01"}},
	} {
		equal(t, name, windowText(b.breaches(c.q)), c.want)
	}
	for _, days := range []int{-1, 367} {
		_, err := b.Breaches(t.Context(), core.BreachQuery{Statuses: problems, Threshold: 3, Days: days})
		b.refused(err, core.CodeInvalid)
	}
}

// windowsOfAMonth takes the one of a month's windows that has the most orders.
func windowsOfAMonth(t *testing.T, b *book) {
	b.load(slices.Concat(
		windowRows("most_1", "2023-05-01", "2023-05-03", "2023-05-10", "2023-05-11", "2023-05-12", "2023-05-30", "2023-05-31"),
		windowRows("equal_2", "2023-05-01", "2023-05-02", "2023-05-20", "2023-05-21"),
		windowRows("long_3", "2022-05-02", "2023-01-15", "2023-05-01"), // 365 days
	)...)
	want := func(q core.BreachQuery, texts ...string) {
		t.Helper()
		q.Statuses = problems
		equal(t, fmt.Sprintf("%d within %d days", q.Threshold, q.Days), windowText(b.breaches(q)), append([]string{}, texts...))
	}
	want(core.BreachQuery{Threshold: 2, Days: 7}, "2023-05 equal_2 2 2023-05-20..2023-05-21", "2023-05 most_1 3 2023-05-10..2023-05-12")
	want(core.BreachQuery{Threshold: 3, Days: 365}, "2023-05 equal_2 4 2023-05-01..2023-05-21",
		"2023-05 long_3 3 2022-05-02..2023-05-01", "2023-05 most_1 7 2023-05-01..2023-05-31")
	want(core.BreachQuery{Threshold: 3, Days: 364, Customers: []string{"long_3"}})
	// A month without such an order has no window, however long a window is.
	want(core.BreachQuery{Threshold: 1, Days: 365, Customers: []string{"long_3"}},
		"2022-05 long_3 1 2022-05-02..2022-05-02", "2023-01 long_3 2 2022-05-02..2023-01-15", "2023-05 long_3 3 2022-05-02..2023-05-01")
	// Once the window has fewer orders another one of the month has the most.
	b.load(Row("most_1-3", "most_1", "2023-05-11", shipped), Row("most_1-4", "most_1", "2023-05-12", shipped))
	want(core.BreachQuery{Threshold: 2, Days: 7, Customers: []string{"most_1"}}, "2023-05 most_1 2 2023-05-30..2023-05-31")
}

// windowsListIDs lists the orders of the window only, and counts an order of several lines once.
func windowsListIDs(t *testing.T, b *book) {
	rows := []core.OrderRow{
		Line("b", "1", "a_1", "2023-04-30", returned), Line("b", "2", "a_1", "2023-04-30", cancelled),
		Line("a", "1", "a_1", "2023-05-02", shipped), Line("a", "2", "a_1", "2023-05-02", returned),
		Line("c", "1", "a_1", "2023-05-01", shipped), Line("before", "1", "a_1", "2023-04-29", returned),
		Line("after", "1", "a_1", "2023-05-20", returned),
	}
	im := b.begin(rows...)
	defer func() { b.check(im.Rollback()) }()
	_, err := im.Settle(t.Context())
	b.check(err)
	q := core.BreachQuery{Statuses: problems, Threshold: 2, Days: 3, OrderIDs: 10, From: core.NewMonth(2023, 5)}
	want := []core.Breach{{
		Customer: "a_1", Period: core.NewMonth(2023, 5), From: Day("2023-04-30"), To: Day("2023-05-02"), Count: 2, OrderIDs: []string{"a", "b"},
	}}
	inside, err := im.Breaches(t.Context(), q)
	b.check(err)
	equal(t, "inside the import", inside, want)
	_, err = im.Commit(t.Context(), int64(len(rows)), 0)
	b.check(err)
	equal(t, "afterwards", b.breaches(q), want)

	var many []core.OrderRow
	var ids []string
	for i := range 1500 {
		id := fmt.Sprintf("%04d", i*7919%1500)
		many = append(many, Row(id, "m_2", []string{"2023-06-30", "2023-07-01"}[i%2], cancelled))
		ids = append(ids, id)
	}
	b.load(append(many, Row("!", "m_2", "2023-06-29", cancelled))...)
	slices.Sort(ids)
	for asked, given := range map[int]int{0: 0, 2: 2, 5000: 1000} {
		got := b.breaches(core.BreachQuery{Statuses: problems, Threshold: 3, Days: 2, OrderIDs: asked, From: core.NewMonth(2023, 7)})
		if len(got) != 1 || got[0].Count != 1500 {
			t.Fatalf("asked for %d: %v", asked, got)
		}
		equal(t, fmt.Sprint("ids for ", asked), got[0].OrderIDs, append([]string{}, ids[:given]...))
	}
}
