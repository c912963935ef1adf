package mongostore

import (
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"deskwatch/core"
)

// A document of the orders collection is either another program's: it has the four fields the
// settings name and anything else; several may carry one order id, and such an order counts
// when any of them matches. Or it is ours: one document per order, with the same four fields,
// so that other programs can read it, and the sub-document ownField.
//
//	_id                  "deskwatch:<batch>:<order id>"
//	shipping_id          the order id, text
//	shipping_date        the day of the order's last row, text "2023-06-30"
//	shipping_status      the spelling of the order's last row, or its status where it has none
//	order_vendor_dbname  the customer
//	deskwatch            see own
const ownField = "deskwatch"

// The fields of own, as paths in a document.
const (
	batchField      = ownField + ".batch"
	untilField      = ownField + ".until"
	undoField       = ownField + ".undo"
	statusesField   = ownField + ".statuses"
	recognisedField = ownField + ".recognised"
)

// own is what only Deskwatch's documents carry.
type own struct {
	Batch      int64    `bson:"batch"`           // of the import that wrote it; see state
	Until      int64    `bson:"until,omitempty"` // of the import that changed the order again; 0 for none
	Undo       int64    `bson:"undo,omitempty"`  // of the undo that is bringing it back; see Book.Undo
	Day        int32    `bson:"day"`             // core.Day
	Statuses   []string `bson:"statuses"`        // of all lines, in core's words
	Status     string   `bson:"status"`          // of the last row
	Raw        string   `bson:"raw"`             // spelling of the last row
	Amount     *int64   `bson:"amount,omitempty"`
	Recognised bool     `bson:"recognised"` // as the import's customer patterns had it
	Name       *told    `bson:"name,omitempty"`
	Email      *told    `bson:"email,omitempty"`
	Lines      []line   `bson:"lines,omitempty"` // when the rows carried line ids
}

// told is a name or an e-mail of the order's customer, as a row of a file had it. The fields
// stand in the order in which the server compares documents: the greatest is what was said last.
type told struct {
	Batch int64  `bson:"batch"`
	Row   int64  `bson:"row"`
	Text  string `bson:"text"`
}

// line is one line of an order.
type line struct {
	ID     string `bson:"id"`
	Day    int32  `bson:"day"`
	Status string `bson:"status"`
	Raw    string `bson:"raw"`
	Amount *int64 `bson:"amount,omitempty"`
}

// documentID names the version of an order that a batch wrote. It repeats nothing of other
// programs' ids, and writing it again after a lost connection writes the same document.
func documentID(batch int64, orderID string) string {
	return fmt.Sprintf("%s:%d:%s", ownField, batch, orderID)
}

// A document is ours when its _id begins as ours do and its mark has the number of a batch: both,
// because other programs may have a field ownField, or such an _id, of their own. Documents with
// one of the two are not touched and not read: others does not have them, and they are counted
// with the unreadable ones.

// ours matches our documents of the batches that the condition allows.
func ours(batch bson.D) bson.D {
	return bson.D{{Key: batchField, Value: batch}, {Key: "_id", Value: beginsWith(ownField + ":")}}
}

// isOurs is ours, of any batch, for a document that was read.
func isOurs(doc bson.Raw) bool {
	batch, ok := doc.Lookup(ownField, "batch").AsInt64OK()
	return ok && batch > 0 && strings.HasPrefix(text(doc.Lookup("_id")), ownField+":")
}

// notOurs matches the documents that are not ours, readable or not.
func notOurs() bson.D {
	return bson.D{{Key: "$nor", Value: bson.A{ours(bson.D{{Key: "$gt", Value: 0}})}}}
}

// others matches the documents of other programs that may be orders. It asks for less than
// notOurs, so that it is quick.
func others() bson.D { return bson.D{{Key: ownField, Value: bson.D{{Key: "$exists", Value: false}}}} }

// Whatever changes or removes documents of the orders' collection asks for one of these two
// besides anything else: documents of other programs have no such _id with such a field of
// ownField in it, even where they have one of both.

// writtenBy matches what a batch wrote.
func writtenBy(batch int64) bson.D {
	return bson.D{{Key: "_id", Value: beginsWith(documentID(batch, ""))}, {Key: batchField, Value: batch}}
}

// replacedBy matches the versions that a batch wrote the successors of.
func replacedBy(batch int64) bson.D {
	return bson.D{{Key: "_id", Value: beginsWith(ownField + ":")}, {Key: untilField, Value: batch}}
}

// beginsWith matches texts that go on after prefix, which ends in a colon; a semicolon is next.
func beginsWith(prefix string) bson.D {
	return bson.D{{Key: "$gte", Value: prefix}, {Key: "$lt", Value: prefix[:len(prefix)-1] + ";"}}
}

// document builds one of our documents.
func (b *Book) document(orderID, customer string, o own) bson.D {
	return bson.D{
		{Key: "_id", Value: documentID(o.Batch, orderID)},
		{Key: b.fields.OrderID, Value: orderID},
		{Key: b.fields.Date, Value: core.Day(o.Day).String()},
		{Key: b.fields.Status, Value: statusText(o.Raw, o.Status)},
		{Key: b.fields.Customer, Value: customer},
		{Key: ownField, Value: o},
	}
}

// statusText is the text the status field of our documents holds.
func statusText(raw, status string) string {
	if raw == "" {
		return status
	}
	return raw
}

// statusWords are the words of a set, as Statuses holds them.
func statusWords(set core.StatusSet) []string {
	words := []string{}
	for _, s := range set.List() {
		words = append(words, s.String())
	}
	return words
}

// A document of the clients collection is another program's or ours. Both have the three
// fields the settings name; ClientCustomer holds what the customer field of an order holds.
// Ours has the _id "deskwatch:<customer>" and the sub-document ownField, see ownClient. Where
// both exist for one customer, ours counts: that is how a person's change to a client of
// another program is kept.
type ownClient struct {
	Name      string `bson:"name"` // for people; the settings' name field holds the identity
	Origin    string `bson:"origin"`
	CreatedAt int64  `bson:"created_at"` // milliseconds since 1970
}
