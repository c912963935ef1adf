package mongostore

import (
	"context"
	"errors"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"

	"deskwatch/core"
)

// customerGroup is a customer's orders, counted.
type customerGroup struct {
	Customer string `bson:"_id"`
	Orders   int64  `bson:"n"`
	// Latest says whether the latest import of the customer recognised it; nil for one only
	// other programs wrote.
	Latest *struct {
		Recognised bool `bson:"v"`
	} `bson:"recognised"`
	Foreign     int64  `bson:"foreign"` // the next three only for Counts
	First, Last string `bson:",omitempty"`
}

// eachCustomer hands over the customers of the matching documents with their distinct orders,
// sorted by identity. more are accumulators over the documents. As for breaches the ids of a
// customer are kept as a set, unless that is too large for the server.
func (b *Book) eachCustomer(ctx context.Context, match, more bson.D, give func(customerGroup) error) error {
	shown := bson.D{}
	for _, e := range more {
		shown = append(shown, bson.E{Key: e.Key, Value: 1})
	}
	sorted := stage("$sort", bson.D{{Key: "_id", Value: 1}})
	inOne := bson.A{
		stage("$match", match),
		stage("$group", append(bson.D{{Key: "_id", Value: b.customer()}, {Key: "ids", Value: bson.D{{Key: "$addToSet", Value: b.orderID()}}}}, more...)),
		stage("$project", append(bson.D{{Key: "n", Value: bson.D{{Key: "$size", Value: "$ids"}}}}, shown...)),
		sorted,
	}
	again := bson.D{}
	for _, e := range more {
		operator := e.Value.(bson.D)[0].Key
		again = append(again, bson.E{Key: e.Key, Value: bson.D{{Key: operator, Value: "$" + e.Key}}})
	}
	inTwo := bson.A{
		stage("$match", match),
		stage("$group", append(bson.D{{Key: "_id", Value: bson.D{{Key: "c", Value: b.customer()}, {Key: "id", Value: b.orderID()}}}}, more...)),
		stage("$group", append(bson.D{{Key: "_id", Value: "$_id.c"}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}}}, again...)),
		sorted,
	}
	take := func(doc bson.Raw) error {
		var c customerGroup
		if err := bson.Unmarshal(doc, &c); err != nil {
			return err
		}
		return give(c)
	}
	err := b.aggregate(ctx, b.orders(), inOne, take)
	if tooLargeAnswer(err) { // before it gave any: it sorts last
		err = b.aggregate(ctx, b.orders(), inTwo, take)
	}
	return err
}

// recognition is the accumulator for customerGroup.Latest.
func recognition(s state) bson.D {
	if s.Committed == 0 {
		return nil
	}
	flag := latestOf(recognisedField)[0].Value
	return bson.D{{Key: "recognised", Value: bson.D{{Key: "$max", Value: bson.D{{Key: "$cond", Value: bson.A{
		bson.D{{Key: "$gt", Value: bson.A{"$" + batchField, 0}}}, flag, nil}}}}}}}
}

func (c customerGroup) known() knownCustomers {
	if c.Latest == nil {
		return nil
	}
	return knownCustomers{c.Customer: {matches: c.Latest.Recognised}}
}

// pageTotal is the total of the list of customers somebody pages through. Following pages take
// it from here and read only on from where they begin.
type pageTotal struct {
	mu    sync.Mutex
	key   pageKey
	total int64
}

type pageKey struct{ recognised, hasClient, committed, changes int64 }

func choice(c *bool) int64 {
	switch {
	case c == nil:
		return 0
	case *c:
		return 1
	}
	return 2
}

func (p *pageTotal) set(key pageKey, total int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.key, p.total = key, total
}

func (p *pageTotal) get(key pageKey) (int64, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.total, p.key == key && p.total > 0
}

