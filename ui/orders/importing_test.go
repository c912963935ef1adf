package orders

import (
	"context"
	"testing"

	"deskwatch/core"
)

func previewOf(columns ...core.ColumnChoice) core.ImportPreview {
	return core.ImportPreview{Header: []string{"id", "who", "when"}, Columns: columns}
}

func TestOpeningAFileForecastsTheImport(t *testing.T) {
	f := &fakeDesk{}
	f.preview = func(core.ImportRequest) (core.ImportPreview, error) { return previewOf(), nil }
	f.forecast = func(r core.ImportRequest) (core.ImportForecast, error) {
		if !r.DryRun || r.Path != "/data/q3.csv" {
			t.Errorf("forecast of %+v", r)
		}
		return core.ImportForecast{Alerts: 7}, nil
	}
	b, _ := newBench(t, f)
	p := newImporting(b)
	p.Open("/data/q3.csv")
	s := p.State()
	if s.Stage != stagePreview || s.File != "q3.csv" || s.Forecast == nil || s.Forecast.Alerts != 7 || s.Counting {
		t.Errorf("state %+v", s)
	}
}

func TestAnAmbiguousDateIsAskedBeforeAnythingIsCounted(t *testing.T) {
	f := &fakeDesk{}
	f.preview = func(r core.ImportRequest) (core.ImportPreview, error) {
		p := previewOf()
		if r.Hints.DateFormat == "" {
			p.DateChoices = []core.DateChoice{{Format: "day-first"}, {Format: "month-first"}}
		}
		return p, nil
	}
	counted := 0
	f.forecast = func(r core.ImportRequest) (core.ImportForecast, error) {
		counted++
		if r.Hints.DateFormat != "day-first" {
			t.Errorf("counted with %q", r.Hints.DateFormat)
		}
		return core.ImportForecast{}, nil
	}
	b, _ := newBench(t, f)
	p := newImporting(b)
	p.Open("f.csv")
	if counted != 0 || p.CanImport() {
		t.Fatalf("counted %d times, can import %v before the answer", counted, p.CanImport())
	}
	p.Change(func(c *importChoices) { c.Hints.DateFormat = "day-first" })
	if counted != 1 || !p.CanImport() {
		t.Errorf("counted %d times, can import %v after the answer", counted, p.CanImport())
	}
}

func TestAMissingColumnKeepsTheFileOut(t *testing.T) {
	f := &fakeDesk{}
	f.preview = func(r core.ImportRequest) (core.ImportPreview, error) {
		p := previewOf()
		if r.Map[core.FieldCustomer] == "" {
			p.Missing = []core.Field{core.FieldCustomer}
		}
		return p, nil
	}
	b, _ := newBench(t, f)
	p := newImporting(b)
	p.Open("f.csv")
	if p.CanImport() {
		t.Error("a file without customers can be imported")
	}
	p.Change(func(c *importChoices) { c.Map[core.FieldCustomer] = "who" })
	if !p.CanImport() {
		t.Error("the chosen column does not help")
	}
}

func TestAChoiceGivesTheForecastBeforeUp(t *testing.T) {
	f := &fakeDesk{}
	f.preview = func(core.ImportRequest) (core.ImportPreview, error) { return previewOf(), nil }
	var counted []string
	f.forecast = func(r core.ImportRequest) (core.ImportForecast, error) {
		counted = append(counted, r.Hints.Encoding)
		return core.ImportForecast{Alerts: len(counted)}, nil
	}
	b, _ := newBench(t, f)
	p := newImporting(b)
	p.Open("f.csv")
	p.Change(func(c *importChoices) { c.Hints.Encoding = "utf-8" })
	if len(counted) != 2 || counted[1] != "utf-8" || p.State().Forecast.Alerts != 2 {
		t.Errorf("counted %q, forecast %+v", counted, p.State().Forecast)
	}
}

