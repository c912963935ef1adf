package mongostore

import "go.mongodb.org/mongo-driver/v2/bson"

// unreadable says what keeps a document from being an order, "" when nothing does. It is the
// rule of Book.readable and anyStatus, which the server applies in every answer: an order id
// that is text or a number, a customer, a status that is text, and a day of the calendar.
func (b *Book) unreadable(doc bson.Raw) string {
	switch {
	case !doc.Lookup(ownField).IsZero() && !isOurs(doc):
		return "another program's field " + ownField
	case !isOrderID(doc.Lookup(b.fields.OrderID)):
		return "no order id"
	case text(doc.Lookup(b.fields.Customer)) == "":
		return "no customer"
	case doc.Lookup(b.fields.Status).Type != bson.TypeString:
		return "no status"
	}
	if _, ok := dayOf(doc.Lookup(b.fields.Date)); !ok {
		return "no date"
	}
	return ""
}

func isOrderID(v bson.RawValue) bool {
	switch v.Type {
	case bson.TypeInt32, bson.TypeInt64, bson.TypeDouble, bson.TypeDecimal128:
		return true
	}
	return text(v) != ""
}

func text(v bson.RawValue) string {
	s, _ := v.StringValueOK()
	return s
}
