package predict

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

const tableTime = "2006-01-02 15:04"

// tableOf makes a table of lines of cells parted by |; columns whose name ends in _at hold times.
func tableOf(columns string, lines ...string) *Table {
	t := &Table{Name: "made.csv", Columns: strings.Split(columns, "|"), Closed: func(s string) bool { return s == "done" }}
	for _, c := range t.Columns {
		var read core.TimeRead
		if strings.HasSuffix(c, "_at") {
			read = func(cell string) (time.Time, error) { return time.Parse(tableTime, cell) }
		}
		t.Times = append(t.Times, read)
	}
	for _, l := range lines {
		t.Rows = append(t.Rows, strings.Split(l, "|"))
	}
	return t
}

func livesOf(t *testing.T, table *Table, req core.EvaluationRequest) []Life {
	t.Helper()
	p, err := newPlan(&req, table, table.repeats(table.column(req.Map["number"])))
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := p.bind(table)
	if err != nil {
		t.Fatal(err)
	}
	return b.lives()
}

func atTable(s string) int64 {
	t, err := time.Parse(tableTime, s)
	if err != nil {
		panic(err)
	}
	return t.Unix()
}

func TestALabelTellsBadEndsByNumberOrByWord(t *testing.T) {
	table := tableOf("CSAT Score|a<b|state")
	for _, c := range []struct {
		label, cell string
		want        Outcome
	}{
		{"CSAT Score<=2", "2", OutcomeBad}, {"CSAT Score<=2", "2.0", OutcomeBad}, {"CSAT Score <= 2", "3", OutcomeGood}, {"csat score<=2", "1", OutcomeBad},
		{"CSAT Score<2", "2", OutcomeGood}, {"CSAT Score>4", "5", OutcomeBad}, {"CSAT Score>=10", "9", OutcomeGood}, {"CSAT Score=3", "3.00", OutcomeBad},
		{"CSAT Score==3", "4", OutcomeGood}, {"CSAT Score!=3", "4", OutcomeBad}, {"CSAT Score<=2", "", OutcomeUnknown}, {"CSAT Score<=2", "none", OutcomeUnknown},
		{"state=False", "FALSE", OutcomeBad}, {"state=false", "true", OutcomeGood}, {"state!=ok", "OK", OutcomeGood}, {"state=1", "one", OutcomeGood},
		{"a<b<=2", "1", OutcomeBad}, {"state=1", "True", OutcomeBad}, {"state=1", "no", OutcomeGood}, {"state=false", "0", OutcomeBad}, {"state!=true", "1", OutcomeGood},
		{`state="on hold"`, "On Hold", OutcomeBad}, {"CSAT Score<=2,5", "2,4", OutcomeBad},
	} {
		l, err := readLabel(c.label, table)
		if err != nil {
			t.Errorf("%s: %v", c.label, err)
		} else if got := l.of(c.cell); got != c.want {
			t.Errorf("%s of %q: %v, want %v", c.label, c.cell, got, c.want)
		}
	}
}

func TestALabelThatCannotBeReadIsASentence(t *testing.T) {
	table := tableOf("score")
	for label, want := range map[string]string{"": "not written as", "score": "not written as", "score<=": "not written as", "<=2": "not written as", "rating<=2": `no column "rating"`} {
		_, err := readLabel(label, table)
		if core.ErrorCode(err) != core.CodeInvalid || !strings.Contains(core.ErrorMessage(err), want) {
			t.Errorf("%q: %v, want %q", label, err, want)
		}
	}
}

func TestKindsOfColumnsAreToldFromWhatTheyHold(t *testing.T) {
	var lines []string
	for i := range 400 {
		lines = append(lines, strings.Join([]string{
			fmt.Sprintf("T-%d", i),                                       // its own value
			[]string{"red", "green", "?"}[i%3],                           // words
			fmt.Sprintf("%d.5", i*i%977),                                 // amounts
			[]string{"0", "0", "0", "0", "1", "1", "2"}[i%7],             // few steps
			fmt.Sprint((i * 2654435761 >> 7) % 23 * ((i>>3)%5 + 1) % 97), // codes
			fmt.Sprintf("%05d", 10000+i%40*7),                            // codes as long as each other
			fmt.Sprint(int(-8 * math.Log(float64(i+1)/401))),             // counts
			"?", "same",
			fmt.Sprintf("the printer number %d is out of paper once more", i),
			"2024-01-02 10:00",
			fmt.Sprintf("%06d", i),
		}, "|"))
	}
	table := tableOf("id|colour|price|level|code|zip|count|empty|same|text|ordered_at|padded", lines...)
	want := []columnKind{kindIdentifier, kindWords, kindNumber, kindWords, kindWords, kindWords, kindNumber, kindNothing, kindNothing, kindText, kindNothing, kindIdentifier}
	for at, name := range table.Columns {
		if got := table.kindOf(at, func(row int) string { return fmt.Sprint(row) }); got != want[at] {
			t.Errorf("%s: %d, want %d", name, got, want[at])
		}
	}
}

