package mongostore

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"deskwatch/core"
)

const (
	opClients    = "mongostore.clients"
	fewClients   = 100    // that many are asked for by name
	wholeClients = 50_000 // so many are read as a whole rather than asked for by name
)

func clientID(customer string) string { return ownField + ":" + customer }

// ourClients matches clients of ours by their _id. Another program may have such an _id; then
// it has no such mark.
func ourClients(id any, origin any) bson.D {
	return bson.D{{Key: "_id", Value: id}, {Key: ownField + ".origin", Value: origin}}
}

// readClient reads a document of the clients collection; ok is false when it names no customer.
func (b *Book) readClient(doc bson.Raw) (c core.Client, ours, ok bool) {
	c.Customer = text(doc.Lookup(b.fields.ClientCustomer))
	c.Email = text(doc.Lookup(b.fields.ClientEmail))
	c.Identification = text(doc.Lookup(b.fields.ClientIdentification))
	var own ownClient
	_, marked := doc.Lookup(ownField, "origin").StringValueOK()
	if marked && text(doc.Lookup("_id")) == clientID(c.Customer) && doc.Lookup(ownField).Unmarshal(&own) == nil {
		c.Name, c.Origin, c.CreatedAt = own.Name, core.ClientOrigin(own.Origin), time.UnixMilli(own.CreatedAt).UTC()
		return c, true, c.Customer != ""
	}
	name, _ := b.opt.Identities().Match(c.Customer)
	c.Name, c.Origin = cmp.Or(name, c.Customer), core.OriginOther
	return c, false, c.Customer != ""
}

// clientFields is the projection readClient needs.
func (b *Book) clientFields() bson.D {
	return bson.D{
		{Key: b.fields.ClientCustomer, Value: 1}, {Key: b.fields.ClientEmail, Value: 1},
		{Key: b.fields.ClientIdentification, Value: 1}, {Key: ownField, Value: 1},
	}
}

// clientsOf returns the clients of some customers. Where a customer has several, ours counts,
// and else the first by _id. They are asked for by name, unless
// they are many and the collection is small.
func (b *Book) clientsOf(ctx context.Context, names map[string]bool) (map[string]core.Client, error) {
	type found struct {
		core.Client
		ours bool
		id   bson.RawValue
	}
	best, clients := map[string]found{}, map[string]core.Client{}
	if len(names) == 0 {
		return clients, nil
	}
	filters, o := b.named(names), options.Find().SetProjection(b.clientFields())
	if len(names) > fewClients {
		n, err := b.clients().EstimatedDocumentCount(ctx)
		if err != nil {
			return nil, err
		}
		if n <= wholeClients {
			// So few are read sooner than servers pick fields out of them.
			filters, o = []bson.D{{}}, options.Find()
		}
	}
	take := func(doc bson.Raw) error {
		if !names[text(doc.Lookup(b.fields.ClientCustomer))] {
			return nil
		}
		c, ours, _ := b.readClient(doc)
		id := doc.Lookup("_id")
		if old, there := best[c.Customer]; !there || ours || !old.ours && earlier(id, old.id) {
			id.Value = slices.Clone(id.Value)
			best[c.Customer] = found{c, ours, id}
		}
		return nil
	}
	for _, filter := range filters {
		if err := b.find(ctx, b.clients(), filter, o, take); err != nil {
			return nil, err
		}
	}
	for name, c := range best {
		clients[name] = c.Client
	}
	return clients, nil
}

// earlier reports whether one _id sorts before another.
func earlier(x, y bson.RawValue) bool {
	if nx, ok := x.AsFloat64OK(); ok {
		if ny, ok := y.AsFloat64OK(); ok {
			return nx < ny
		}
	}
	if x.Type != y.Type {
		return x.Type < y.Type // as in BSON's order but for rare types
	}
	if sx, ok := x.StringValueOK(); ok {
		return sx < y.StringValue()
	}
	return bytes.Compare(x.Value, y.Value) < 0
}

// named makes filters for the clients of some customers, of bounded length each.
func (b *Book) named(names map[string]bool) []bson.D {
	var filters []bson.D
	for all := slices.Collect(maps.Keys(names)); len(all) > 0; {
		n := min(len(all), longestList)
		filters = append(filters, isOneOf(b.fields.ClientCustomer, all[:n]))
		all = all[n:]
	}
	return filters
}

// AddClients adds those whose customer has no client yet, of ours or of other programs.
func (b *Book) AddClients(ctx context.Context, clients []core.Client) (int64, error) {
	added, err := b.addClients(ctx, clients)
	kept := "No client was added."
	if added > 0 {
		kept = "Some of the clients were added; adding them again adds the others."
	}
	return added, b.fault(opClients, kept, err)
}

