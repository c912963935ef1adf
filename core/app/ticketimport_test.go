package app

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

func importTickets(t *testing.T, a *App, req core.TicketImportRequest) core.TicketImportResult {
	t.Helper()
	res, err := a.ImportTickets(t.Context(), req, new(core.Progress))
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// ticketOf finds a ticket by its key.
func ticketOf(t *testing.T, a *App, key string) (core.Ticket, []core.StatusStep) {
	t.Helper()
	nos, err := a.pool.Find(t.Context(), key)
	if err != nil || len(nos) != 1 {
		t.Fatalf("%s is %v, %v", key, nos, err)
	}
	ticket, history, err := a.pool.Ticket(t.Context(), nos[0])
	if err != nil {
		t.Fatal(err)
	}
	return ticket, history
}

const ticketTable = "Ticket ID;Asunto;Estado;Prioridad;Cliente;Correo electrónico;Asignado a;Fecha de creación;Última actualización\n" +
	"T-1;No arranca;Abierto;Alta;Acme SA;ana@acme.example;Eva;13/05/2024 09:30;14/05/2024 10:00\n" +
	"T-2;Factura;En espera de Luis;Rosa;Borea;;;02/05/2024 08:00;?\n"

func TestATableOfAnySystemIsTaken(t *testing.T) {
	d := newDesk(t)
	req := core.TicketImportRequest{Path: writeFile(t, "incidencias.csv", ticketTable), Mapping: core.TicketMapping{Zone: "Europe/Madrid"}}
	res := importTickets(t, d.App, req)
	if res.Source != "file" || res.Rows != 2 || res.New != 2 || res.Rejected != 0 || res.RejectsFile != "" || !res.Baseline || res.Format != "CSV, semicolon" || res.Detected.DateFormat != "day-first" {
		t.Errorf("%+v", res)
	}
	if !slices.Equal(res.UnknownStatuses, []core.WordCount{{Raw: "En espera de Luis", Count: 1}}) || !slices.Equal(res.UnknownPriorities, []core.WordCount{{Raw: "Rosa", Count: 1}}) {
		t.Errorf("unknown words %v, %v", res.UnknownStatuses, res.UnknownPriorities)
	}
	got, _ := ticketOf(t, d.App, "file:T-1")
	want := core.Ticket{No: got.No, Source: "file", ID: "T-1", Number: "T-1", Subject: "No arranca", Status: core.TicketOpen, RawStatus: "Abierto", Priority: core.PriorityHigh, RawPriority: "Alta",
		CustomerID: "ana@acme.example", Customer: "Acme SA", Email: "ana@acme.example", Owner: "Eva",
		CreatedAt: time.Date(2024, 5, 13, 7, 30, 0, 0, time.UTC), UpdatedAt: time.Date(2024, 5, 14, 8, 0, 0, 0, time.UTC)}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if second, _ := ticketOf(t, d.App, "file:T-2"); second.Status != core.TicketOther || second.CustomerID != "Borea" {
		t.Errorf("%+v", second)
	}
	again := importTickets(t, d.App, req)
	if again.New != 0 || again.Changed != 0 || again.Unchanged != 2 || again.Events != 0 || again.Baseline {
		t.Errorf("taken once more: %+v", again)
	}
}

func TestTheRequestsTablesComeFirst(t *testing.T) {
	d := newDesk(t)
	if err := d.registry.SaveSource(t.Context(), core.Source{Name: "jira", Kind: core.SourceFile, Mapping: core.TicketMapping{
		Fields:   map[core.Field]string{core.FieldOwner: "Cliente", core.FieldChannel: "Not in this file"},
		Statuses: map[string]core.TicketStatus{"En espera de Luis": core.TicketHeld, "Abierto": core.TicketPending}, Zone: "UTC",
	}}); err != nil {
		t.Fatal(err)
	}
	importTickets(t, d.App, core.TicketImportRequest{Path: writeFile(t, "x.csv", ticketTable), Source: "jira", Mapping: core.TicketMapping{
		Statuses: map[string]core.TicketStatus{"abierto": core.TicketNew}, Priorities: map[string]core.Priority{"rosa": core.PriorityLow},
		Fields: map[core.Field]string{core.FieldProduct: "Asunto"},
	}})
	first, _ := ticketOf(t, d.App, "jira:T-1")
	second, _ := ticketOf(t, d.App, "jira:T-2")
	if first.Status != core.TicketNew || second.Status != core.TicketHeld || second.Priority != core.PriorityLow || first.Owner != "Acme SA" || first.Product != "No arranca" || first.CreatedAt.Hour() != 9 {
		t.Errorf("%+v\n%+v", first, second)
	}
}

func TestTheListOfSourcesSaysWhenAFileWasTaken(t *testing.T) {
	d := newDesk(t)
	importTickets(t, d.App, core.TicketImportRequest{Path: writeFile(t, "x.csv", "number,created_at\n1,2024-01-02\n2,soon\n3,2024-01-02\n"), Source: "march"})
	importTickets(t, d.App, core.TicketImportRequest{Path: writeFile(t, "x.csv", "number\n1\n"), Source: "dry", DryRun: true})
	list, err := d.Sources(t.Context())
	if err != nil || len(list) != 1 || list[0].Name != "march" || list[0].State.LastSuccess.IsZero() || list[0].State.Tickets != 2 || list[0].State.Counts.New != 2 || !strings.Contains(list[0].State.Note, "1.") {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestDatesOfTwoReadingsAreAPersonsToDecide(t *testing.T) {
	d := newDesk(t)
	path := writeFile(t, "x.csv", "number,created_at,updated_at\n1,03/04/2024 10:00,05/04/2024 11:00\n")
	_, err := d.ImportTickets(t.Context(), core.TicketImportRequest{Path: path}, nil)
	if core.ErrorCode(err) != core.CodeAmbiguous || !strings.Contains(core.ErrorMessage(err), "--date-format month-first") {
		t.Fatalf("%v", err)
	}
	v, err := d.PreviewTickets(t.Context(), core.TicketImportRequest{Path: path})
	if err != nil || len(v.DateChoices) != 2 || len(v.Tickets) != 0 {
		t.Errorf("%+v, %v", v, err)
	}
	req := core.TicketImportRequest{Path: path, Hints: core.TableHints{DateFormat: "month-first"}, Mapping: core.TicketMapping{Zone: "UTC"}}
	if v, err = d.PreviewTickets(t.Context(), req); err != nil || len(v.Tickets) != 1 || v.Tickets[0].CreatedAt.Month() != time.March {
		t.Errorf("%+v, %v", v, err)
	}
	// One cell of another column decides for both.
	path = writeFile(t, "y.csv", "number,created_at,updated_at\n1,03/04/2024 10:00,25/04/2024 11:00\n")
	importTickets(t, d.App, core.TicketImportRequest{Path: path})
	if got, _ := ticketOf(t, d.App, "file:1"); got.CreatedAt.Month() != time.April {
		t.Errorf("created %v", got.CreatedAt)
	}
}

func TestWhatCannotBeATicketIsKeptBesideTheFile(t *testing.T) {
	d := newDesk(t)
	rejects := filepath.Join(t.TempDir(), "rejects.csv")
	text := "number,subject,created_at\n1,good,2024-01-02\n,no number,\n3,no such day,2024-02-31\n4,too,,many\n5,good,?\n"
	res := importTickets(t, d.App, core.TicketImportRequest{Path: writeFile(t, "x.csv", text), RejectsPath: rejects})
	if res.Rows != 5 || res.New != 2 || res.Rejected != 3 || res.RejectsFile != rejects || len(res.FirstRejects) != 3 || len(res.RejectReasons) != 3 {
		t.Fatalf("%+v", res)
	}
	if r := res.FirstRejects[1]; r.Line != 4 || r.Column != "created_at" || !strings.Contains(r.Reason, "no such day") {
		t.Errorf("%+v", r)
	}
	kept, err := os.ReadFile(rejects)
	if err != nil || !strings.HasPrefix(string(kept), "number,subject,created_at,reject_line,reject_column,reject_reason\n") || strings.Count(string(kept), "\n") != 4 {
		t.Errorf("%s, %v", kept, err)
	}

	jsonRejects := filepath.Join(t.TempDir(), "rejects.ndjson")
	text = `[{"number":"7","subject":"good"},{"subject":"no number","status":"New"},{"number":"8","created_at":"soon"}]`
	res = importTickets(t, d.App, core.TicketImportRequest{Path: writeFile(t, "x.json", text), RejectsPath: jsonRejects})
	if res.Rows != 3 || res.New != 1 || res.Rejected != 2 || res.RejectsFile != jsonRejects {
		t.Fatalf("%+v", res)
	}
	if kept, err = os.ReadFile(jsonRejects); err != nil || strings.Count(string(kept), "\n") != 2 || !strings.Contains(string(kept), `"subject":"no number","status":"New"}`) {
		t.Errorf("%s, %v", kept, err)
	}
	mended := writeFile(t, "mended.ndjson", strings.Replace(string(kept), `"soon"`, `"2024-01-02"`, 1))
	if res = importTickets(t, d.App, core.TicketImportRequest{Path: mended}); res.New != 1 || res.Rejected != 1 {
		t.Errorf("mended: %+v", res)
	}
}

func TestAFullFileWithRejectsMakesNothingGone(t *testing.T) {
	d := newDesk(t)
	importTickets(t, d.App, core.TicketImportRequest{Path: writeFile(t, "x.csv", "number,created_at\n1,2024-01-02\n2,2024-01-02\n3,2024-01-03\n")})
	bad := core.TicketImportRequest{Path: writeFile(t, "x.csv", "number,created_at\n1,2024-01-02\n2,2024-02-31\n"), Full: true}
	for _, bad.DryRun = range []bool{true, false} {
		if _, err := d.ImportTickets(t.Context(), bad, nil); core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("dry run %v: %v", bad.DryRun, err)
		}
	}
	if left, err := os.ReadDir(filepath.Join(d.dir, "rejects")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	res := importTickets(t, d.App, core.TicketImportRequest{Path: writeFile(t, "x.csv", "number,created_at\n1,2024-01-02\n3,2024-01-03\n"), Full: true})
	if gone, _ := ticketOf(t, d.App, "file:2"); res.Gone != 1 || !gone.Gone {
		t.Errorf("%+v, %+v", res, gone)
	}
}

func TestATicketDryRunWritesNothing(t *testing.T) {
	d := newDesk(t)
	text := "number,created_at\n1,2024-01-02\n2,soon\n"
	res := importTickets(t, d.App, core.TicketImportRequest{Path: writeFile(t, "x.csv", text), DryRun: true})
	counts, err := d.pool.CountBySource(t.Context())
	if err != nil || len(counts) != 0 || res.Rows != 2 || res.Tickets != 1 || res.Rejected != 1 || res.RejectsFile != "" {
		t.Errorf("%+v, %v, %v", res, counts, err)
	}
	if _, err := os.Stat(filepath.Join(d.dir, "rejects")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a rejects folder was made: %v", err)
	}
}

func packed(t *testing.T, name, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return writeFile(t, name, b.String())
}

func unpackedLeft(t *testing.T, dir string) []string {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(dir, unpackedName))
	if err != nil {
		t.Fatal(err)
	}
	return left
}

func TestAPackedFileIsReadAndNothingIsLeftOfIt(t *testing.T) {
	d := newDesk(t)
	for name, text := range map[string]string{"x.csv.gz": "number,created_at\n1,2024-01-02\n", "y.json.gz": `{"tickets":[{"id":2,"status":"open"}]}`} {
		if res := importTickets(t, d.App, core.TicketImportRequest{Path: packed(t, name, text)}); res.New != 1 {
			t.Errorf("%s: %+v", name, res)
		}
	}
	whole, err := os.ReadFile(packed(t, "z.csv.gz", "number,created_at\n"+strings.Repeat("1,2024-01-02\n", 9999)))
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.ImportTickets(t.Context(), core.TicketImportRequest{Path: writeFile(t, "cut.csv.gz", string(whole[:len(whole)-20]))}, nil)
	if core.ErrorCode(err) != core.CodeInvalid || !strings.Contains(core.ErrorMessage(err), "damaged") {
		t.Errorf("a cut file: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = d.ImportTickets(ctx, core.TicketImportRequest{Path: packed(t, "c.csv.gz", "number\n1\n")}, nil); core.ErrorCode(err) != core.CodeCanceled {
		t.Errorf("cancelled: %v", err)
	}
	if left := unpackedLeft(t, d.dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWhatACrashLeftUnpackedGoesAfterADay(t *testing.T) {
	d := newDesk(t)
	old := filepath.Join(d.dir, "unpacked-1.tmp")
	young := filepath.Join(d.dir, "unpacked-2.tmp")
	for path, age := range map[string]time.Duration{old: 25 * time.Hour, young: time.Hour} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		at := d.clock.Now().Add(-age)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	importTickets(t, d.App, core.TicketImportRequest{Path: packed(t, "x.csv.gz", "number\n1\n")})
	if left := unpackedLeft(t, d.dir); !slices.Equal(left, []string{young}) {
		t.Errorf("left: %v", left)
	}
}

func TestFilesThatAreNoTicketsAreRefused(t *testing.T) {
	d := newDesk(t)
	for name, text := range map[string]string{
		"orders.csv": "colour,size\nred,1\nblue,2\n", "empty.csv": "", "x.json": `{"orders":[{"total":1}]}`, "cut.json": `[{"number":"1"},`,
	} {
		res, err := d.ImportTickets(t.Context(), core.TicketImportRequest{Path: writeFile(t, name, text)}, nil)
		if core.ErrorCode(err) != core.CodeInvalid || core.ErrorMessage(err) == "" {
			t.Errorf("%s: %+v, %v", name, res, err)
		}
	}
	for _, source := range []string{"orders", "a:b", strings.Repeat("x", 61)} {
		if _, err := d.ImportTickets(t.Context(), core.TicketImportRequest{Path: writeFile(t, "x.csv", "number\n1\n"), Source: source}, nil); core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("the source %q: %v", source, err)
		}
	}
	if _, err := d.ImportTickets(t.Context(), core.TicketImportRequest{Path: filepath.Join(d.dir, "none.csv")}, nil); core.ErrorCode(err) != core.CodeNotFound {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := d.ImportTickets(t.Context(), core.TicketImportRequest{Path: d.dir}, nil); core.ErrorCode(err) != core.CodeInvalid {
		t.Errorf("a folder: %v", err)
	}
	if counts, err := d.pool.CountBySource(t.Context()); err != nil || len(counts) > 0 {
		t.Errorf("something was kept: %v, %v", counts, err)
	}
}

func TestARowOfAnEventLogKnowsNothingOfLaterTimes(t *testing.T) {
	d := newDesk(t)
	text := "number,status,opened_at,sys_updated_at,closed_at\n" +
		"1,Closed,2024-01-01 08:00,2024-01-05 08:00,2024-01-05 08:00\n" +
		"1,New,2024-01-01 08:00,2024-01-01 08:00,2024-01-05 08:00\n" +
		"1,Working,2024-01-01 08:00,2024-01-02 08:00,2024-01-05 08:00\n" +
		"2,Working,2024-01-01 08:00,2024-01-02 08:00,2024-01-05 08:00\n" +
		"1,Held,2024-01-01 08:00,2024-01-02 08:00,2024-01-05 08:00\n"
	res := importTickets(t, d.App, core.TicketImportRequest{Path: writeFile(t, "x.csv", text), Replay: true, Mapping: core.TicketMapping{Zone: "UTC"}})
	first, history := ticketOf(t, d.App, "file:1")
	var steps []string
	for _, s := range history {
		steps = append(steps, s.At.Format("2")+" "+s.RawStatus)
	}
	if res.Rows != 5 || res.New != 2 || !slices.Equal(steps, []string{"1 New", "2 Working", "2 Held", "5 Closed"}) || first.ClosedAt.Day() != 5 {
		t.Errorf("%+v, %v, %+v", res, steps, first)
	}
	if second, _ := ticketOf(t, d.App, "file:2"); !second.ClosedAt.IsZero() {
		t.Errorf("it is closed before it was: %+v", second)
	}
}

func TestAnEventLogTellsNothingTwice(t *testing.T) {
	d := newDesk(t)
	log := "number,status,opened_at,sys_updated_at\n" +
		"1,New,2024-01-01 08:00,2024-01-01 08:00\n" +
		"1,Working,2024-01-01 08:00,2024-01-02 08:00\n" +
		"1,Held,2024-01-01 08:00,2024-01-02 08:00\n"
	grown := log + "1,Working,2024-01-01 08:00,2024-01-02 08:00\n1,Closed,2024-01-01 08:00,2024-01-03 08:00\n"
	steps := func() (list []string) {
		_, history := ticketOf(t, d.App, "file:1")
		for _, s := range history {
			list = append(list, s.At.Format("2 ")+s.RawStatus)
		}
		return list
	}
	request := func(text string) core.TicketImportRequest {
		return core.TicketImportRequest{Path: writeFile(t, "x.csv", text), Replay: true, Mapping: core.TicketMapping{Zone: "UTC"}}
	}
	importTickets(t, d.App, request(log))
	if again := importTickets(t, d.App, request(log)); again.Rows != 3 || again.Tickets != 3 || again.Events != 0 || again.Unchanged != 2 || again.Stale != 1 || !slices.Equal(steps(), []string{"1 New", "2 Working", "2 Held"}) {
		t.Errorf("%+v, %v", again, steps())
	}
	full := request(log)
	full.Full = true
	if whole := importTickets(t, d.App, full); whole.Gone != 0 {
		t.Errorf("a whole log makes its own tickets gone: %+v", whole)
	}
	// What came in the same minute and ends otherwise is not known, and is told.
	if more := importTickets(t, d.App, request(grown)); more.Rows != 5 || steps()[len(steps())-1] != "3 Closed" {
		t.Errorf("%+v, %v", more, steps())
	}
	if again := importTickets(t, d.App, request(grown)); again.Events != 0 {
		t.Errorf("%+v, %v", again, steps())
	}
}

// sharedTicketFile is a file of the measuring data beside the checkout.
func sharedTicketFile(t *testing.T, name string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("the real files are read in the long run")
	}
	path := filepath.Join("..", "..", "..", "shared", "data", "tickets", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the measuring data is not beside the checkout: %v", err)
	}
	return path
}

func TestEverySharedTicketFileIsTaken(t *testing.T) {
	for name, want := range map[string]int64{"salesforce_export_3340_Case.csv": 3340, "la_treeapi_Case.json": 26, "wizard_Case.json": 6, "zendesk_tickets_page.json": 100, "csat_first70pct.csv.gz": 12027} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			res := importTickets(t, d.App, core.TicketImportRequest{Path: sharedTicketFile(t, name)})
			if res.Rows != want || res.New != want || res.Rejected != 0 {
				t.Errorf("%+v", res)
			}
		})
	}
}

// writtenHistories are the status histories an event log tells, told apart from the program: its
// own CSV reader, its own dates, its own order.
func writtenHistories(t *testing.T, path string) map[string][]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(unpacked).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	number, state, updated := slices.Index(rows[0], "number"), slices.Index(rows[0], "incident_state"), slices.Index(rows[0], "sys_updated_at")
	type step struct {
		at    time.Time
		state string
	}
	steps := map[string][]step{}
	for _, row := range rows[1:] {
		at, err := time.Parse("2/1/2006 15:04", row[updated])
		if err != nil {
			t.Fatal(err)
		}
		steps[row[number]] = append(steps[row[number]], step{at, row[state]})
	}
	histories := map[string][]string{}
	for number, list := range steps {
		slices.SortStableFunc(list, func(a, b step) int { return a.at.Compare(b.at) })
		for i, s := range list {
			if i == 0 || s.state != list[i-1].state {
				histories[number] = append(histories[number], s.at.Format("2006-01-02 15:04 ")+s.state)
			}
		}
	}
	return histories
}

