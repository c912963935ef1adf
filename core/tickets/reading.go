package tickets

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"deskwatch/core"
)

// Values gives a record's texts by field, "" for none.
type Values func(core.Field) string

// How many bytes of a value are kept.
const (
	maxID          = 512
	maxSubject     = 1000
	maxDescription = 32 << 10
	maxName        = 200
	maxEmail       = 254 // RFC 5321, 4.5.3.1.3
	reopenedLimit  = 255
)

// Ticket makes a ticket of a record of a source, or says why it cannot. What a source writes
// for "unknown" (a blank, ?, null, none, n/a, -) is nothing in every field but subject and description.
//
// A record without an id is known by its number; one with neither, but with a subject and a
// time or a FieldReference, by what does not change of it. A status no table has is
// core.TicketOther. A record without a status is closed when it has a time of closing. A status
// such as Escalated says that the ticket is escalated, too.
func (d *Dictionary) Ticket(source string, v Values) (core.Ticket, *Fault) {
	t := core.Ticket{
		Source: source, ID: given(v(core.FieldID)), Number: given(v(core.FieldNumber)),
		Subject: clean(v(core.FieldSubject), maxSubject, false), Description: clean(v(core.FieldDescription), maxDescription, true),
		RawStatus: named(v, core.FieldStatus), RawPriority: named(v, core.FieldPriority),
		Product: named(v, core.FieldProduct), Owner: named(v, core.FieldOwner), Channel: named(v, core.FieldChannel),
		Escalated: yes(v(core.FieldEscalated)), Reopened: readCount(v(core.FieldReopened)), Rating: readRating(v(core.FieldRating)),
	}
	if fault := d.readTimes(&t, v); fault != nil {
		return core.Ticket{}, fault
	}
	if fault := identify(&t, given(v(FieldReference))); fault != nil {
		return core.Ticket{}, fault
	}
	t.Status, _ = d.Status(t.RawStatus)
	if t.RawStatus == "" && !t.ClosedAt.IsZero() {
		t.Status = core.TicketClosed
	}
	t.Escalated = t.Escalated || statusEscalated(t.RawStatus) && !t.Status.Done()
	t.Priority, _ = d.Priority(t.RawPriority)
	readCustomer(&t, v)
	return t, nil
}

// statusEscalated reports whether a spelling of a status says that a ticket is escalated, as
// Salesforce's own does: there the box that says so may stay empty.
func statusEscalated(raw string) bool {
	word := fold(raw)
	return strings.HasPrefix(word, "escalated") || strings.HasPrefix(word, "escalado") || strings.HasPrefix(word, "escalada")
}

// named is a value that many tickets share, on one line.
func named(v Values, f core.Field) string { return clean(given(v(f)), maxName, false) }

func (d *Dictionary) readTimes(t *core.Ticket, v Values) *Fault {
	for _, at := range []struct {
		field core.Field
		to    *time.Time
	}{
		{core.FieldCreated, &t.CreatedAt}, {core.FieldUpdated, &t.UpdatedAt},
		{core.FieldFirstReply, &t.FirstReplyAt}, {core.FieldClosed, &t.ClosedAt},
	} {
		text := given(v(at.field))
		if text == "" || isYesNo(text) {
			continue // "closed": false says nothing of when
		}
		moment, err := d.times(text)
		if err != nil {
			return timeFault(at.field, text, err)
		}
		*at.to = moment
	}
	return nil
}

func timeFault(field core.Field, text string, err error) *Fault {
	reason := fmt.Sprintf("%q is not a time Deskwatch can read.", clean(text, 40, false))
	var told *core.Error
	if errors.As(err, &told) {
		reason = told.Message
	}
	return &Fault{Field: field, Reason: reason}
}

// identify gives the ticket an id and a number.
func identify(t *core.Ticket, reference string) *Fault {
	if why := identityFault(t.ID); why != "" {
		return &Fault{Field: core.FieldID, Reason: "The ticket's id " + why + "."}
	}
	if why := identityFault(t.Number); why != "" {
		return &Fault{Field: core.FieldNumber, Reason: "The ticket's number " + why + "."}
	}
	switch {
	case t.ID != "" && t.Number != "":
	case t.ID != "":
		t.Number = t.ID
	case t.Number != "":
		t.ID = t.Number
	case t.Subject != "" && (reference != "" || !t.CreatedAt.IsZero()):
		t.ID = contentID(t.Subject, reference, t.CreatedAt)
		if t.Number = clean(reference, maxName, false); t.Number == "" {
			t.Number = t.ID
		}
	default:
		return &Fault{Field: core.FieldID, Reason: "There is neither an id nor a number."}
	}
	return nil
}

// contentID names a record without an id by what stays the same as long as the ticket lives.
func contentID(subject, reference string, created time.Time) string {
	text := subject + "\x00" + reference
	if !created.IsZero() {
		text += "\x00" + created.Format(time.RFC3339)
	}
	sum := sha256.Sum256([]byte(text))
	return "x" + hex.EncodeToString(sum[:8])
}

// identityFault says why a text cannot name a ticket; "" when it can.
func identityFault(s string) string {
	switch {
	case len(s) > maxID:
		return fmt.Sprintf("is longer than %d bytes", maxID)
	case printable(s) && !isRounded(s):
		return ""
	case isRounded(s):
		return "was rounded by a spreadsheet"
	case clean(s, maxID, false) != s:
		return "has a line break or a character that cannot be shown"
	}
	return ""
}

// isRounded recognises 4.05808E+12, what spreadsheets make of a long number: many different ids
// become the same one that way.
func isRounded(s string) bool {
	mantissa, exponent, ok := strings.Cut(s, "E+")
	return ok && digits(exponent) && digits(strings.Replace(strings.Replace(mantissa, ".", "", 1), ",", "", 1))
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// readCustomer finds who the ticket is from: the source's key of the customer, else the e-mail,
// else the name.
func readCustomer(t *core.Ticket, v Values) {
	t.CustomerID = clean(given(v(core.FieldCustomer)), maxID, false)
	t.Customer = named(v, core.FieldCustomerName)
	t.Email = readEmail(given(v(core.FieldEmail)))
	if t.Email == "" {
		t.Email = readEmail(t.CustomerID)
	}
	switch {
	case t.CustomerID != "":
	case t.Email != "":
		t.CustomerID = t.Email
	default:
		t.CustomerID = t.Customer
	}
}

// readEmail is an address in lower case, also of "Ana <ana@acme.com>"; "" when there is none.
func readEmail(text string) string {
	if !strings.Contains(text, "@") || len(text) > maxEmail+maxName {
		return ""
	}
	a, err := mail.ParseAddress(text)
	if err != nil || len(a.Address) > maxEmail {
		return ""
	}
	return strings.ToLower(a.Address)
}

// readCount reads a small whole number, 0 for anything else.
func readCount(text string) int {
	n, err := strconv.ParseFloat(trim(text), 64)
	if err != nil || n < 1 || math.IsNaN(n) {
		return 0
	}
	return int(min(n, reopenedLimit))
}
