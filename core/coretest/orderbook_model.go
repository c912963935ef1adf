package coretest

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"deskwatch/core"
)

// model is an order book computed plainly: whole copies, no index, no shortcut.
type model struct {
	orders map[string]modelOrder
	undo   []map[string]modelOrder // the orders before each import that still counts
	ids    []int64
}

type modelOrder struct {
	last  core.OrderRow
	lines map[string]core.OrderRow // nil without line ids
}

func (o modelOrder) equal(p modelOrder) bool {
	same := func(a, b core.OrderRow) bool {
		return a.Day == b.Day && a.Status == b.Status && a.RawStatus == b.RawStatus && a.Amount == b.Amount && a.HasAmount == b.HasAmount
	}
	a, b := o.last, p.last
	if (o.lines == nil) != (p.lines == nil) || a.Customer != b.Customer || a.Day != b.Day || a.Status != b.Status || a.RawStatus != b.RawStatus {
		return false
	}
	if o.lines == nil {
		return same(a, b)
	}
	return maps.EqualFunc(o.lines, p.lines, same)
}

func (o modelOrder) order() core.Order {
	r := o.last
	v := core.Order{
		OrderID: r.OrderID, Customer: r.Customer, Day: r.Day, Statuses: core.NewStatusSet(r.Status), Status: r.Status, RawStatus: r.RawStatus,
		Amount: r.Amount, HasAmount: r.HasAmount, Lines: len(o.lines),
	}
	if o.lines != nil {
		v.Statuses, v.Amount, v.HasAmount = 0, 0, false
		for _, l := range o.lines {
			v.Statuses |= core.NewStatusSet(l.Status)
			if l.HasAmount {
				v.Amount, v.HasAmount = v.Amount+l.Amount, true
			}
		}
	}
	return v
}

func (m *model) load(id int64, rows []core.OrderRow, lines bool) core.ImportCounts {
	before := m.orders
	m.undo, m.ids = append(m.undo, before), append(m.ids, id)
	m.orders = maps.Clone(before)
	named := map[string]bool{}
	for _, r := range rows {
		named[r.OrderID] = true
		o := modelOrder{last: r}
		if lines {
			if o.lines = maps.Clone(m.orders[r.OrderID].lines); o.lines == nil {
				o.lines = map[string]core.OrderRow{}
			}
			o.lines[r.LineID] = r
		}
		m.orders[r.OrderID] = o
	}
	var c core.ImportCounts
	for id := range named {
		old, was := before[id]
		switch {
		case !was:
			c.OrdersNew++
		case old.equal(m.orders[id]):
			c.OrdersUnchanged++
			m.orders[id] = old
		default:
			c.OrdersChanged++
		}
	}
	return c
}

func (m *model) breaches(q core.BreachQuery) []core.Breach {
	if q.Days > 0 {
		return m.windows(q)
	}
	type key struct {
		customer string
		month    core.Month
	}
	ids := map[key][]string{}
	for id, o := range m.orders {
		if v := o.order(); v.Statuses&q.Statuses != 0 {
			k := key{v.Customer, v.Day.Month()}
			ids[k] = append(ids[k], id)
		}
	}
	list := []core.Breach{}
	for k, l := range ids {
		if len(l) >= q.Threshold {
			slices.Sort(l)
			list = append(list, core.Breach{Customer: k.customer, Period: k.month, Count: len(l), OrderIDs: append([]string{}, l[:min(len(l), q.OrderIDs)]...)})
		}
	}
	slices.SortFunc(list, func(a, b core.Breach) int {
		return cmp.Or(cmp.Compare(a.Period, b.Period), cmp.Compare(a.Customer, b.Customer))
	})
	return list
}

// windows tries every window that ends on the day of an order.
func (m *model) windows(q core.BreachQuery) []core.Breach {
	type key struct {
		customer string
		month    core.Month
	}
	type last struct {
		customer string
		day      core.Day
	}
	matching := map[string][]core.Order{}
	for _, o := range m.orders {
		if v := o.order(); v.Statuses&q.Statuses != 0 {
			matching[v.Customer] = append(matching[v.Customer], v)
		}
	}
	ends := map[last]core.Breach{}
	for customer, list := range matching {
		for _, end := range list {
			br := core.Breach{Customer: customer, Period: end.Day.Month(), From: end.Day, To: end.Day, OrderIDs: []string{}}
			for _, v := range list {
				if v.Day <= end.Day && v.Day > end.Day-core.Day(q.Days) {
					br.From = min(br.From, v.Day)
					br.OrderIDs = append(br.OrderIDs, v.OrderID)
				}
			}
			br.Count = len(br.OrderIDs)
			ends[last{customer, end.Day}] = br
		}
	}
	most := map[key]core.Breach{}
	for _, br := range ends {
		k := key{br.Customer, br.Period}
		other, had := most[k]
		if br.Count < q.Threshold || had && (other.Count > br.Count || other.Count == br.Count && other.To > br.To) {
			continue
		}
		slices.Sort(br.OrderIDs)
		br.OrderIDs = append([]string{}, br.OrderIDs[:min(br.Count, q.OrderIDs)]...)
		most[k] = br
	}
	list := slices.AppendSeq([]core.Breach{}, maps.Values(most))
	slices.SortFunc(list, func(a, b core.Breach) int {
		return cmp.Or(cmp.Compare(a.Period, b.Period), cmp.Compare(a.Customer, b.Customer))
	})
	return list
}

