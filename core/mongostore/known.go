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
	match := s.visible()
	if len(names) <= longestList {
		match = both(isOneOf(b.fields.Customer, slices.Collect(maps.Keys(names))), match)
	}
	err := b.aggregate(ctx, b.orders(), bson.A{
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
	return known, err
}

// latestOf is an accumulator for a field's value in the latest batch, as "v".
func latestOf(field string) bson.D {
	return bson.D{{Key: "$max", Value: bson.D{{Key: "b", Value: "$" + batchField}, {Key: "v", Value: "$" + field}}}}
}
