package mongostore

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"deskwatch/core"
	"deskwatch/core/orders"
)

const mostOrderIDs = 1000

// Breaches lists the breaches in what is committed and in what other programs wrote.
func (b *Book) Breaches(ctx context.Context, q core.BreachQuery) (list []core.Breach, err error) {
	err = b.read(ctx, opBreaches, func(ctx context.Context, s state) (err error) {
		list, err = b.breaches(ctx, s, q)
		return err
	})
	return list, err
}

const opBreaches = "mongostore.breaches"

// breaches answers from one state.
func (b *Book) breaches(ctx context.Context, s state, q core.BreachQuery) ([]core.Breach, error) {
	if q.Statuses == 0 {
		return nil, core.NewError(core.CodeInvalid, opBreaches, "No status was chosen. Choose at least one.", nil)
	}
	if err := orders.CheckWindow(opBreaches, q.Days); err != nil {
		return nil, err
	}
	q.Threshold = max(q.Threshold, 1)
	q.OrderIDs = min(max(q.OrderIDs, 0), mostOrderIDs)
	if q.Customers != nil && len(q.Customers) == 0 {
		return []core.Breach{}, nil
	}
	days := monthsSpan(q.From, q.To)
	if q.Days > 0 {
		days.from = max(days.from-core.Day(q.Days-1), firstDay) // a window may begin before the month it ends in
	}
	match, some, err := b.withStatus(ctx, s, q.Statuses, days)
	if err != nil || !some {
		return []core.Breach{}, err
	}
	f := breachSearch{b: b, s: s, q: q, match: match}
	f.chooseCustomers()
	if q.Days > 0 {
		err = f.windows(ctx)
	} else {
		err = f.months(ctx)
	}
	if err == nil {
		f.list, err = b.recognised(ctx, s, f.list)
	}
	if err == nil && f.idsMissing {
		err = f.listOrderIDs(ctx)
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(f.list, func(x, y core.Breach) int {
		return cmp.Or(cmp.Compare(x.Period, y.Period), cmp.Compare(x.Customer, y.Customer))
	})
	return f.list, nil
}

// breachSearch is one question for breaches.
type breachSearch struct {
	b          *Book
	s          state
	q          core.BreachQuery
	match      bson.D
	only       map[string]bool // customers asked for that the server does not filter; nil for all
	list       []core.Breach
	idsMissing bool // the ids have to be read by another question
}

// chooseCustomers lets the server look for some customers only. Many are chosen here: servers
// differ in what a long list costs them.
func (f *breachSearch) chooseCustomers() {
	f.list = []core.Breach{}
	if f.q.Customers == nil {
		return
	}
	if len(f.q.Customers) <= longestList {
		f.match = both(isOneOf(f.b.fields.Customer, f.q.Customers), f.match)
		return
	}
	f.only = make(map[string]bool, len(f.q.Customers))
	for _, c := range f.q.Customers {
		f.only[c] = true
	}
}

// months has the server count the distinct orders of each customer and month. The key of a
// group is one text, the month and then the customer: texts group several times faster than
// documents do, and in their order the breaches are in theirs.
//
// The order ids of a group are kept, and made distinct only where there are enough of them, which
// spares nearly all groups the work. A group too large for that, of some hundred thousand
// documents, is counted in two steps instead.
func (f *breachSearch) months(ctx context.Context) error {
	key := bson.D{{Key: "$concat", Value: bson.A{f.b.dateText(monthLength), f.b.customer()}}}
	reach := bson.D{}
	if f.q.Threshold > 1 {
		reach = bson.D{{Key: fmt.Sprintf("ids.%d", f.q.Threshold-1), Value: bson.D{{Key: "$exists", Value: true}}}}
	}
	distinct := bson.D{{Key: "$setUnion", Value: bson.A{bson.D{{Key: "$map", Value: bson.D{
		{Key: "input", Value: "$ids"}, {Key: "as", Value: "id"}, {Key: "in", Value: bson.D{{Key: "$toString", Value: "$$id"}}}}}}}}}
	shown := bson.D{{Key: "n", Value: bson.D{{Key: "$size", Value: "$ids"}}}}
	first := bson.E{Key: "ids", Value: bson.D{{Key: "$slice", Value: bson.A{
		bson.D{{Key: "$sortArray", Value: bson.D{{Key: "input", Value: "$ids"}, {Key: "sortBy", Value: 1}}}}, f.q.OrderIDs}}}}
	inOne := func(shown bson.D) bson.A {
		return bson.A{
			stage("$match", f.match),
			stage("$group", bson.D{{Key: "_id", Value: key}, {Key: "ids", Value: bson.D{{Key: "$push", Value: "$" + f.b.fields.OrderID}}}}),
			stage("$match", reach),
			stage("$project", bson.D{{Key: "ids", Value: distinct}}),
			stage("$match", reach),
			stage("$project", shown),
			stage("$sort", bson.D{{Key: "_id", Value: 1}}),
		}
	}
	inTwo := bson.A{
		stage("$match", f.match),
		stage("$group", bson.D{{Key: "_id", Value: bson.D{{Key: "k", Value: key}, {Key: "id", Value: f.b.orderID()}}}}),
		stage("$group", bson.D{{Key: "_id", Value: "$_id.k"}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}}}),
		stage("$match", bson.D{{Key: "n", Value: bson.D{{Key: "$gte", Value: f.q.Threshold}}}}),
		stage("$sort", bson.D{{Key: "_id", Value: 1}}),
	}
	forms := []bson.A{inOne(shown), inTwo}
	if f.q.OrderIDs > 0 {
		forms = append([]bson.A{inOne(append(shown, first))}, forms...)
	}
	var err error
	for i, form := range forms {
		f.idsMissing = f.q.OrderIDs > 0 && i > 0
		f.list = f.list[:0]
		if err = f.b.aggregate(ctx, f.b.orders(), form, f.takeMonth); !tooLargeAnswer(err) && !unknownOperator(err) {
			break
		}
	}
	return err
}

func (f *breachSearch) takeMonth(doc bson.Raw) error {
	var g struct {
		Key string   `bson:"_id"`
		N   int      `bson:"n"`
		IDs []string `bson:"ids"`
	}
	if err := bson.Unmarshal(doc, &g); err != nil {
		return err
	}
	if len(g.Key) < monthLength {
		return nil
	}
	month, err := core.ParseMonth(g.Key[:monthLength])
	if err != nil {
		return nil // of a document of ours whose date somebody changed
	}
	customer := g.Key[monthLength:]
	if f.only != nil && !f.only[customer] {
		return nil
	}
	if g.IDs == nil {
		g.IDs = []string{}
	}
	f.list = append(f.list, core.Breach{Customer: customer, Period: month, Count: g.N, OrderIDs: g.IDs})
	return nil
}

// recognised leaves out the customers that no customer pattern has, and names the others: by
// their client, or else as an import's rows do.
func (b *Book) recognised(ctx context.Context, s state, list []core.Breach) ([]core.Breach, error) {
	names := map[string]bool{}
	for _, br := range list {
		names[br.Customer] = true
	}
	known, err := b.known(ctx, s, names)
	if err != nil {
		return nil, err
	}
	ids := b.opt.Identities()
	for name := range names {
		if !known.recognised(name, ids) {
			delete(names, name)
		}
	}
	clients, err := b.clientsOf(ctx, names)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(br core.Breach) bool { return !names[br.Customer] })
	for i := range list {
		br := &list[i]
		client, row := clients[br.Customer], known[br.Customer]
		br.Name, br.Email = cmp.Or(client.Name, row.name), cmp.Or(client.Email, row.email)
	}
	return list, nil
}