func TestAPatternThatIsNoRegularExpressionIsToldAtOnce(t *testing.T) {
	f := &fakeDesk{}
	f.preview = func(core.ImportRequest) (core.ImportPreview, error) { return previewOf(), nil }
	b, _ := newBench(t, f)
	p := newImporting(b)
	p.Open("f.csv")
	p.Change(func(c *importChoices) { c.Patterns = "([" })
	if p.State().PatternErr == "" || p.CanImport() {
		t.Errorf("problem %q, can import %v", p.State().PatternErr, p.CanImport())
	}
	p.Change(func(c *importChoices) { c.Patterns = `^\d{6}$` })
	if p.State().PatternErr != "" || !p.CanImport() {
		t.Errorf("problem %q, can import %v", p.State().PatternErr, p.CanImport())
	}
}

func TestImportKeepsAssignedStatusesForLaterFiles(t *testing.T) {
	f := &fakeDesk{settings: core.DefaultSettings()}
	f.settings.Orders.Statuses = map[string]core.Status{"Old": core.StatusShipped}
	f.preview = func(core.ImportRequest) (core.ImportPreview, error) { return previewOf(), nil }
	f.importFile = func(r core.ImportRequest) (core.ImportResult, error) {
		if r.DryRun {
			t.Error("imported as a dry run")
		}
		return core.ImportResult{ImportID: 3, ImportCounts: core.ImportCounts{OrdersNew: 4}}, nil
	}
	b, host := newBench(t, f)
	p := newImporting(b)
	p.Open("f.csv")
	st := core.StatusReturned
	p.Assign("Zurück", &st)
	p.Import()
	if len(f.saved) != 1 || f.saved[0].Orders.Statuses["Zurück"] != core.StatusReturned || f.saved[0].Orders.Statuses["Old"] != core.StatusShipped {
		t.Errorf("saved %+v", f.saved)
	}
	if s := p.State(); s.Stage != stageDone || s.Result.ImportID != 3 || host.Running != 0 {
		t.Errorf("stage %v, result %+v, %d works left", s.Stage, s.Result, host.Running)
	}
	if len(host.Actions) != 1 {
		t.Fatal("no undo is offered")
	}
	host.Answer = true
	host.Actions[0]()
	if len(f.undone) != 1 || f.undone[0] != 3 || p.State().Stage != stageIdle {
		t.Errorf("undone %v, stage %v", f.undone, p.State().Stage)
	}
}

func TestACancelledImportGoesBackToThePreview(t *testing.T) {
	f := &fakeDesk{}
	f.preview = func(core.ImportRequest) (core.ImportPreview, error) { return previewOf(), nil }
	f.importFile = func(core.ImportRequest) (core.ImportResult, error) { return core.ImportResult{}, context.Canceled }
	b, host := newBench(t, f)
	p := newImporting(b)
	p.Open("f.csv")
	p.Import()
	if p.State().Stage != stagePreview || len(host.Failures) != 0 || len(host.Toasts) != 1 {
		t.Errorf("stage %v, failures %v, toasts %v", p.State().Stage, host.Failures, host.Toasts)
	}
}

func TestUndoAsksAndSaysWhatWillHappen(t *testing.T) {
	f := &fakeDesk{}
	b, host := newBench(t, f)
	p := newImporting(b)
	p.AskUndo(core.ImportRecord{ID: 9, File: "june.csv", ImportCounts: core.ImportCounts{OrdersNew: 1200, OrdersChanged: 1}})
	if len(f.undone) != 0 || len(host.Questions) != 1 {
		t.Fatalf("undone %v before the answer", f.undone)
	}
	want := "1,200 orders it brought are removed, and 1 order it changed become what they were before. Mails that were sent stay sent."
	if host.Questions[0].Text != want {
		t.Errorf("asked %q", host.Questions[0].Text)
	}
}

func TestUnknownSpellingsStayOpenOnceAssigned(t *testing.T) {
	s := importState{Choices: newChoices(), Forecast: &core.ImportForecast{Result: core.ImportResult{
		UnknownStatuses: []core.StatusCount{{Raw: "Hold", Count: 4}},
		SeenStatuses:    []core.StatusCount{{Raw: "Shipped", Known: true}, {Raw: "Hold"}, {Raw: "Zurück", Known: true}},
	}}}
	s.Choices.Statuses["Zurück"] = core.StatusReturned
	open, known := spellings(s)
	if len(open) != 2 || open[0].Raw != "Hold" || open[1].Raw != "Zurück" || len(known) != 1 {
		t.Errorf("open %v, known %v", open, known)
	}
}