func TestNumbersAreReadAsPeopleWriteThem(t *testing.T) {
	for s, want := range map[string]float64{"12": 12, "-3.5": -3.5, "1,234.56": 1234.56, "12,5": 12.5, "1,234": 1234, "999.0": 999} {
		if got, ok := readNumber(s); !ok || got != want {
			t.Errorf("%q: %v %v", s, got, ok)
		}
	}
	for _, s := range []string{"abc", "0x10", "1_000", "-", "Infinity", "12 h", "2024-01-02"} {
		if x, ok := readNumber(s); ok {
			t.Errorf("%q: %v", s, x)
		}
	}
}

func TestARowIsATicketOnArrivalAndItsReplyAStep(t *testing.T) {
	table := tableOf("no|came_at|answered_at|agent|ordered_at|mark",
		"1|2024-01-02 10:00|2024-01-02 10:30| Ana |2024-01-01 10:00|1",
		"2|2024-01-02 11:00|2024-01-02 10:59|Ana|2024-01-03 10:00|5", // answered before it came, ordered after
		"3|2024-01-02 12:00|2024-01-03 00:00|?||5",                   // the export's midnight
		"4|2024-01-02 13:00||Bo||")                                   // no label
	req := core.EvaluationRequest{Label: "mark<=2", Map: map[string]string{"number": "no", "created": "came_at", "replied": "answered_at", "owner": "agent"}}
	p, err := newPlan(&req, table, false)
	if err != nil {
		t.Fatal(err)
	}
	p.schema.Numbers, p.kinds = []string{"ordered_at"}, []columnKind{kindTime}
	b, _, err := p.bind(table)
	if err != nil {
		t.Fatal(err)
	}
	lives := b.lives()
	if len(lives) != 3 {
		t.Fatalf("%d lives, want 3", len(lives))
	}
	if l := lives[0]; l.Key != "1" || l.Created != atTable("2024-01-02 10:00") || l.Facts.Owner != "Ana" || l.Outcome != OutcomeBad || l.Facts.Numbers[0] != 1 {
		t.Errorf("%+v", l)
	}
	if s := lives[0].Steps; len(s) != 1 || s[0].Kind != StepReplied || s[0].At != atTable("2024-01-02 10:30") {
		t.Errorf("steps %+v", s)
	}
	if lives[0].Ended != atTable("2024-01-03 10:30") {
		t.Errorf("known at %d", lives[0].Ended)
	}
	for _, l := range lives[1:] {
		if len(l.Steps) != 0 || !math.IsNaN(l.Facts.Numbers[0]) {
			t.Errorf("%+v", l)
		}
	}
	if lives[2].Facts.Owner != "" {
		t.Errorf("owner %q, want none", lives[2].Facts.Owner)
	}
}

var logMap = map[string]string{"number": "no", "created": "came_at", "updated": "changed_at", "closed": "closed_at", "status": "state", "owner": "agent"}

func logTable() *Table {
	return tableOf("no|came_at|changed_at|state|agent|moves|made|closed_at|closed_code",
		"1|2024-01-01 10:00|2024-01-01 10:05|new|Ana|0|true|2024-01-05 10:00|6",
		"2|2024-01-01 11:00|2024-01-01 11:00|new|Ana|0|true|2024-01-01 20:00|7",
		"1|2024-01-01 10:00|2024-01-03 09:00|done|Bo|2|false|2024-01-05 10:00|6",
		"1|2024-01-01 10:00|2024-01-01 15:00|open|Bo|1|true|2024-01-05 10:00|6",
		"2|2024-01-01 11:00|2024-01-01 12:00|done|Ana|0|true|2024-01-01 20:00|7",
		"3|2024-01-01 12:00|2024-01-01 12:00|done|Ana|0|true||7") // done when it was first seen
}

