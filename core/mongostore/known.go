package mongostore

import (
	"context"
	"maps"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"deskwatch/core/orders"
)

// knownCustomer is what the rows of imports said of a customer. The latest import counts, and
// for name and e-mail the last row that had one, see told.
type knownCustomer struct {
	matches     bool // a customer pattern, when it was imported
	name, email string
}

type knownCustomers map[string]knownCustomer

// recognised reports whether the customer is an identity: as the import had it, or for one only
// other programs wrote as the patterns have it now.
func (k knownCustomers) recognised(customer string, ids *orders.Identities) bool {
	if c, ok := k[customer]; ok {
		return c.matches
	}
	return strings.TrimSpace(customer) == customer && ids.Recognises(customer)
}

// known asks what the imports visible in a state said of some customers.
func (b *Book) known(ctx context.Context, s state, names map[string]bool) (knownCustomers, error) {
	known := knownCustomers{}
	if s.Committed == 0 || len(names) == 0 {
		return known, nil
	}
	if len(names) > longestList {
		all, err := b.orders().EstimatedDocumentCount(ctx)
		if err != nil {
			return known, err
		}
		if all < int64(len(names))*ordersPerName {
			return known, b.tellKnown(ctx, s.visible(), names, known)
		}
	}
	for some := range slices.Chunk(slices.Collect(maps.Keys(names)), longestList) {
		if err := b.tellKnown(ctx, both(isOneOf(b.fields.Customer, some), s.visible()), names, known); err != nil {
			return known, err
		}
	}
	return known, nil
}

// ordersPerName is up to how many documents for each customer asked for it is quicker to read
// all once than to look the customers up list by list.
const ordersPerName = 1000

// tellKnown adds to known what the documents that match say of the customers.
func (b *Book) tellKnown(ctx context.Context, match bson.D, names map[string]bool, known knownCustomers) error {
	return b.aggregate(ctx, b.orders(), bson.A{
		stage("$match", match),
		stage("$group", bson.D{
			{Key: "_id", Value: b.customer()},
			{Key: "recognised", Value: latestOf(recognisedField)},
			{Key: "name", Value: bson.D{{Key: "$max", Value: "$" + ownField + ".name"}}},
			{Key: "email", Value: bson.D{{Key: "$max", Value: "$" + ownField + ".email"}}},
		}),
	}, func(doc bson.Raw) error {
		name := text(doc.Lookup("_id"))
		if names[name] {
			matches, _ := doc.Lookup("recognised", "v").BooleanOK()
			known[name] = knownCustomer{matches: matches, name: text(doc.Lookup("name", "text")), email: text(doc.Lookup("email", "text"))}
		}
		return nil
	})
}

// latestOf is an accumulator for a field's value in the latest batch, as "v".
func latestOf(field string) bson.D {
	return bson.D{{Key: "$max", Value: bson.D{{Key: "b", Value: "$" + batchField}, {Key: "v", Value: "$" + field}}}}
}