// toldHistories are the status histories of all tickets as their events tell them.
func toldHistories(t *testing.T, a *App) map[string][]string {
	t.Helper()
	histories := map[string][]string{}
	for q := (core.TicketEventQuery{Limit: 10_000}); ; {
		list, err := a.pool.Events(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			q.After = e.Seq
			switch e.Kind {
			case core.TicketCreated:
				histories[e.Number] = []string{e.To}
			case core.TicketStatusEvent:
				histories[e.Number] = append(histories[e.Number], e.At.Format("2006-01-02 15:04 ")+e.To)
			}
		}
		if len(list) == 0 {
			return histories
		}
	}
}

func TestReplayingTheIncidentLogGivesEveryTicketItsHistory(t *testing.T) {
	path := sharedTicketFile(t, "incidents_first60pct.csv.gz")
	want := writtenHistories(t, path)
	d := newDesk(t)
	mapping := core.TicketMapping{Zone: "UTC", Fields: map[core.Field]string{
		core.FieldNumber: "number", core.FieldCreated: "opened_at", core.FieldUpdated: "sys_updated_at", core.FieldCustomer: "caller_id",
		core.FieldStatus: "incident_state", core.FieldOwner: "assigned_to", core.FieldProduct: "category",
	}}
	res := importTickets(t, d.App, core.TicketImportRequest{Path: path, Replay: true, Mapping: mapping})
	if res.Rows != 90268 || res.New != 14950 || res.Rejected != 0 || len(want) != 14950 {
		t.Fatalf("%+v, want %d tickets", res, len(want))
	}
	wrong := 0
	compare := func(number string, got []string) {
		if !slices.Equal(got, want[number]) {
			if wrong++; wrong < 4 {
				t.Errorf("%s is %q, want %q", number, got, want[number])
			}
		}
	}
	// Every ticket by its events, which is quick to read, and some by their history.
	told := toldHistories(t, d.App)
	for number, got := range told {
		// A created event has the time the ticket was opened at, and its row a later one.
		if opened := want[number][0]; strings.HasSuffix(opened, " "+got[0]) {
			got[0] = opened
		}
		compare(number, got)
	}
	if len(told) != len(want) {
		t.Errorf("events tell of %d tickets", len(told))
	}
	for no := uint32(1); no <= 14950; no += 50 {
		ticket, history, err := d.pool.Ticket(t.Context(), no)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range history {
			got = append(got, s.At.UTC().Format("2006-01-02 15:04 ")+s.RawStatus)
		}
		compare(ticket.Number, got)
	}
	if wrong > 0 {
		t.Errorf("%d histories differ", wrong)
	}
	// And without a word from anybody the same columns are found.
	v, err := d.PreviewTickets(t.Context(), core.TicketImportRequest{Path: path})
	for field, column := range mapping.Fields {
		if err != nil || v.Detected.Map[field] != column {
			t.Errorf("%s is found in %q, not %q (%v)", field, v.Detected.Map[field], column, err)
		}
	}
}

