package core

import (
	"fmt"
	"slices"
	"strings"
)

// The fields of a ticket, beside those it shares with an order (FieldID, FieldCustomer,
// FieldStatus, FieldEmail), in the words `tickets import --map` takes. FieldCustomer is the
// source's key of the customer, FieldCustomerName the customer's name.
const (
	FieldNumber       Field = "number"
	FieldSubject      Field = "subject"
	FieldDescription  Field = "description"
	FieldPriority     Field = "priority"
	FieldProduct      Field = "product"
	FieldCustomerName Field = "customer_name"
	FieldOwner        Field = "owner"
	FieldChannel      Field = "channel"
	FieldCreated      Field = "created"
	FieldUpdated      Field = "updated"
	FieldFirstReply   Field = "first_reply"
	FieldClosed       Field = "closed"
	FieldEscalated    Field = "escalated"
	FieldReopened     Field = "reopened"
	FieldRating       Field = "rating"
)

// TicketFields lists every field of a ticket, in the order the window shows them.
func TicketFields() []Field {
	return []Field{FieldID, FieldNumber, FieldSubject, FieldDescription, FieldStatus, FieldPriority, FieldProduct,
		FieldCustomer, FieldCustomerName, FieldEmail, FieldOwner, FieldChannel, FieldCreated, FieldUpdated,
		FieldFirstReply, FieldClosed, FieldEscalated, FieldReopened, FieldRating}
}

// ticketFieldOf gives the field of a name of the Ticket's JSON that is not the field's own word.
var ticketFieldOf = map[string]Field{
	"customer_id": FieldCustomer, "created_at": FieldCreated, "updated_at": FieldUpdated,
	"first_reply_at": FieldFirstReply, "closed_at": FieldClosed,
}

// ParseTicketField reads a field's word, or its name in a ticket's JSON.
func ParseTicketField(s string) (Field, error) {
	f := Field(strings.ToLower(strings.TrimSpace(s)))
	if other, ok := ticketFieldOf[string(f)]; ok {
		f = other
	}
	if slices.Contains(TicketFields(), f) {
		return f, nil
	}
	words := make([]string, len(TicketFields()))
	for i, f := range TicketFields() {
		words[i] = string(f)
	}
	return "", NewError(CodeInvalid, "core.ticket field", fmt.Sprintf("%q is not a field of a ticket. The fields are %s.", s, strings.Join(words, ", ")), nil)
}
