package mongostore

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"deskwatch/core"
)

const opOrders = "mongostore.orders"

// Orders pages through one customer's orders, newest first, those of one day by order id.
func (b *Book) Orders(ctx context.Context, q core.OrderQuery) (page core.OrderPage, err error) {
	p := orderPage{q: q, limit: clamp(q.Limit, 100, 1000), days: allDays()}
	if q.From > firstDay && q.From != 0 {
		p.days.from = q.From
	}
	if q.To != 0 {
		p.days.to = q.To
	}
	if q.Statuses == 0 {
		p.q.Statuses = core.NewStatusSet(core.Statuses()...)
	}
	if q.After != "" {
		day, id, _ := strings.Cut(q.After, "/")
		n, err := strconv.ParseInt(day, 10, 32)
		if err != nil {
			return page, core.NewError(core.CodeInvalid, opOrders, "The list has changed. Start again from its beginning.", err)
		}
		p.after, p.afterID = core.Day(n), id
	}
	err = b.read(ctx, opOrders, func(ctx context.Context, s state) error {
		p.page = core.OrderPage{}
		return b.eachOrder(ctx, s, q.Customer, p.take)
	})
	return p.page, err
}

// orderPage picks a page from all orders of a customer.
type orderPage struct {
	q       core.OrderQuery
	days    span
	limit   int
	after   core.Day
	afterID string
	page    core.OrderPage
}

func (p *orderPage) take(o core.Order) {
	if o.Statuses&p.q.Statuses == 0 || o.Day < p.days.from || o.Day > p.days.to {
		return
	}
	p.page.Total++
	switch {
	case p.q.After != "" && cmp.Or(cmp.Compare(p.after, o.Day), cmp.Compare(o.OrderID, p.afterID)) <= 0:
	case len(p.page.Orders) < p.limit:
		p.page.Orders = append(p.page.Orders, o)
	case p.page.Next == "":
		last := p.page.Orders[p.limit-1]
		p.page.Next = fmt.Sprintf("%d/%s", last.Day, last.OrderID)
	}
}

// orderGroup is what the server makes of the documents of one order.
type orderGroup struct {
	ID    string        `bson:"_id"`
	Own   bson.RawValue `bson:"own"`  // of our document, null where there is none
	Raws  []*string     `bson:"raws"` // nil for our document
	Final *struct {
		Day string `bson:"d"`
		Raw string `bson:"s"`
	} `bson:"final"` // of the last document of another program
}

// eachOrder hands over a customer's orders, newest first. An order of other programs is what
// its last document says, by day and then _id, and has the statuses of all; what ours says
// counts before that.
func (b *Book) eachOrder(ctx context.Context, s state, customer string, give func(core.Order)) error {
	isOwn := bson.D{{Key: "$gt", Value: bson.A{"$" + batchField, 0}}}
	ownOr := func(own, foreign any) bson.D {
		return bson.D{{Key: "$cond", Value: bson.A{isOwn, own, foreign}}}
	}
	status := "$" + b.fields.Status
	day := b.dateText(dayLength)
	words := b.opt.Vocabulary()
	return b.aggregate(ctx, b.orders(), bson.A{
		stage("$match", both(bson.D{{Key: b.fields.Customer, Value: customer}}, b.everyOrder(s))),
		stage("$group", bson.D{
			{Key: "_id", Value: b.orderID()},
			{Key: "own", Value: bson.D{{Key: "$max", Value: ownOr("$"+ownField, nil)}}},
			{Key: "raws", Value: bson.D{{Key: "$addToSet", Value: ownOr(nil, status)}}},
			{Key: "final", Value: bson.D{{Key: "$max", Value: ownOr(nil, bson.D{{Key: "d", Value: day}, {Key: "i", Value: "$_id"}, {Key: "s", Value: status}})}}},
			{Key: "day", Value: bson.D{{Key: "$max", Value: bson.D{{Key: "o", Value: ownOr(1, 0)}, {Key: "v", Value: day}}}}},
		}),
		stage("$sort", bson.D{{Key: "day.v", Value: -1}, {Key: "_id", Value: 1}}),
	}, func(doc bson.Raw) error {
		var g orderGroup
		if err := bson.Unmarshal(doc, &g); err != nil {
			return err
		}
		o := core.Order{OrderID: g.ID, Customer: customer}
		for _, raw := range g.Raws {
			if raw != nil {
				status, _ := words.Status(*raw)
				o.Statuses |= core.NewStatusSet(status)
			}
		}
		switch {
		case g.Own.Type == bson.TypeEmbeddedDocument:
			var w own
			if err := g.Own.Unmarshal(&w); err != nil || w.fill(&o) != nil {
				return nil // somebody changed what we wrote; the other orders are worth showing
			}
		case g.Final != nil:
			o.Day, _ = readDay(g.Final.Day)
			o.Status, _ = words.Status(g.Final.Raw)
			o.RawStatus = g.Final.Raw
		}
		give(o)
		return nil
	})
}

// fill gives the order the values of our document.
func (w *own) fill(o *core.Order) error {
	o.Day, o.RawStatus, o.Lines = core.Day(w.Day), w.Raw, len(w.Lines)
	for _, word := range w.Statuses {
		status, err := core.ParseStatus(word)
		if err != nil {
			return err
		}
		o.Statuses |= core.NewStatusSet(status)
	}
	if w.Amount != nil {
		o.Amount, o.HasAmount = core.Amount(*w.Amount), true
	}
	var err error
	o.Status, err = core.ParseStatus(w.Status)
	return err
}