func TestTheSampleTicketsComeOnceAndGoOutOfSight(t *testing.T) {
	d := newDesk(t)
	d.clock.advance(24 * time.Hour)
	res, err := d.LoadSampleTickets(t.Context(), nil)
	if err != nil || res.New < 300 || res.Source != tickets.SampleSource {
		t.Fatalf("%+v, %v", res, err)
	}
	if loaded, err := d.LoadSample(t.Context(), new(core.Progress)); err != nil || loaded.SampleTickets != 0 || loaded.OrdersNew == 0 {
		t.Fatalf("%+v, %v", loaded, err)
	}
	d.clock.advance(24 * time.Hour)
	if again, err := d.LoadSampleTickets(t.Context(), nil); err != nil || again.New+again.Changed+again.Events != 0 || again.Unchanged != res.New {
		t.Errorf("loaded twice: %+v, %v", again, err)
	}
	first, _ := ticketOf(t, d.App, tickets.SampleFirst().String())
	page, err := d.Clients(t.Context(), core.ClientQuery{Text: first.Customer})
	if err != nil || len(page.Clients) != 1 || page.Clients[0].Customer != first.CustomerID || page.Clients[0].Email != first.Email {
		t.Errorf("the orders do not know %s: %+v, %v", first.CustomerID, page, err)
	}
	counts, err := d.RemoveSampleTickets(t.Context())
	if err != nil || counts.Gone != res.New {
		t.Errorf("removed: %+v, %v", counts, err)
	}
	if back, err := d.LoadSampleTickets(t.Context(), nil); err != nil || back.New != 0 {
		t.Errorf("loaded again: %+v, %v", back, err)
	}
	if first, _ := ticketOf(t, d.App, tickets.SampleFirst().String()); first.Gone {
		t.Error("it does not come back")
	}
}