func TestRowsOfANumberAreItsStatesInTheOrderOfTime(t *testing.T) {
	lives := livesOf(t, logTable(), core.EvaluationRequest{Label: "made=false", Map: logMap})
	if len(lives) != 3 {
		t.Fatalf("%d lives, want 3", len(lives))
	}
	l := lives[0]
	if l.Key != "1" || l.Outcome != OutcomeBad || l.Facts.Owner != "Ana" || l.Facts.Status != "new" || l.Ended != atTable("2024-01-05 10:00") {
		t.Errorf("%+v", l)
	}
	if !slices.IsSortedFunc(l.Steps, func(a, b Step) int { return int(a.At - b.At) }) {
		t.Errorf("steps out of order: %+v", l.Steps)
	}
	if i := slices.IndexFunc(l.Steps, func(s Step) bool { return s.Field == FieldOwner }); i < 0 || l.Steps[i].Value != "Bo" || l.Steps[i].At != atTable("2024-01-01 15:00") {
		t.Errorf("steps %+v", l.Steps)
	}
	var closed []int64
	for _, s := range l.Steps {
		if s.Kind == StepClosed {
			closed = append(closed, s.At)
		}
	}
	if !slices.Equal(closed, []int64{atTable("2024-01-03 09:00")}) {
		t.Errorf("closed at %v, want once, when the status said so", closed)
	}
	if lives[1].Outcome != OutcomeGood {
		t.Errorf("%+v", lives[1])
	}
}

func TestOnlyTicketsStillOpenAreAskedOfLater(t *testing.T) {
	lives := livesOf(t, logTable(), core.EvaluationRequest{Label: "made=false", Map: logMap})
	day := core.EvaluationRequest{At: core.MomentTime, After: 24 * time.Hour}
	if _, n, ok := momentOf(&day, &lives[0]); !ok || n == 0 || lives[0].Steps[n-1].At != atTable("2024-01-01 15:00") {
		t.Errorf("after a day: %d steps, %v; want those up to then", n, ok)
	}
	for _, l := range lives[1:] {
		if _, _, ok := momentOf(&day, &l); ok {
			t.Errorf("closed ticket %s is asked of", l.Key)
		}
	}
	three := core.EvaluationRequest{At: core.MomentTime, After: 72 * time.Hour}
	if _, _, ok := momentOf(&three, &lives[0]); ok {
		t.Error("a ticket that is done is asked of")
	}
	if at, n, ok := momentOf(&core.EvaluationRequest{At: core.MomentArrival}, &lives[0]); !ok || n != 0 || at != lives[0].Created {
		t.Errorf("on arrival: %d %d %v", at, n, ok)
	}
}

func TestColumnsOfAFileFilledInAfterwardsAreRefused(t *testing.T) {
	p, err := newPlan(&core.EvaluationRequest{Label: "made=false", Map: logMap}, logTable(), true)
	if err != nil {
		t.Fatal(err)
	}
	if slices.Contains(p.schema.Words, "closed_code") || len(p.notes) != 1 || !strings.Contains(p.notes[0], "closed_code") {
		t.Errorf("words %v, refused %q", p.schema.Words, p.notes)
	}
	if !slices.Contains(p.schema.Words, "moves") {
		t.Errorf("words %v, want moves", p.schema.Words)
	}
	rows := tableOf("score|Customer Remarks|Survey date|reopen count|team", "1|bad|x|1|a", "5|good|y|0|b", "5|good|x|1|a")
	p, err = newPlan(&core.EvaluationRequest{Label: "score<=2", Exclude: []string{"team"}}, rows, false)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.schema.Words)+len(p.schema.Numbers)+len(p.texts) != 0 || len(p.notes) != 3 {
		t.Errorf("%+v", p)
	}
}

func TestAFieldWhoseColumnIsFilledInAfterwardsIsRefusedToo(t *testing.T) {
	table := tableOf("no|came_at|Customer Remarks|Resolution Owner|agent|score", "1|2024-01-01 09:00|bad|Ana|Bo|1", "2|2024-01-01 10:00|fine|Ana|Bo|5")
	req := core.EvaluationRequest{Map: map[string]string{"number": "no", "created": "came_at", "description": "Customer Remarks", "owner": "Resolution Owner", "team": "agent"}, Label: "score<=2"}
	p, err := newPlan(&req, table, false)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.fields) != 3 || p.fields["team"] != "agent" || len(p.schema.Words)+len(p.texts) != 0 {
		t.Errorf("fields %v, words %q, texts %q", p.fields, p.schema.Words, p.texts)
	}
	if len(p.notes) != 2 || !strings.Contains(p.notes[0], "mapped to owner") || !strings.Contains(p.notes[1], `"Customer Remarks"`) {
		t.Errorf("refused %q", p.notes)
	}
}

