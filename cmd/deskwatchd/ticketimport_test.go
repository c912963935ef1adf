package main

import (
	"io"
	"maps"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"deskwatch/core"
)

func ticketRequest(t *testing.T, args ...string) (core.TicketImportRequest, error) {
	t.Helper()
	var f ticketImportFlags
	fl := pflag.NewFlagSet("import", pflag.ContinueOnError)
	fl.SetOutput(io.Discard)
	f.bind(fl)
	if err := fl.Parse(args); err != nil {
		t.Fatal(err)
	}
	return f.request("x.csv")
}

func TestTheFlagsOfATicketImport(t *testing.T) {
	req, err := ticketRequest(t, "--map", "number=number,created=opened_at,customer_id=caller, if any,first_reply_at=Answered", "--map", "owner=-",
		"--status", "a=b=held", "--priority", "Gold=urgent", "--source", "snow", "--replay", "--full", "--dry-run", "--zone", "Europe/Madrid",
		"--date-format", "day-first", "--delimiter", "tab", "--encoding", "utf-8", "--header-line", "2", "--rejects", "r.csv")
	if err != nil {
		t.Fatal(err)
	}
	fields := map[core.Field]string{core.FieldNumber: "number", core.FieldCreated: "opened_at", core.FieldCustomer: "caller, if any", core.FieldFirstReply: "Answered", core.FieldOwner: "-"}
	m := req.Mapping
	if !maps.Equal(m.Fields, fields) || m.Statuses["a=b"] != core.TicketHeld || m.Priorities["Gold"] != core.PriorityUrgent || m.Zone != "Europe/Madrid" {
		t.Errorf("%+v", m)
	}
	if req.Path != "x.csv" || req.Source != "snow" || !req.Replay || !req.Full || !req.DryRun || req.RejectsPath != "r.csv" ||
		req.Hints != (core.TableHints{Encoding: "utf-8", Delimiter: "tab", HeaderLine: 2, DateFormat: "day-first"}) {
		t.Errorf("%+v", req)
	}
	for _, wrong := range [][]string{{"--map", "number"}, {"--map", "colour=Colour"}, {"--status", "x=gone"}, {"--status", "held"}, {"--priority", "x=most"}} {
		if _, err := ticketRequest(t, wrong...); err == nil {
			t.Errorf("%v is taken", wrong)
		}
	}
}

func TestATicketFileIsTakenAndTold(t *testing.T) {
	dir := t.TempDir()
	file := writeFile(t, "cases.csv", "CaseNumber,Subject,Status,CreatedDate\n1,One,Working,2024-01-02T10:00:00.000+0000\n2,Two,Parked,2024-01-03T10:00:00.000+0000\n3,Three,New,soon\n")
	var r struct {
		Source      string
		Rows        int64
		Tickets     int64
		New         int64 `json:"tickets_new"`
		Unchanged   int64 `json:"tickets_unchanged"`
		Rejected    int64
		RejectsFile string `json:"rejects_file"`
		Baseline    bool
		Format      string
		Detected    struct{ Map map[string]string }
	}
	callJSON(t, dir, &r, "tickets", "import", file, "--source", "sf")
	if r.Source != "sf" || r.Rows != 3 || r.Tickets != 2 || r.New != 2 || r.Rejected != 1 || r.RejectsFile == "" || !r.Baseline || r.Format != "CSV, comma" || r.Detected.Map["number"] != "CaseNumber" {
		t.Errorf("%+v", r)
	}
	status, out, errs := call(t, dir, "tickets", "import", file, "--source", "sf")
	if status != 0 {
		t.Fatalf("%d: %s", status, errs)
	}
	for _, want := range []string{"3 records read, taken as source sf", "unchanged", `unknown status "Parked"`, "rejects kept in", "the header says CaseNumber"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in:\n%s", want, out)
		}
	}
}

func TestNoListOfATicketIsNull(t *testing.T) {
	dir := t.TempDir()
	file := writeFile(t, "x.json", `[{"number":"1","subject":"one","status":"closed"},{"number":"2","subject":"two","customer":"Acme"}]`)
	for _, args := range [][]string{{"tickets", "import", file}, {"tickets", "show", "1"}, {"tickets", "show", "2"}, {"customers", "show", "Acme"}, {"sources", "list"}} {
		status, out, errs := call(t, dir, append(args, "--json")...)
		if status != 0 || strings.Contains(out, "null") {
			t.Errorf("%v: %d, %s%s", args, status, out, errs)
		}
	}
}

func TestAGoneTicketIsListedAsGone(t *testing.T) {
	dir := t.TempDir()
	for _, text := range []string{`[{"number":"1","status":"new"},{"number":"2","status":"new"}]`, `[{"number":"1","status":"new"}]`} {
		if status, _, errs := call(t, dir, "tickets", "import", writeFile(t, "x.json", text), "--full"); status != 0 {
			t.Fatal(errs)
		}
	}
	for _, args := range [][]string{{"tickets", "list"}, {"tickets", "show", "2"}} {
		if _, out, errs := call(t, dir, args...); strings.Count(out, "new, gone") != 1 {
			t.Errorf("%v: %s%s", args, out, errs)
		}
	}
}