func TestTheSampleIsOrdersAndTicketsTogether(t *testing.T) {
	d := newDesk(t)
	d.clock.advance(24 * time.Hour)
	if _, err := d.RemoveSample(t.Context()); core.ErrorCode(err) != core.CodeNotFound {
		t.Errorf("nothing to remove: %v", err)
	}
	loaded, err := d.LoadSample(t.Context(), new(core.Progress))
	if err != nil || loaded.SampleTickets < 300 {
		t.Fatalf("loaded: %+v, %v", loaded, err)
	}
	if _, err := d.LoadSample(t.Context(), new(core.Progress)); core.ErrorCode(err) != core.CodeConflict {
		t.Errorf("loaded twice: %v", err)
	}
	if _, err := d.RemoveSampleTickets(t.Context()); err != nil {
		t.Fatal(err)
	}
	if again, err := d.LoadSample(t.Context(), new(core.Progress)); err != nil || again.OrdersNew != 0 || again.SampleTickets != loaded.SampleTickets {
		t.Errorf("the missing half does not come: %+v, %v", again, err)
	}
	removed, err := d.RemoveSample(t.Context())
	if first, _ := ticketOf(t, d.App, tickets.SampleFirst().String()); err != nil || removed.Removed != loaded.OrdersNew || removed.SampleTickets != loaded.SampleTickets || !first.Gone {
		t.Errorf("removed: %+v, %v", removed, err)
	}
	if page, err := d.Tickets(t.Context(), core.TicketQuery{Text: "is:open"}); err != nil || page.Total != 0 {
		t.Errorf("still open: %d, %v", page.Total, err)
	}
	if _, err := d.RemoveSample(t.Context()); core.ErrorCode(err) != core.CodeNotFound {
		t.Errorf("removed twice: %v", err)
	}
}

