package orders

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"deskwatch/core"
)

func readISO(cell string) (core.Day, error) {
	var y, m, d int
	if n, err := fmt.Sscanf(cell, "%d-%d-%d", &y, &m, &d); n != 3 || err != nil {
		return 0, fmt.Errorf("%q is not a date", cell)
	}
	day, ok := core.NewDay(y, m, d)
	if !ok {
		return 0, fmt.Errorf("%q is not a day of the calendar", cell)
	}
	return day, nil
}

func readWholeAmount(cell string) (core.Amount, bool) {
	n, err := strconv.ParseInt(cell, 10, 64)
	return core.Amount(n * 1000), err == nil
}

// plan reads files with the columns order, customer, date, status, amount, name, email.
func plan(t testing.TB) Reading {
	r := Reading{
		Header: []string{"order", "customer", "date", "status", "amount", "name", "email"},
		Date:   readISO, Amount: readWholeAmount, Vocabulary: NewVocabulary(), Identities: mustIdentities(t),
	}
	for i, f := range []core.Field{core.FieldID, core.FieldCustomer, core.FieldDate, core.FieldStatus, core.FieldAmount, core.FieldName, core.FieldEmail} {
		r.Columns = append(r.Columns, core.ColumnChoice{Field: f, Column: r.Header[i], Index: i})
	}
	return r
}

func readOne(t *testing.T, r Reading, cells ...string) (core.OrderRow, string) {
	t.Helper()
	read, problems, err := Preview(r, []core.Record{{Line: 7, Cells: cells}})
	if err != nil {
		t.Fatal(err)
	}
	if len(problems) == 1 && len(read) == 0 {
		if problems[0].Line != 7 {
			t.Errorf("the reject names line %d", problems[0].Line)
		}
		return core.OrderRow{}, problems[0].Column + ": " + problems[0].Reason
	}
	if len(read) != 1 || len(problems) != 0 {
		t.Fatalf("%q gave %d rows and %d problems", cells, len(read), len(problems))
	}
	return read[0], ""
}

func TestAGoodRowIsReadWholeAndTrimmed(t *testing.T) {
	got, why := readOne(t, plan(t), " A1\u00a0", "\ufeffmy-shop_12 ", " 2023-06-30 ", " Devuelto ", "12", " Ana\nGarcía ", "Ana <ana@example.com>")
	day, _ := core.NewDay(2023, 6, 30)
	want := core.OrderRow{OrderID: "A1", Customer: "my-shop_12", Recognised: true, Day: day, Status: core.StatusReturned, RawStatus: "Devuelto",
		Amount: 12000, HasAmount: true, Name: "Ana García", Email: "ana@example.com"}
	if why != "" || got != want {
		t.Errorf("got %+v (%s)\nwant %+v", got, why, want)
	}
}

func TestABadRowIsRejectedWithColumnAndReason(t *testing.T) {
	for _, c := range []struct {
		cells []string
		want  string
	}{
		{[]string{"", "my-shop_1", "2023-01-01", ""}, "order: no order id"},
		{[]string{"A1", " \u00a0 ", "2023-01-01", ""}, "customer: no customer"},
		{[]string{"A1", "my-shop_1", "", ""}, "date: no date"},
		{[]string{"A1", "my-shop_1"}, "date: no date"},
		{[]string{"A1"}, "customer: no customer"},
		{[]string{"A1", "my-shop_1", "2023-02-30", ""}, `date: "2023-02-30" is not a day of the calendar`},
		{[]string{"A1", "my-shop_1", "2023-01-01", "", "", "", "", "more"}, ": more cells than columns"},
		{[]string{strings.Repeat("x", 513), "my-shop_1", "2023-01-01", ""}, "order: the order id is longer than 512 bytes"},
		{[]string{"A1", strings.Repeat("x", 513), "2023-01-01", ""}, "customer: the customer is longer than 512 bytes"},
		{[]string{"A\n1", "my-shop_1", "2023-01-01", ""}, "order: the order id has a line break or a control character"},
		{[]string{"A1", "my\nINFO forged_1", "2023-01-01", ""}, "customer: the customer has a line break or a control character"},
		{[]string{"A1", "my\u202eshop_1", "2023-01-01", ""}, "customer: the customer has a line break or a control character"},
		{[]string{"A1", "my\xffshop_1", "2023-01-01", ""}, "customer: the customer is not readable text"},
		{[]string{"4.05808E+12", "my-shop_1", "2023-01-01", ""}, "order: the order id was rounded by a spreadsheet"},
		{[]string{"A1", "4,05E+23", "2023-01-01", ""}, "customer: the customer was rounded by a spreadsheet"},
	} {
		if _, why := readOne(t, plan(t), c.cells...); why != c.want {
			t.Errorf("%.60q: %q, want %q", c.cells, why, c.want)
		}
	}
}

func TestALongDateReasonStaysOneShortLine(t *testing.T) {
	r := plan(t)
	r.Date = func(cell string) (core.Day, error) { return 0, fmt.Errorf("%s\nis not a date", cell) }
	_, why := readOne(t, r, "A1", "c", strings.Repeat("9", 5000), "")
	if len(why) > 220 || strings.Contains(why, "\n") {
		t.Errorf("the reason is %d bytes: %.300q", len(why), why)
	}
}