func TestWhatIsKnownAfterTheFirstReplyIsLookedAtFromThenOn(t *testing.T) {
	rows := tableOf("came_at|answered_at|First Response Minutes|score", "2024-01-01 09:00|2024-01-01 09:10|10.5|1", "2024-01-01 10:00|2024-01-01 10:20|20.5|5")
	req := core.EvaluationRequest{Label: "score<=2", Map: map[string]string{"created": "came_at", "replied": "answered_at"}, At: core.MomentArrival}
	for _, known := range []bool{false, true} {
		if known {
			req.At = core.MomentReply
		}
		p, err := newPlan(&req, rows, false)
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Contains(p.schema.Numbers, "First Response Minutes"); got != known || known == (len(p.notes) > 0) {
			t.Errorf("%s: numbers %q, notes %q", req.At, p.schema.Numbers, p.notes)
		}
	}
}

func TestTheCreationIsFoundByNameWhereNobodyMapsIt(t *testing.T) {
	rows := tableOf("came_at|agent|score", "2024-01-01 09:00|Ana|1", "2024-01-01 10:00|Bo|5")
	rows.Called = map[string]string{"created": "came_at"}
	req := core.EvaluationRequest{Label: "score<=2", Exclude: []string{"wrong"}}
	p, err := newPlan(&req, rows, false)
	if err != nil {
		t.Fatal(err)
	}
	if p.fields["created"] != "came_at" || len(p.notes) != 2 || !strings.Contains(p.notes[0], `no column "wrong"`) || !strings.Contains(p.notes[1], `"came_at" is taken as created`) {
		t.Errorf("fields %v, notes %q", p.fields, p.notes)
	}
	req.Exclude = []string{"came_at"}
	if p, err = newPlan(&req, rows, false); err != nil || p.fields["created"] != "" {
		t.Errorf("left out, and taken: %v %v", p.fields, err)
	}
}

func TestALogWhoseNumberNobodyMapsIsSaidSo(t *testing.T) {
	rows := tableOf("case|agent|score", "1|Ana|1", "1|Bo|5", "2|Bo|5")
	rows.Called = map[string]string{"number": "case"}
	for _, mapped := range []map[string]string{nil, {"number": "case"}} {
		p, err := newPlan(&core.EvaluationRequest{Label: "score<=2", Map: mapped}, rows, mapped != nil)
		if err != nil {
			t.Fatal(err)
		}
		if said := slices.ContainsFunc(p.notes, func(n string) bool { return strings.Contains(n, "map number") }); said != (mapped == nil) {
			t.Errorf("mapped %v, notes %q", mapped, p.notes)
		}
	}
}

func TestAFileWithoutAMappedColumnIsMeasuredAsFarAsItGoes(t *testing.T) {
	rows := tableOf("came_at|answered_at|agent|score", "2024-01-01 09:00|2024-01-01 09:10|Ana|1", "2024-01-01 10:00|2024-01-01 10:20|Bo|5")
	req := core.EvaluationRequest{Label: "score<=2", Map: map[string]string{"created": "came_at", "replied": "answered_at", "owner": "agent"}}
	p, err := newPlan(&req, rows, false)
	if err != nil {
		t.Fatal(err)
	}
	_, missing, err := p.bind(tableOf("came_at|agent|score", "2024-01-01 09:00|Ana|1"))
	if err != nil || len(missing) != 1 || !strings.Contains(missing[0], `no column "answered_at"`) {
		t.Errorf("%q, %v", missing, err)
	}
	for _, test := range []*Table{tableOf("answered_at|agent|score", "2024-01-01 09:00|Ana|1"), tableOf("came_at|agent", "2024-01-01 09:00|Ana")} {
		if _, _, err = p.bind(test); core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("%v: %v", test.Columns, err)
		}
	}
}

func TestTheLabelIsNeverAFeature(t *testing.T) {
	rows := tableOf("score|team", "1|a", "5|b", "5|a")
	p, err := newPlan(&core.EvaluationRequest{Label: "score<=2", Map: map[string]string{"priority": "score"}}, rows, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := p.fields["priority"]; ok || slices.Contains(p.schema.Words, "score") || len(p.notes) != 1 {
		t.Errorf("%+v", p)
	}
}
