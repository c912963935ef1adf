package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

func dictionary(t testing.TB, m core.TicketMapping) *tickets.Dictionary {
	t.Helper()
	d, err := tickets.NewDictionary(m, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// readAll reads a stream to its end.
func readAll(t testing.TB, s Stream) (list []core.Ticket, rejects []*Rejected) {
	t.Helper()
	for {
		got, err := s.Next()
		var r *Rejected
		switch {
		case err == nil:
			list = append(list, got)
		case errors.As(err, &r):
			rejects = append(rejects, r)
		case err == io.EOF:
			return list, rejects
		default:
			t.Fatal(err)
		}
	}
}

func readJSON(t testing.TB, text string, m core.TicketMapping) (list []core.Ticket, rejects []*Rejected, format string) {
	t.Helper()
	s, err := OpenJSON(strings.NewReader(text), "x", dictionary(t, m), nil)
	if err != nil {
		t.Fatal(err)
	}
	list, rejects = readAll(t, s)
	return list, rejects, s.Format()
}

const oneCase = `{"Id":"500A","CaseNumber":"TS0042","Subject":"Spark job lost","Status":"Working","Priority":"High","Account":{"attributes":{"type":"Account"},"Name":"Acme"},"IsEscalated":true,"LastModifiedDate":"2024-03-01T10:00:00.000+0000"}`

func TestEveryShapeGivesTheSameTicket(t *testing.T) {
	utf16 := []byte{0xFF, 0xFE}
	for _, r := range "[" + oneCase + "]" {
		utf16 = append(utf16, byte(r), byte(r>>8))
	}
	for name, text := range map[string]string{
		"a list":                           "[" + oneCase + "]",
		"with a mark of its encoding":      "\uFEFF[" + oneCase + "]",
		"in UTF-16":                        string(utf16),
		"one object":                       oneCase,
		"a collector's post":               `{"Agentname":"a","Updatetime":"2024-03-01 10:00:00","Cases":[` + oneCase + `]}`,
		"with what is said behind":         `{"cases":[` + oneCase + `],"Agentname":{"x":[1,{"y":2}]},"n":1}`,
		"grouped by product":               `{"Agentname":"a","Cases":{"Spark":[` + oneCase + `],"Hive":[],"None":null}}`,
		"an answer of Salesforce":          `{"totalSize":1,"done":true,"records":[` + oneCase + `]}`,
		"a post a line":                    `{"Cases":[]}` + "\n" + `{"Cases":[` + oneCase + `]}` + "\n",
		"members that look like lists":     strings.Replace(oneCase, "{", `{"records":null,"tickets":{"a":1},`, 1),
		"a page of Deskwatch, or the like": `{"total":1,"items":[` + oneCase + `],"next":""}`,
	} {
		list, rejects, _ := readJSON(t, text, core.TicketMapping{})
		if len(list) != 1 || len(rejects) > 0 {
			t.Errorf("%s: %d tickets, rejects %v", name, len(list), rejects)
			continue
		}
		got := list[0]
		product := ""
		if name == "grouped by product" {
			product = "Spark"
		}
		if got.Source != "x" || got.ID != "500A" || got.Number != "TS0042" || got.Subject != "Spark job lost" || got.Status != core.TicketOpen || got.Priority != core.PriorityHigh ||
			got.Customer != "Acme" || !got.Escalated || got.Product != product || !got.UpdatedAt.Equal(time.Date(2024, 3, 1, 10, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestTheGroupIsTheProductOnlyWhereTheRecordHasNone(t *testing.T) {
	list, _, _ := readJSON(t, `{"Cases":{"Spark":[{"Id":"1","Product":"Livy"},{"Id":"2"}],"Hive":[{"Id":"3"}]},"x":1}`+"\n"+`{"Cases":[{"Id":"4"}]}`, core.TicketMapping{})
	var got []string
	for _, t := range list {
		got = append(got, t.Product)
	}
	if fmt.Sprint(got) != "[Livy Spark Hive ]" {
		t.Errorf("products %q", got)
	}
}

func TestCasesMayBeGroupedByProductInSeveralWays(t *testing.T) {
	for name, text := range map[string]string{
		"an object of lists":     `{"Agentname":"a","Updatetime":"2024-03-01T10:00:00Z","Cases":{"Spark":[{"Id":"1"},{"Id":"2"}],"Hive":[{"Id":"3"}],"Livy":[]}}`,
		"a list of groups":       `{"Agentname":"a","Updatetime":"2024-03-01T10:00:00Z","Cases":[{"Product":"Spark","Cases":[{"Id":"1"},{"Id":"2"}]},{"Product":"Livy","Cases":[]},{"Product":"Hive","Cases":[{"Id":"3"}]}]}`,
		"a list of named lists":  `{"Agentname":"a","Updatetime":"2024-03-01T10:00:00Z","Cases":[{"Spark":[{"Id":"1"},{"Id":"2"}]},{"Hive":[{"Id":"3"}]}]}`,
		"lists beside the agent": `{"Agentname":"a","Updatetime":"2024-03-01T10:00:00Z","Spark":[{"Id":"1"},{"Id":"2"}],"Hive":[{"Id":"3"}],"Livy":[]}`,
		"one after the other":    `{"Updatetime":"2024-03-01T10:00:00Z","Product":"Spark","Cases":[{"Id":"1"},{"Id":"2"}]}` + "\n" + `{"Updatetime":"2024-03-01T10:00:00Z","Hive":[{"Id":"3"}]}`,
	} {
		list, rejects, format := readJSON(t, text, core.TicketMapping{})
		got := map[string]string{}
		for _, t := range list {
			got[t.ID] = t.Product + " " + t.UpdatedAt.Format(time.DateOnly)
		}
		if want := (map[string]string{"1": "Spark 2024-03-01", "2": "Spark 2024-03-01", "3": "Hive 2024-03-01"}); !maps.Equal(got, want) || len(rejects) > 0 || format != "Cases of a collector" {
			t.Errorf("%s: %v, rejects %v, %q", name, got, rejects, format)
		}
	}
	// What has a list and is a ticket all the same.
	list, rejects, _ := readJSON(t, `[{"Id":"1","comments":[{"Id":"9"}]},{"subject":"s","created_at":"2024-03-01","tags":[{"Id":"9"}]},{"errors":["x"],"note":"n"}]`, core.TicketMapping{})
	if len(list) != 2 || list[0].ID != "1" || list[1].Subject != "s" || len(rejects) != 1 {
		t.Errorf("%+v, %v", list, rejects)
	}
}

func TestAnObjectThatSaysNothingIsNoListOfTickets(t *testing.T) {
	for _, text := range []string{"{}", " { } \n{}"} {
		d, err := tickets.NewDictionary(core.TicketMapping{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := OpenJSON(strings.NewReader(text), "x", d, nil); core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestThePostsTimeStandsInForTheRecords(t *testing.T) {
	at := time.Date(2024, 3, 1, 10, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		`{"Updatetime":"2024-03-01T10:00:00Z","Cases":[{"Id":"1"}]}`:                                           at,
		`{"Updatetime":"2024-03-02T10:00:00Z","Cases":[{"Id":"1","LastModifiedDate":"2024-03-01T10:00:00Z"}]}`: at,
		`{"Updatetime":"just now","Cases":[{"Id":"1"}]}`:                                                       {},
	} {
		if list, rejects, _ := readJSON(t, text, core.TicketMapping{}); len(list) != 1 || !list[0].UpdatedAt.Equal(want) {
			t.Errorf("%s: %v %v", text, list, rejects)
		}
	}
}

func TestNestedNamesAreReadByPath(t *testing.T) {
	list, _, format := readJSON(t, `{"tickets":[{"id":7,"subject":"s","raw_subject":"raw","status":"hold","priority":"urgent","via":{"channel":"web"},
		"satisfaction_rating":{"score":"bad"},"custom_fields":[{"id":360001,"value":"Spark"},{"id":360002,"value":null}],"updated_at":"2019-06-03T10:52:51Z"}],"next_page":"https://elsewhere.example/2","count":101}`,
		core.TicketMapping{Fields: map[core.Field]string{core.FieldProduct: "custom_fields.360001"}})
	if len(list) != 1 {
		t.Fatal(list)
	}
	got := list[0]
	if got.ID != "7" || got.Subject != "s" || got.Status != core.TicketHeld || got.Priority != core.PriorityUrgent || got.Channel != "web" || got.Rating != 1 || got.Product != "Spark" {
		t.Errorf("%+v", got)
	}
	if format != "Zendesk tickets" {
		t.Errorf("format %q", format)
	}
}

func TestABadRecordIsRejectedAndTheNextIsRead(t *testing.T) {
	long := strings.Repeat("x", maxRecord)
	list, rejects, _ := readJSON(t, `[{"Id":"1"},7,{"Subject":"no id"},{"Id":"2","CreatedDate":"yesterday"},null,{"Id":"3","Description":"`+long+`"},{"Id":"4"}]`, core.TicketMapping{})
	if len(list) != 2 || list[0].ID != "1" || list[1].ID != "4" {
		t.Errorf("read %v", list)
	}
	want := []struct {
		line      int
		raw, says string
	}{{2, "7", "a number"}, {3, `{"Subject":"no id"}`, "id"}, {4, `{"Id":"2","CreatedDate":"yesterday"}`, "yesterday"}, {5, "null", "nothing"}, {6, "", "1 MiB"}}
	if len(rejects) != len(want) {
		t.Fatalf("rejects %v", rejects)
	}
	for i, r := range rejects {
		if r.Line != want[i].line || string(r.Raw) != want[i].raw || !strings.Contains(r.Reason, want[i].says) {
			t.Errorf("%d: %+v raw %s, want %+v", i, r, r.Raw, want[i])
		}
	}
	if rejects[2].Column != "CreatedDate" {
		t.Errorf("column %q", rejects[2].Column)
	}
}

func TestWhatIsNoTicketIsNamed(t *testing.T) {
	for text, says := range map[string]string{
		``:                           "empty",
		"  \n":                       "empty",
		`"hello"`:                    "a text",
		`[1,2]`:                      "a number",
		`[{"colour":"red","n":1}]`:   `"colour"`,
		`{"colour":"red"}`:           `"colour"`,
		`{"Cases":{"Spark":"none"}}`: `"Spark"`,
		`<html>`:                     "no JSON",
		`{"Cases":[{"Id":"1"`:        "breaks off",
		`[{"Id":"1","x":"` + strings.Repeat("x", maxValue+2*readAtOnce) + `"}]`: "16 MiB",
		`[{"x":` + strings.Repeat("[", 20000):                                   "no JSON",
	} {
		_, err := OpenJSON(strings.NewReader(text), "x", dictionary(t, core.TicketMapping{}), nil)
		if core.ErrorCode(err) != core.CodeInvalid || !strings.Contains(core.ErrorMessage(err), says) {
			t.Errorf("%.40s: %.300v, want %q", text, err, says)
		}
	}
}

func TestAFileThatBreaksOffIsNoWholeSnapshot(t *testing.T) {
	for _, end := range []string{"", ",", `,{"Id":"3"`, "]"} {
		s, err := OpenJSON(strings.NewReader(`{"Cases":[{"Id":"1"},{"Id":"2"}`+end), "x", dictionary(t, core.TicketMapping{}), nil)
		if err != nil {
			t.Fatal(err)
		}
		for err == nil {
			_, err = s.Next()
		}
		if core.ErrorCode(err) != core.CodeInvalid || !strings.Contains(core.ErrorMessage(err), "breaks off behind record 2") {
			t.Errorf("%q: %v", end, err)
		}
	}
}

// endless gives the same record for ever, and measures how much was taken.
type endless struct {
	record []byte
	taken  int
}

func (e *endless) Read(p []byte) (n int, err error) {
	for n < len(p) {
		k := copy(p[n:], e.record[e.taken%len(e.record):])
		n, e.taken = n+k, e.taken+k
	}
	return n, nil
}

func TestAHugeFileIsReadRecordByRecord(t *testing.T) {
	in := &endless{record: []byte(oneCase + ",\n")}
	s, err := OpenJSON(io.MultiReader(strings.NewReader("["), in), "x", dictionary(t, core.TicketMapping{}), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2000 {
		if _, err := s.Next(); err != nil {
			t.Fatal(err)
		}
		if ahead := in.taken - i*len(in.record); ahead > 1<<20 {
			t.Fatalf("record %d: %d bytes read ahead", i, ahead)
		}
	}
	if kept := cap(s.(*jsonStream).in.kept); kept > 1<<20 {
		t.Errorf("%d bytes are held", kept)
	}
}

func TestProgressTellsEveryByte(t *testing.T) {
	var told int64
	text := "[" + oneCase + "]"
	s, err := OpenJSON(strings.NewReader(text), "x", dictionary(t, core.TicketMapping{}), func(n int64) { told = n })
	if err != nil {
		t.Fatal(err)
	}
	readAll(t, s)
	if told != int64(len(text)) {
		t.Errorf("told %d of %d", told, len(text))
	}
}

func sharedTickets(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "tickets", name))
	if err != nil {
		t.Skip("the shared ticket files are not here: ", err)
	}
	return b
}

func TestEverySharedJSONFileIsRead(t *testing.T) {
	for name, want := range map[string]int{"la_treeapi_Case.json": 26, "wizard_Case.json": 6, "zendesk_tickets_page.json": 100} {
		s, err := OpenJSON(bytes.NewReader(sharedTickets(t, name)), "x", dictionary(t, core.TicketMapping{}), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		list, rejects := readAll(t, s)
		ids := map[string]bool{}
		for _, got := range list {
			ids[got.ID] = true
			if got.Status == core.TicketOther && name != "wizard_Case.json" { // whose organisation has its own words
				t.Errorf("%s: nobody knows the status %q", name, got.RawStatus)
			}
		}
		if len(list) != want || len(ids) != want || len(rejects) > 0 {
			t.Errorf("%s: %d tickets, %d ids, rejects %v", name, len(list), len(ids), rejects)
		}
	}
}

func BenchmarkJSON(b *testing.B) {
	var page struct{ Tickets []json.RawMessage }
	if err := json.Unmarshal(sharedTickets(b, "zendesk_tickets_page.json"), &page); err != nil {
		b.Fatal(err)
	}
	text := []byte("[" + string(bytes.Join(rawBytes(page.Tickets), []byte(","))) + "]")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s, err := OpenJSON(bytes.NewReader(text), "x", dictionary(b, core.TicketMapping{}), nil)
		if err != nil {
			b.Fatal(err)
		}
		readAll(b, s)
	}
	b.ReportMetric(float64(b.N*len(page.Tickets))/b.Elapsed().Seconds(), "tickets/s")
}

func rawBytes(list []json.RawMessage) [][]byte {
	out := make([][]byte, len(list))
	for i, r := range list {
		out[i] = r
	}
	return out
}
