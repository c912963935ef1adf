package mongostore

import (
	"context"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"deskwatch/core"
)

// eachClient hands over the clients of all customers, one each, sorted by customer.
func (b *Book) eachClient(ctx context.Context, give func(core.Client)) error {
	var last core.Client
	ours := false
	o := options.Find().SetProjection(b.clientFields()).SetAllowDiskUse(true).
		SetSort(bson.D{{Key: b.fields.ClientCustomer, Value: 1}, {Key: "_id", Value: 1}})
	err := b.find(ctx, b.clients(), bson.D{}, o, func(doc bson.Raw) error {
		c, own, ok := b.readClient(doc)
		switch {
		case !ok:
			return nil
		case c.Customer != last.Customer:
			if last.Customer != "" {
				give(last)
			}
		case !own || ours:
			return nil
		}
		last, ours = c, own
		return nil
	})
	if err == nil && last.Customer != "" {
		give(last)
	}
	return err
}

// Clients pages through the clients.
func (b *Book) Clients(ctx context.Context, q core.ClientQuery) (page core.ClientPage, err error) {
	limit := clamp(q.Limit, 100, 1000)
	wanted := lower(q.Text)
	err = b.read(ctx, opClients, func(ctx context.Context, s state) error {
		page = core.ClientPage{}
		err := b.eachClient(ctx, func(c core.Client) {
			if !strings.Contains(lower(c.Customer), wanted) && !strings.Contains(lower(c.Name), wanted) && !strings.Contains(lower(c.Email), wanted) {
				return
			}
			page.Total++
			switch {
			case c.Customer <= q.After:
			case len(page.Clients) < limit:
				page.Clients = append(page.Clients, c)
			case page.Next == "":
				page.Next = page.Clients[limit-1].Customer
			}
		})
		if err != nil {
			return err
		}
		return b.countOrdersOf(ctx, s, page.Clients)
	})
	return page, err
}

// lower is how texts are compared by the embedded book too: of letters only A to Z have a case.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// countOrdersOf fills in how many orders the clients' customers have; they are at most a page.
func (b *Book) countOrdersOf(ctx context.Context, s state, clients []core.Client) error {
	if len(clients) == 0 {
		return nil
	}
	at, names := map[string]int{}, []string{}
	for i, c := range clients {
		at[c.Customer] = i
		names = append(names, c.Customer)
	}
	return b.eachCustomer(ctx, both(isOneOf(b.fields.Customer, names), b.everyOrder(s)), nil, func(c customerGroup) error {
		if i, is := at[c.Customer]; is {
			clients[i].Orders = c.Orders
		}
		return nil
	})
}

// clamp returns n within 1..most, and preset for 0.
func clamp(n, preset, most int) int {
	if n == 0 {
		n = preset
	}
	return min(max(n, 1), most)
}