func TestWhatIsOptionalIsDroppedAndTheRowKept(t *testing.T) {
	for _, email := range []string{"nobody", "a@b@c", "a@example.com, b@example.com", "a@example.com\nBcc: x@example.com", strings.Repeat("a", 300) + "@example.com"} {
		got, why := readOne(t, plan(t), "A1", "my-shop_1", "2023-01-01", "", "n/a", strings.Repeat("n", 5000), email)
		if why != "" || got.Email != "" || got.HasAmount || got.Amount != 0 || len(got.Name) != maxName {
			t.Errorf("%.30q: %q, %v, name of %d bytes (%s)", email, got.Email, got.Amount, len(got.Name), why)
		}
	}
}

func TestSurplusCellsWithoutContentAreNoFault(t *testing.T) {
	if _, why := readOne(t, plan(t), "A1", "my-shop_1", "2023-01-01", "", "", "", "", "", " "); why != "" {
		t.Error(why)
	}
}

func TestBlankRecordsAreLeftOut(t *testing.T) {
	read, problems, err := Preview(plan(t), []core.Record{{Line: 2, Cells: nil}, {Line: 3, Cells: []string{" ", "\u00a0", ""}}})
	if err != nil || len(read)+len(problems) != 0 {
		t.Errorf("%v, %v, %v", read, problems, err)
	}
}

func TestAValueRuleWinsOverTheStatusColumn(t *testing.T) {
	r := plan(t)
	r.Rules = []core.StatusRule{{Column: "ORDER ", Prefix: "c", Status: core.StatusCancelled}, {Column: "order", Prefix: "CR", Status: core.StatusReturned}}
	got, _ := readOne(t, r, "CR536379", "my-shop_1", "2023-01-01", "Delivered")
	if got.Status != core.StatusCancelled || got.RawStatus != "" {
		t.Errorf("the first rule gave %v (%q)", got.Status, got.RawStatus)
	}
	got, _ = readOne(t, r, "536379", "my-shop_1", "2023-01-01", "Delivered")
	if got.Status != core.StatusDelivered || got.RawStatus != "Delivered" {
		t.Errorf("without a rule that fits the column says %v", got.Status)
	}
}

func TestWithoutAStatusColumnARuleIsEnoughAndTheRestIsPlaced(t *testing.T) {
	r := plan(t)
	r.Columns = append(r.Columns[:3:3], r.Columns[4:]...)
	if got := r.Missing(); len(got) != 1 || got[0] != core.FieldStatus {
		t.Fatalf("missing %v", got)
	}
	r.Rules = []core.StatusRule{{Column: "order", Prefix: "C", Status: core.StatusCancelled}}
	if got := r.Missing(); len(got) != 0 {
		t.Fatalf("missing %v", got)
	}
	got, why := readOne(t, r, "536379", "my-shop_1", "2023-01-01", "Delivered")
	if got.Status != core.StatusPlaced || got.RawStatus != "" || why != "" {
		t.Errorf("%v %q %s", got.Status, got.RawStatus, why)
	}
}

func TestAPlanThatCannotWorkIsRefusedWithASentence(t *testing.T) {
	for name, spoil := range map[string]func(*Reading){
		"no date column":       func(r *Reading) { r.Columns = append(r.Columns[:2:2], r.Columns[3:]...) },
		"column out of range":  func(r *Reading) { r.Columns[6].Index = 7 },
		"rule without column":  func(r *Reading) { r.Rules = []core.StatusRule{{Column: "nope", Prefix: "C"}} },
		"rule without a value": func(r *Reading) { r.Rules = []core.StatusRule{{Column: "order", Prefix: " "}} },
	} {
		r := plan(t)
		spoil(&r)
		if err := r.Check(); core.ErrorCode(err) != core.CodeInvalid || !strings.HasSuffix(core.ErrorMessage(err), ".") {
			t.Errorf("%s: %v", name, err)
		}
		if _, _, err := Preview(r, nil); err == nil {
			t.Errorf("%s: the preview went on", name)
		}
	}
}

func TestFieldNamesAreInNormalFormAndNeverShared(t *testing.T) {
	owner := map[string]core.Field{}
	required := 0
	for _, f := range Fields(mustIdentities(t), NewVocabulary()) {
		if f.Required {
			required++
		}
		for _, n := range f.Names {
			if fold(n) != n {
				t.Errorf("%q of %s is not in normal form", n, f.Field)
			}
			if before, ok := owner[n]; ok {
				t.Errorf("%q is both %s and %s", n, before, f.Field)
			}
			owner[n] = f.Field
		}
	}
	if len(Fields(mustIdentities(t), NewVocabulary())) != 8 || required != 3 {
		t.Errorf("%d fields are required", required)
	}
	for _, n := range []string{"index", "row", "rownumber", "rowid", "name", "state", "qty", "shipcity", "courierstatus"} {
		if f, ok := owner[n]; ok {
			t.Errorf("a column %q would be taken for the %s", n, f)
		}
	}
}

func TestFieldsAcceptTheirOwnCells(t *testing.T) {
	for _, f := range Fields(mustIdentities(t), NewVocabulary()) {
		switch f.Field {
		case core.FieldCustomer:
			if !f.Accepts("my-shop_1") || f.Accepts("my-shop") {
				t.Error("the customer field does not follow the identities")
			}
		case core.FieldStatus:
			if !f.Accepts("Shipped") || f.Accepts("T-shirt") {
				t.Error("the status field does not follow the vocabulary")
			}
		}
	}
}