// agreesWithModel does random imports and undos and compares all answers after each.
func agreesWithModel(t *testing.T, b *book) {
	r := rand.New(rand.NewPCG(7, 11))
	m := &model{orders: map[string]modelOrder{}}
	steps := 45
	if testing.Short() {
		steps = 15
	}
	for step := range steps {
		if len(m.ids) > 0 && r.IntN(4) == 0 {
			last := len(m.ids) - 1
			b.undo(m.ids[last])
			m.orders, m.undo, m.ids = m.undo[last], m.undo[:last], m.ids[:last]
		} else {
			lines := r.IntN(3) == 0
			rows := randomRows(r, lines)
			im := b.begin(rows[:1]...)
			for rest := rows[1:]; len(rest) > 0; {
				n := 1 + r.IntN(len(rest))
				b.check(im.Put(t.Context(), rest[:n]))
				rest = rest[n:]
			}
			counts, err := im.Settle(t.Context())
			b.check(err)
			id, err := im.Commit(t.Context(), int64(len(rows)), 0)
			b.check(err)
			equal(t, fmt.Sprintf("step %d: counts", step), counts, m.load(id, rows, lines))
		}
		b.compare(fmt.Sprintf("step %d", step), m, r)
	}
}

func randomRows(r *rand.Rand, lines bool) []core.OrderRow {
	size := 1 + r.IntN(12)
	if r.IntN(5) == 0 {
		size = 100 + r.IntN(150)
	}
	rows := make([]core.OrderRow, size)
	for i := range rows {
		customer := fmt.Sprintf("c_%d", r.IntN(8))
		// Few days, so that rows often say nothing new; they lie around the ends of months.
		day := [...]string{"2023-12-30", "2023-12-31", "2024-01-01", "2024-01-30", "2024-02-29", "2024-03-01"}[r.IntN(6)]
		rows[i] = Row(fmt.Sprint("o", r.IntN(300)), customer, day, core.Status(r.IntN(6)))
		if r.IntN(2) == 0 {
			rows[i].Amount, rows[i].HasAmount = core.Amount(r.IntN(2)*10), true
		}
		if lines {
			rows[i].LineID = fmt.Sprint(r.IntN(3))
		}
	}
	return rows
}

func (b *book) compare(what string, m *model, r *rand.Rand) {
	b.t.Helper()
	byCustomer := map[string][]core.Order{}
	for _, o := range m.orders {
		v := o.order()
		byCustomer[v.Customer] = append(byCustomer[v.Customer], v)
	}
	equal(b.t, what+": customers", b.customers(), slices.AppendSeq([]string{}, slices.Values(slices.Sorted(maps.Keys(byCustomer)))))
	for c, want := range byCustomer {
		slices.SortFunc(want, func(x, y core.Order) int { return cmp.Or(cmp.Compare(y.Day, x.Day), cmp.Compare(x.OrderID, y.OrderID)) })
		equal(b.t, what+": orders of "+c, b.orders(c), want)
	}
	counts, err := b.Counts(b.t.Context())
	b.check(err)
	equal(b.t, what+": count", counts.Orders, int64(len(m.orders)))
	for _, set := range []core.StatusSet{problems, core.NewStatusSet(returned), core.StatusSet(1 + r.IntN(63))} {
		q := core.BreachQuery{Statuses: set, Threshold: 1 + r.IntN(4), OrderIDs: r.IntN(5)}
		for _, days := range []int{0, 2 + r.IntN(64)} {
			q.Days = days
			got := b.breaches(q)
			if len(got) == 0 {
				got = []core.Breach{}
			}
			equal(b.t, fmt.Sprintf("%s: breaches %v", what, q), got, m.breaches(q))
		}
	}
}
