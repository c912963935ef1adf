package tickets

import (
	"strings"
	"testing"

	"deskwatch/core"
)

func TestAFileIsImportedAsItWasPreviewed(t *testing.T) {
	desk := &fakeDesk{}
	b, host, _ := newBench(t, desk, nil)
	p := newImporting(b)
	desk.preview = func(r core.TicketImportRequest) (core.TicketPreview, error) {
		if r.Hints.DateFormat == "" {
			return core.TicketPreview{DateChoices: []core.DateChoice{{Format: "day-first"}}}, nil
		}
		if r.Mapping.Fields[core.FieldSubject] != "Title" {
			return core.TicketPreview{Missing: []core.Field{core.FieldSubject}}, nil
		}
		return core.TicketPreview{}, nil
	}
	shown := 0
	p.preview = func() { shown++ }
	p.Open("/x/cases.csv")
	if p.CanImport() || shown != 1 {
		t.Fatal("a file whose dates nobody can tell can be imported")
	}
	p.Date("day-first")
	if p.CanImport() {
		t.Fatal("a file without a subject can be imported")
	}
	p.Assign(core.FieldSubject, "Title")
	desk.imported = core.TicketImportResult{SnapshotCounts: core.SnapshotCounts{New: 3, Changed: 2, Unchanged: 1, Gone: 4}, Rejected: 5}
	p.Import(" crm ", true)
	if len(desk.taken) != 1 {
		t.Fatal("nothing was imported")
	}
	r := desk.taken[0]
	if r.Path != "/x/cases.csv" || r.Source != "crm" || !r.Full || r.Mapping.DateFormat != "day-first" || r.Mapping.Fields[core.FieldSubject] != "Title" {
		t.Fatalf("asked for %+v", r)
	}
	if said := host.Toasts[0]; !strings.Contains(said, "3 new, 2 changed, 1 as they were, 4 gone") || !strings.Contains(said, "5 rows") {
		t.Errorf("said %q", said)
	}
	told := 0
	p.report = func(r core.TicketImportResult, file string) { told++ }
	host.Actions[0]()
	if told != 1 || host.Running != 0 {
		t.Errorf("the report was shown %d times, %d works still run", told, host.Running)
	}
}

func TestWhatWasChosenForOneFileIsNotUsedForTheNext(t *testing.T) {
	desk := &fakeDesk{}
	b, _, _ := newBench(t, desk, nil)
	p := newImporting(b)
	p.Open("/x/a.csv")
	p.Assign(core.FieldOwner, "Agent")
	var got core.TicketImportRequest
	desk.preview = func(r core.TicketImportRequest) (core.TicketPreview, error) {
		got = r
		return core.TicketPreview{}, nil
	}
	p.Open("/x/b.csv")
	if got.Path != "/x/b.csv" || len(got.Mapping.Fields) != 0 {
		t.Fatalf("the next file is read with %+v", got)
	}
}

func TestAFileThatCannotBeReadCannotBeImported(t *testing.T) {
	desk := &fakeDesk{preview: func(core.TicketImportRequest) (core.TicketPreview, error) { return core.TicketPreview{}, broken() }}
	b, _, _ := newBench(t, desk, nil)
	p := newImporting(b)
	p.Open("/x/a.csv")
	p.Import("", false)
	if len(desk.taken) != 0 || p.State().Err == nil {
		t.Fatal("it was imported")
	}
}
