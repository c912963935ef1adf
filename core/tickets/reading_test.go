package tickets

import (
	"errors"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

func values(m map[core.Field]string) Values { return func(f core.Field) string { return m[f] } }

func TestARecordBecomesATicket(t *testing.T) {
	got, fault := dictionary(t, core.TicketMapping{}).Ticket("sf", values(map[core.Field]string{
		core.FieldID: " 5001g ", core.FieldNumber: "00014292", core.FieldSubject: "Question about\nmy billing", core.FieldDescription: "Line one\r\nline two",
		core.FieldStatus: "Working", core.FieldPriority: "P1", core.FieldProduct: "Spark", core.FieldCustomer: "0011g", core.FieldCustomerName: "Acme",
		core.FieldEmail: "Ana <Ana@Acme.com>", core.FieldOwner: "Ben", core.FieldChannel: "Email", core.FieldCreated: "2018-04-29T14:46:15.000+0000",
		core.FieldUpdated: "1525012275", core.FieldFirstReply: "2018-04-29 15:00:00", core.FieldEscalated: "true", core.FieldReopened: "2", core.FieldRating: "4.0",
	}))
	if fault != nil {
		t.Fatal(fault)
	}
	want := core.Ticket{
		Source: "sf", ID: "5001g", Number: "00014292", Subject: "Question about my billing", Description: "Line one\nline two",
		Status: core.TicketOpen, RawStatus: "Working", Priority: core.PriorityUrgent, RawPriority: "P1", Product: "Spark",
		CustomerID: "0011g", Customer: "Acme", Email: "ana@acme.com", Owner: "Ben", Channel: "Email",
		CreatedAt: time.Date(2018, 4, 29, 14, 46, 15, 0, time.UTC), UpdatedAt: time.Date(2018, 4, 29, 14, 31, 15, 0, time.UTC),
		FirstReplyAt: time.Date(2018, 4, 29, 15, 0, 0, 0, time.UTC), Escalated: true, Reopened: 2, Rating: 4,
	}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestWordsForUnknownAreNothing(t *testing.T) {
	for _, word := range []string{"?", "null", "NULL", "None", "n/a", "-", " \u00a0", ""} {
		v := map[core.Field]string{}
		for _, f := range core.TicketFields() {
			v[f] = word
		}
		v[core.FieldID] = "1"
		got, fault := dictionary(t, core.TicketMapping{}).Ticket("x", values(v))
		if fault != nil {
			t.Fatalf("%q: %v", word, fault)
		}
		want := core.Ticket{Source: "x", ID: "1", Number: "1", Status: core.TicketOther, Subject: trim(word), Description: trim(word)}
		if got != want {
			t.Errorf("%q: got %+v", word, got)
		}
	}
}

func TestWhoTheCustomerIs(t *testing.T) {
	d := dictionary(t, core.TicketMapping{})
	for _, c := range []struct{ id, email, name, wantID, wantEmail string }{
		{"A7", "ana@acme.com", "Acme", "A7", "ana@acme.com"},
		{"", "Ana@Acme.com", "Acme", "ana@acme.com", "ana@acme.com"},
		{"", "not an address", "Acme", "Acme", ""},
		{"bo@acme.com", "", "", "bo@acme.com", "bo@acme.com"},
		{"", "", "", "", ""},
	} {
		got, _ := d.Ticket("x", values(map[core.Field]string{core.FieldID: "1", core.FieldCustomer: c.id, core.FieldEmail: c.email, core.FieldCustomerName: c.name}))
		if got.CustomerID != c.wantID || got.Email != c.wantEmail || got.Customer != c.name {
			t.Errorf("%+v is the customer %q, %q, %q", c, got.CustomerID, got.Email, got.Customer)
		}
	}
}

func TestARecordWithoutAnIDIsNamedByWhatStaysTheSame(t *testing.T) {
	d := dictionary(t, core.TicketMapping{})
	record := map[core.Field]string{core.FieldSubject: "Generator", FieldReference: "CaseRef1", core.FieldStatus: "New"}
	first, fault := d.Ticket("x", values(record))
	if fault != nil || first.ID == "" || first.Number != "CaseRef1" {
		t.Fatalf("%+v, %v", first, fault)
	}
	record[core.FieldStatus], record[core.FieldUpdated] = "Closed", "2024-01-01"
	if later, _ := d.Ticket("x", values(record)); later.ID != first.ID {
		t.Error("a later state is another ticket")
	}
	record[core.FieldSubject] = "Pump"
	if other, _ := d.Ticket("x", values(record)); other.ID == first.ID {
		t.Error("another file's CaseRef1 is the same ticket")
	}
	if timed, fault := d.Ticket("x", values(map[core.Field]string{core.FieldSubject: "Pump", core.FieldCreated: "2024-01-01"})); fault != nil || timed.ID == "" || timed.Number != timed.ID {
		t.Errorf("%+v, %v", timed, fault)
	}
	if number, _ := d.Ticket("x", values(map[core.Field]string{core.FieldNumber: "INC7"})); number.ID != "INC7" {
		t.Errorf("the number does not stand in for the id: %+v", number)
	}
}

func TestARecordThatIsNoTicketSaysWhy(t *testing.T) {
	d := dictionary(t, core.TicketMapping{})
	for _, c := range []struct {
		field  core.Field
		record map[core.Field]string
	}{
		{core.FieldID, map[core.Field]string{core.FieldSubject: "no id, no time"}},
		{core.FieldID, map[core.Field]string{core.FieldID: strings.Repeat("9", 513)}},
		{core.FieldID, map[core.Field]string{core.FieldID: "4.05808E+12"}},
		{core.FieldID, map[core.Field]string{core.FieldID: "two\nlines"}},
		{core.FieldNumber, map[core.Field]string{core.FieldID: "1", core.FieldNumber: "\u202e1"}},
		{core.FieldCreated, map[core.Field]string{core.FieldID: "1", core.FieldCreated: "29/02/2023 10:00"}},
		{core.FieldClosed, map[core.Field]string{core.FieldID: "1", core.FieldClosed: "soon"}},
		{core.FieldUpdated, map[core.Field]string{core.FieldID: "1", core.FieldUpdated: "0001-01-01T00:00:00Z"}},
	} {
		if got, fault := d.Ticket("x", values(c.record)); fault == nil || fault.Field != c.field || !strings.HasSuffix(fault.Reason, ".") {
			t.Errorf("%v is %+v, %+v", c.record, got, fault)
		}
	}
}

func TestTheReaderOfTimesGivesItsReason(t *testing.T) {
	d := dictionary(t, core.TicketMapping{})
	d.ReadTimes(func(cell string) (time.Time, error) {
		if cell == "noon" {
			return time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC), nil
		}
		return time.Time{}, core.NewError(core.CodeInvalid, "", "It is not noon.", errors.New("hidden"))
	})
	if got, fault := d.Ticket("x", values(map[core.Field]string{core.FieldID: "1", core.FieldCreated: "noon"})); fault != nil || got.CreatedAt.Hour() != 12 {
		t.Errorf("%+v, %v", got, fault)
	}
	if _, fault := d.Ticket("x", values(map[core.Field]string{core.FieldID: "1", core.FieldCreated: "one"})); fault == nil || fault.Reason != "It is not noon." {
		t.Errorf("%+v", fault)
	}
}

func TestTimesWithoutAZoneAreInTheMappings(t *testing.T) {
	d := dictionary(t, core.TicketMapping{Zone: "America/Bogota"})
	got, fault := d.Ticket("x", values(map[core.Field]string{core.FieldID: "1", core.FieldCreated: "2024-01-01 10:00", core.FieldUpdated: "2024-01-01T10:00:00Z"}))
	if fault != nil || got.CreatedAt.Hour() != 15 || got.UpdatedAt.Hour() != 10 {
		t.Errorf("%+v, %v", got, fault)
	}
}

func TestARecordWithoutAStatusIsClosedOnceItWasClosed(t *testing.T) {
	d := dictionary(t, core.TicketMapping{})
	if got, _ := d.Ticket("x", values(map[core.Field]string{core.FieldID: "1", core.FieldClosed: "2024-01-01"})); got.Status != core.TicketClosed || got.RawStatus != "" {
		t.Errorf("%+v", got)
	}
}

func TestWhetherIsNotWhen(t *testing.T) {
	d := dictionary(t, core.TicketMapping{})
	for _, text := range []string{"false", "true", "0", "1", "no"} {
		if got, fault := d.Ticket("x", values(map[core.Field]string{core.FieldID: "1", core.FieldClosed: text})); fault != nil || !got.ClosedAt.IsZero() {
			t.Errorf("closed %s: %+v, %v", text, got, fault)
		}
	}
}

func TestRatings(t *testing.T) {
	for text, want := range map[string]int{
		"1": 1, "5": 5, "4.0": 4, "4,6": 5, "3/5": 3, "2 stars": 2, "★★★★": 4, "good": 5, "Bad": 1, "offered": 0, "unoffered": 0, "0": 0, "6": 0, "87": 0, "": 0, "?": 0, "NaN": 0, "buena": 5,
	} {
		if got := readRating(text); got != want {
			t.Errorf("%q is %d, want %d", text, got, want)
		}
	}
}

func TestLongAndHiddenTextIsCutToWhatCanBeShown(t *testing.T) {
	got, fault := dictionary(t, core.TicketMapping{}).Ticket("x", values(map[core.Field]string{
		core.FieldID: "1", core.FieldSubject: strings.Repeat("é", 600), core.FieldDescription: strings.Repeat("x", 1<<20), core.FieldOwner: "Ana\nAdmin \u202eevil",
	}))
	if fault != nil || len(got.Subject) > maxSubject || !strings.HasPrefix(got.Subject, "ééé") || len(got.Description) != maxDescription || got.Owner != "Ana Admin evil" {
		t.Errorf("%d, %d, %q, %v", len(got.Subject), len(got.Description), got.Owner, fault)
	}
}

func FuzzTicket(f *testing.F) {
	f.Add("1", "2024-01-01", "Ana <a@b.c>", "4.0")
	f.Add("", "1525012275", "?", "good")
	d := dictionary(f, core.TicketMapping{})
	f.Fuzz(func(t *testing.T, id, at, who, rest string) {
		got, fault := d.Ticket("x", func(field core.Field) string {
			switch field {
			case core.FieldID:
				return id
			case core.FieldCreated, core.FieldUpdated:
				return at
			case core.FieldCustomer, core.FieldEmail:
				return who
			}
			return rest
		})
		if fault != nil {
			return
		}
		if got.ID == "" || got.Number == "" || got.Rating < 0 || got.Rating > 5 || got.Reopened < 0 || len(got.Subject) > maxSubject || strings.ContainsAny(got.Owner, "\n\r") {
			t.Errorf("%+v", got)
		}
	})
}

func BenchmarkTicket(b *testing.B) {
	d := dictionary(b, core.TicketMapping{})
	v := values(map[core.Field]string{
		core.FieldID: "5001g000009TXImAAO", core.FieldNumber: "00014292", core.FieldSubject: "Question about my billing", core.FieldDescription: "I have a billing question related to my account.",
		core.FieldStatus: "Waiting on customer", core.FieldPriority: "P1", core.FieldProduct: "Spark", core.FieldCustomer: "0011g00000nAbtIAAS",
		core.FieldEmail: "bud.testani@example.com", core.FieldOwner: "0051g000004BvFfAAK", core.FieldChannel: "Email",
		core.FieldCreated: "2018-04-29T14:46:15.000+0000", core.FieldUpdated: "2018-05-16T14:46:15.000+0000",
	})
	b.ReportAllocs()
	for b.Loop() {
		if _, fault := d.Ticket("sf", v); fault != nil {
			b.Fatal(fault)
		}
	}
}

func TestAStatusMaySayThatATicketIsEscalated(t *testing.T) {
	d, err := NewDictionary(core.TicketMapping{Statuses: map[string]core.TicketStatus{"Escalated and done": core.TicketClosed}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for raw, want := range map[string]bool{"Escalated": true, "escalated to tier 2": true, "Escalado": true, "Open": false, "De-escalated": false, "": false, "Escalated and done": false} {
		got, fault := d.Ticket("x", func(f core.Field) string {
			return map[core.Field]string{core.FieldID: "1", core.FieldStatus: raw, core.FieldEscalated: ""}[f]
		})
		if fault != nil || got.Escalated != want {
			t.Errorf("%q: %v, %v", raw, got.Escalated, fault)
		}
	}
}