func TestTheSampleBringsNoTicketsBesideOnesOwn(t *testing.T) {
	d := newDesk(t)
	importTickets(t, d.App, core.TicketImportRequest{Path: writeFile(t, "x.csv", "number,subject\n1,one\n")})
	loaded, err := d.LoadSample(t.Context(), new(core.Progress))
	if err != nil || loaded.OrdersNew == 0 || loaded.SampleTickets != 0 {
		t.Errorf("%+v, %v", loaded, err)
	}
}

func TestWhatIsExportedIsWhatIsShownAndImportsAgain(t *testing.T) {
	d := newDesk(t)
	text := "number,subject,status,created_at,updated_at,customer,rating\n1,=1+1,Working,2024-01-02,2024-01-03,Acme,4\n2,plain,New,2024-01-02,2024-01-04,Borea,\n3,\"comma, \"\"quote\"\"\",Closed,2024-01-02,2024-01-05,Acme,1\n"
	importTickets(t, d.App, core.TicketImportRequest{Path: writeFile(t, "x.csv", text), Mapping: core.TicketMapping{Zone: "UTC"}})
	path := filepath.Join(t.TempDir(), "out.csv")
	n, err := d.ExportTickets(t.Context(), core.TicketQuery{Text: "customer:Acme", Sort: "number"}, path, nil)
	if err != nil || n != 2 {
		t.Fatalf("%d, %v", n, err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) != 3 || rows[1][0] != "1" || rows[1][3] != "'=1+1" || rows[2][3] != `comma, "quote"` || rows[2][20] != "1" || rows[2][14] != "2024-01-02T00:00:00Z" {
		t.Errorf("%q, %v", rows, err)
	}
	res := importTickets(t, d.App, core.TicketImportRequest{Path: path, Source: "copy"})
	first, _ := ticketOf(t, d.App, "copy:3")
	if res.New != 2 || res.Rejected != 0 || first.Status != core.TicketClosed || first.Rating != 1 || first.CustomerID != "Acme" || first.UpdatedAt.Day() != 5 {
		t.Errorf("%+v, %+v", res, first)
	}
	if n, err := d.ExportTickets(t.Context(), core.TicketQuery{}, filepath.Join(t.TempDir(), "no", "folder", "out.csv"), nil); core.ErrorCode(err) != core.CodeUnavailable || n != 0 {
		t.Errorf("without a folder: %d, %v", n, err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestADryRunCountsWhatTheImportWouldDo(t *testing.T) {
	for name, replay := range map[string]bool{"snapshot": false, "event log": true} {
		d := newDesk(t)
		zone := core.TicketMapping{Zone: "UTC"}
		importTickets(t, d.App, core.TicketImportRequest{Path: writeFile(t, "a.csv", "number,status,updated\n1,New,2023-01-01 10:00\n2,New,2023-01-01 10:00\n3,New,2023-01-03 10:00\n4,New,2023-01-01 10:00\n"), Mapping: zone})
		req := core.TicketImportRequest{Path: writeFile(t, "b.csv", "number,status,updated\n1,Closed,2023-01-02 10:00\n2,New,2023-01-01 10:00\n3,Open,2023-01-02 10:00\n5,New,2023-01-02 10:00\n"), Mapping: zone, Full: !replay, Replay: replay, DryRun: true}
		told := importTickets(t, d.App, req)
		if _, err := d.FindTicket(t.Context(), "5"); core.ErrorCode(err) != core.CodeNotFound || told.New != 1 || told.Changed != 1 || told.Gone == 1 == replay {
			t.Errorf("%s: %+v, %v", name, told.SnapshotCounts, err)
		}
		req.DryRun = false
		if done := importTickets(t, d.App, req); done.SnapshotCounts != told.SnapshotCounts || done.Rows != told.Rows || done.Baseline != told.Baseline {
			t.Errorf("%s: it was to be %+v and is %+v", name, told, done)
		}
	}
}