func (b *Book) addClients(ctx context.Context, clients []core.Client) (added int64, err error) {
	names := map[string]bool{}
	for _, c := range clients {
		names[c.Customer] = true
	}
	there, err := b.clientsOf(ctx, names)
	if err != nil {
		return 0, err
	}
	var writes []mongo.WriteModel
	write := func() error {
		if len(writes) == 0 {
			return nil
		}
		r, err := b.clients().BulkWrite(ctx, writes, options.BulkWrite().SetOrdered(false))
		if r != nil {
			added += r.UpsertedCount
		}
		writes = writes[:0]
		return err
	}
	for _, c := range clients {
		if _, is := there[c.Customer]; is || c.Customer == "" {
			continue
		}
		writes = append(writes, mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: clientID(c.Customer)}}).
			SetUpdate(bson.D{{Key: "$setOnInsert", Value: b.clientDocument(c)}}).SetUpsert(true))
		if len(writes) == longestList {
			if err := write(); err != nil {
				return added, err
			}
		}
	}
	return added, write()
}

// clientDocument is a client of ours but for its _id.
func (b *Book) clientDocument(c core.Client) bson.D {
	return bson.D{
		{Key: b.fields.ClientCustomer, Value: c.Customer},
		{Key: b.fields.ClientEmail, Value: c.Email},
		{Key: b.fields.ClientIdentification, Value: c.Identification},
		{Key: ownField, Value: ownClient{Name: c.Name, Origin: string(c.Origin), CreatedAt: c.CreatedAt.UnixMilli()}},
	}
}

// UpdateClient changes one client. One of another program stays as it is: ours is made over it.
func (b *Book) UpdateClient(ctx context.Context, customer string, patch core.ClientPatch) (c core.Client, err error) {
	if err = b.updateClient(ctx, customer, patch); err != nil {
		return c, b.fault(opClients, "", err)
	}
	err = b.read(ctx, opClients, func(ctx context.Context, s state) error {
		found, err := b.clientsOf(ctx, map[string]bool{customer: true})
		if err != nil {
			return err
		}
		list := []core.Client{found[customer]}
		err = b.countOrdersOf(ctx, s, list)
		c = list[0]
		return err
	})
	return c, err
}

func (b *Book) updateClient(ctx context.Context, customer string, patch core.ClientPatch) error {
	set := bson.D{{Key: ownField + ".origin", Value: string(core.OriginHand)}}
	for field, v := range map[string]*string{ownField + ".name": patch.Name, b.fields.ClientEmail: patch.Email, b.fields.ClientIdentification: patch.Identification} {
		if v != nil {
			set = append(set, bson.E{Key: field, Value: *v})
		}
	}
	id := clientID(customer)
	ours := ourClients(id, bson.D{{Key: "$type", Value: "string"}})
	change := bson.D{{Key: "$set", Value: set}}
	r, err := b.clients().UpdateOne(ctx, ours, change)
	if err != nil || r.MatchedCount > 0 {
		return err
	}
	found, err := b.clientsOf(ctx, map[string]bool{customer: true})
	if err != nil {
		return err
	}
	c, is := found[customer]
	if !is {
		return core.NewError(core.CodeNotFound, opClients, "There is no client "+customer+".", nil)
	}
	c.Origin, c.CreatedAt = core.OriginHand, b.opt.Now()
	// Two steps, either of which may be done twice: another desk may do the same meanwhile.
	if _, err := b.clients().UpdateByID(ctx, id, bson.D{{Key: "$setOnInsert", Value: b.clientDocument(c)}}, options.UpdateOne().SetUpsert(true)); err != nil {
		return err
	}
	r, err = b.clients().UpdateOne(ctx, ours, change)
	if err == nil && r.MatchedCount == 0 {
		return core.NewError(core.CodeConflict, opClients, "Another program has a client with the _id "+id+
			", which Deskwatch would need for a change. It was left as it is; change the client where it was made.", nil)
	}
	return err
}

// RemoveClients removes the clients of one origin; those of other programs stay.
func (b *Book) RemoveClients(ctx context.Context, origin core.ClientOrigin) (int64, error) {
	r, err := b.clients().DeleteMany(ctx, ourClients(beginsWith(ownField+":"), string(origin)))
	if err != nil {
		return 0, b.fault(opClients, "Some of the clients may have been removed.", err)
	}
	return r.DeletedCount, nil
}