// Customers pages through the customers that have orders. The total of a following page is
// that of the first one.
func (b *Book) Customers(ctx context.Context, q core.CustomerQuery) (page core.CustomerPage, err error) {
	err = b.read(ctx, "mongostore.customers", func(ctx context.Context, s state) (err error) {
		page, err = b.customersPage(ctx, s, q)
		return err
	})
	return page, err
}

var errPageFull = errors.New("the page is full")

func (b *Book) customersPage(ctx context.Context, s state, q core.CustomerQuery) (page core.CustomerPage, err error) {
	limit := clamp(q.Limit, 100, 10_000)
	match, key := b.everyOrder(s), pageKey{choice(q.Recognised), choice(q.HasClient), s.Committed, s.Changes}
	total, following := b.customerTotal.get(key)
	following = following && q.After != ""
	if following {
		match = both(bson.D{{Key: b.fields.Customer, Value: bson.D{{Key: "$gt", Value: q.After}}}}, match)
	}
	ids := b.opt.Identities()
	take := func(c core.Customer) error {
		if q.HasClient != nil && *q.HasClient != c.HasClient {
			return nil
		}
		page.Total++
		switch {
		case c.Customer <= q.After:
		case len(page.Customers) < limit:
			page.Customers = append(page.Customers, c)
		case page.Next == "":
			page.Next = page.Customers[limit-1].Customer
			if following {
				return errPageFull
			}
		}
		return nil
	}
	with, err := b.clientMarker(ctx, take)
	if err != nil {
		return page, err
	}
	err = b.eachCustomer(ctx, match, recognition(s), func(c customerGroup) error {
		k := core.Customer{Customer: c.Customer, Orders: c.Orders, Recognised: c.known().recognised(c.Customer, ids)}
		if q.Recognised != nil && *q.Recognised != k.Recognised {
			return nil
		}
		return with.add(ctx, k)
	})
	if err == nil {
		err = with.flush(ctx)
	}
	if err != nil && !errors.Is(err, errPageFull) {
		return page, err
	}
	if following {
		page.Total = total
	} else {
		b.customerTotal.set(key, page.Total)
	}
	return page, b.nameCustomers(ctx, s, page.Customers)
}

// nameCustomers fills in what the orders' rows said.
func (b *Book) nameCustomers(ctx context.Context, s state, customers []core.Customer) error {
	names := map[string]bool{}
	for _, c := range customers {
		names[c.Customer] = true
	}
	known, err := b.known(ctx, s, names)
	for i := range customers {
		c := &customers[i]
		c.Name, c.Email = known[c.Customer].name, known[c.Customer].email
	}
	return err
}

// mostKnown is how many identities of clients are held at once.
const mostKnown = 200_000

// clientMarker finds out block by block which customers have a client and passes them on, in
// order. Of few clients it knows all identities from the beginning.
type clientMarker struct {
	b     *Book
	all   map[string]bool // nil: ask for each block
	block []core.Customer
	give  func(core.Customer) error
}

func (b *Book) clientMarker(ctx context.Context, give func(core.Customer) error) (*clientMarker, error) {
	m := &clientMarker{b: b, give: give}
	n, err := b.clients().EstimatedDocumentCount(ctx)
	if err != nil || n > mostKnown {
		return m, err
	}
	m.all = map[string]bool{}
	return m, b.eachClient(ctx, func(c core.Client) { m.all[c.Customer] = true })
}

func (m *clientMarker) add(ctx context.Context, c core.Customer) error {
	if m.all != nil {
		c.HasClient = m.all[c.Customer]
		return m.give(c)
	}
	m.block = append(m.block, c)
	if len(m.block) < longestList {
		return nil
	}
	return m.flush(ctx)
}

func (m *clientMarker) flush(ctx context.Context) error {
	names := map[string]bool{}
	for _, c := range m.block {
		names[c.Customer] = true
	}
	clients, err := m.b.clientsOf(ctx, names)
	if err != nil {
		return err
	}
	for _, c := range m.block {
		_, c.HasClient = clients[c.Customer]
		if err := m.give(c); err != nil {
			return err
		}
	}
	m.block = m.block[:0]
	return nil
}
