package mongostore

import (
	"cmp"
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"deskwatch/core"
	"deskwatch/core/orders"
)

// windows counts orders within days in a row. The server finds the days of each order of each
// customer and how many orders have the same ones; which window holds the most is found here,
// customer by customer. An order of ours has one day. One of several documents of other programs
// may have several: it counts in each window that holds one of them, and there once.
func (f *breachSearch) windows(ctx context.Context) error {
	f.idsMissing = f.q.OrderIDs > 0
	// As in months, keys are texts; the length of the customer keeps apart where it ends.
	order := bson.D{{Key: "$concat", Value: bson.A{
		bson.D{{Key: "$toString", Value: bson.D{{Key: "$strLenBytes", Value: f.b.customer()}}}}, ":", f.b.customer(), f.b.orderID(),
	}}}
	days := bson.D{{Key: "$reduce", Value: bson.D{
		{Key: "input", Value: "$d"}, {Key: "initialValue", Value: ""}, {Key: "in", Value: bson.D{{Key: "$concat", Value: bson.A{"$$value", "$$this"}}}},
	}}}
	var customer string
	var seen []sameDays
	end := func() {
		if f.only == nil || f.only[customer] {
			f.takeWindows(customer, seen)
		}
		seen = seen[:0]
	}
	err := f.b.aggregate(ctx, f.b.orders(), bson.A{
		stage("$match", f.match),
		stage("$group", bson.D{
			{Key: "_id", Value: order}, {Key: "c", Value: bson.D{{Key: "$first", Value: f.b.customer()}}},
			{Key: "d", Value: bson.D{{Key: "$addToSet", Value: f.b.dateText(dayLength)}}},
		}),
		stage("$group", bson.D{
			{Key: "_id", Value: bson.D{{Key: "$concat", Value: bson.A{days, ":", "$c"}}}},
			{Key: "c", Value: bson.D{{Key: "$first", Value: "$c"}}}, {Key: "d", Value: bson.D{{Key: "$first", Value: "$d"}}},
			{Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}},
		}),
		stage("$project", bson.D{{Key: "_id", Value: 0}, {Key: "c", Value: 1}, {Key: "d", Value: 1}, {Key: "n", Value: 1}}),
		stage("$sort", bson.D{{Key: "c", Value: 1}}),
	}, func(doc bson.Raw) error {
		var g struct {
			Customer string   `bson:"c"`
			Days     []string `bson:"d"`
			N        int      `bson:"n"`
		}
		if err := bson.Unmarshal(doc, &g); err != nil {
			return err
		}
		if g.Customer != customer {
			end()
			customer = g.Customer
		}
		same := sameDays{orders: g.N}
		for _, text := range g.Days {
			if day, ok := readDay(text); ok {
				same.days = append(same.days, day)
			}
		}
		slices.Sort(same.days)
		seen = append(seen, same)
		return nil
	})
	if err == nil {
		end()
	}
	return err
}

// sameDays is how many orders of a customer have exactly these days, in order.
type sameDays struct {
	days   []core.Day
	orders int
}

func (f *breachSearch) takeWindows(customer string, seen []sameDays) {
	total := 0
	for _, s := range seen {
		total += s.orders
	}
	if total < f.q.Threshold {
		return
	}
	for _, w := range bestWindows(seen, f.q.Days, f.q.Threshold) {
		if w.Period < f.q.From || f.q.To != 0 && w.Period > f.q.To {
			continue
		}
		f.list = append(f.list, core.Breach{Customer: customer, Period: w.Period, From: w.From, To: w.To, Count: w.Orders, OrderIDs: []string{}})
	}
}

// bestWindows is orders.Windows for orders that may have several days.
func bestWindows(seen []sameDays, n, threshold int) []orders.Window {
	// Orders of one day each are the rule.
	if !slices.ContainsFunc(seen, func(s sameDays) bool { return len(s.days) > 1 }) {
		return orders.Windows(dayCounts(seen, lastDay, 1<<30), n, threshold)
	}
	// Else each window is looked at by itself: in the one that ends on a day an order counts on
	// the last of its days until then.
	var ends []core.Day
	for _, s := range seen {
		ends = append(ends, s.days...)
	}
	slices.Sort(ends)
	var best []orders.Window
	for _, end := range slices.Compact(ends) {
		list := orders.Windows(dayCounts(seen, end, n), n, threshold)
		if len(list) == 0 || list[len(list)-1].To != end {
			continue
		}
		w := list[len(list)-1]
		switch last := len(best) - 1; {
		case last < 0 || best[last].Period != w.Period:
			best = append(best, w)
		case w.Orders >= best[last].Orders:
			best[last] = w
		}
	}
	return best
}

// dayCounts counts the orders of the n days until end, each on its last day until then.
func dayCounts(seen []sameDays, end core.Day, n int) []orders.DayCount {
	var list []orders.DayCount
	for _, s := range seen {
		at, found := slices.BinarySearch(s.days, end)
		if !found {
			at--
		}
		if at >= 0 && int(end-s.days[at]) < n {
			list = append(list, orders.DayCount{Day: s.days[at], Orders: s.orders})
		}
	}
	slices.SortFunc(list, func(x, y orders.DayCount) int { return cmp.Compare(x.Day, y.Day) })
	merged := list[:0]
	for _, d := range list {
		if last := len(merged) - 1; last >= 0 && merged[last].Day == d.Day {
			merged[last].Orders += d.Orders
		} else {
			merged = append(merged, d)
		}
	}
	return merged
}

// listOrderIDs reads the first order ids of each breach: one pass over the matching documents
// of which no more is kept than is asked for.
func (f *breachSearch) listOrderIDs(ctx context.Context) error {
	if len(f.list) == 0 {
		return nil
	}
	at := map[string][]int{}
	for i, br := range f.list {
		f.list[i].OrderIDs = []string{}
		at[br.Customer] = append(at[br.Customer], i)
	}
	match := f.match
	if len(at) <= longestList && f.q.Customers == nil {
		var names []string
		for name := range at {
			names = append(names, name)
		}
		match = both(isOneOf(f.b.fields.Customer, names), match)
	}
	return f.b.aggregate(ctx, f.b.orders(), bson.A{
		stage("$match", match),
		stage("$project", bson.D{{Key: "_id", Value: 0}, {Key: "c", Value: f.b.customer()}, {Key: "d", Value: f.b.dateText(dayLength)}, {Key: "id", Value: f.b.orderID()}}),
	}, func(doc bson.Raw) error {
		customer, ok := doc.Lookup("c").StringValueOK()
		day, dated := readDay(text(doc.Lookup("d")))
		if !ok || !dated {
			return nil
		}
		for _, i := range at[customer] {
			if br := &f.list[i]; f.q.Days == 0 && day.Month() == br.Period || f.q.Days > 0 && day >= br.From && day <= br.To {
				br.OrderIDs = keepFirst(br.OrderIDs, text(doc.Lookup("id")), f.q.OrderIDs)
			}
		}
		return nil
	})
}

// keepFirst adds an id to sorted ones unless it is there, and keeps the first most of them.
func keepFirst(ids []string, id string, most int) []string {
	at, found := slices.BinarySearch(ids, id)
	if found || at >= most {
		return ids
	}
	if len(ids) == most {
		ids = ids[:most-1]
	}
	return slices.Insert(ids, at, id)
}
