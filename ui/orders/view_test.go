package orders

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
	"deskwatch/ui/kit/kittest"
)

// newTab shows the tab in a window of the test driver, at the smallest supported size less the
// rail and the status line.
func newTab(t *testing.T, f *fakeDesk) (*Tab, *kittest.Host) {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(kit.NewTheme("light"))
	f.now = noon()
	if f.rules == nil {
		r := core.DefaultRule()
		r.ID = 1
		f.rules = []core.Rule{r}
	}
	host := &kittest.Host{}
	tab := New(f, host)
	host.Win = test.NewTempWindow(t, tab.Content())
	host.Win.Resize(fyne.NewSize(876, 640))
	t.Cleanup(tab.Close)
	return tab, host
}

// visibleButton finds a shown button by its text.
func visibleButton(o fyne.CanvasObject, text string) *widget.Button {
	for _, x := range test.LaidOutObjects(o) {
		if b, ok := x.(*widget.Button); ok && b.Text == text {
			return b
		}
	}
	return nil
}

func TestTheWholeTabFitsTheSmallestWindow(t *testing.T) {
	f := &fakeDesk{views: func() ([]core.BreachView, error) { return someBreaches(), nil }}
	f.preview = func(core.ImportRequest) (core.ImportPreview, error) { return previewOf(), nil }
	tab, _ := newTab(t, f)
	for i := range pageCount {
		tab.open(i)
		if m := tab.Content().MinSize(); m.Width > 876 || m.Height > 640 {
			t.Errorf("sub-tab %d needs %v", i, m)
		}
	}
	tab.OpenImport("f.csv")
	if m := tab.Content().MinSize(); m.Width > 876 || m.Height > 640 {
		t.Errorf("the preview needs %v", m)
	}
}

func TestSubTabsAreBuiltOnTheirFirstSelection(t *testing.T) {
	tab, _ := newTab(t, &fakeDesk{})
	for i, p := range tab.pages {
		if (p != nil) != (i == pageBreaches) {
			t.Errorf("sub-tab %d built: %v", i, p != nil)
		}
	}
	tab.open(pageMail)
	if tab.pages[pageMail] == nil || tab.pages[pageImport] != nil {
		t.Error("selecting Mail did not build Mail alone")
	}
}

func TestAnEmptyBookOffersImportAndSample(t *testing.T) {
	tab, host := newTab(t, &fakeDesk{})
	if visibleButton(host.Win.Content(), "Import orders…") == nil {
		t.Error("no way to import is offered")
	}
	load := visibleButton(host.Win.Content(), "Load sample data")
	if load == nil {
		t.Fatal("no sample data is offered")
	}
	test.Tap(load)
	if len(host.Works) != 1 || tab.sample.busy {
		t.Errorf("works %v, busy %v", host.Works, tab.sample.busy)
	}
}

func TestSelectingARowShowsTheBreach(t *testing.T) {
	f := &fakeDesk{views: func() ([]core.BreachView, error) { return someBreaches(), nil }}
	tab, _ := newTab(t, f)
	v := tab.pages[pageBreaches].(*breachesView)
	v.grid.SelectKey(rowKey(someBreaches()[1]))
	if v.detail.title.Text != "bo_2" || !v.detail.one.Visible() {
		t.Errorf("the pane shows %q", v.detail.title.Text)
	}
	tab.OpenBreach("dee_4", core.NewMonth(2026, 5), 1)
	if r, _ := v.grid.Selected(); r.Customer != "dee_4" || v.detail.title.Text != "dee_4" {
		t.Errorf("the grid marks %q, the pane shows %q", r.Customer, v.detail.title.Text)
	}
}

func TestTypingIntoTheRuleFormReachesTheDraft(t *testing.T) {
	f := &fakeDesk{problems: func(r core.Rule) []core.SettingProblem {
		if r.Cap > 9 {
			return []core.SettingProblem{{Name: "cap", Message: "At most 9."}}
		}
		return nil
	}}
	tab, _ := newTab(t, f)
	tab.open(pageRules)
	v := tab.pages[pageRules].(*rulesView)
	if v.save.Disabled() == false {
		t.Error("an unchanged rule can be saved")
	}
	v.numbers[ruleCap].SetText("12")
	if !v.save.Disabled() || tab.rules.State().Draft.Cap != 12 {
		t.Errorf("cap %d can be saved", tab.rules.State().Draft.Cap)
	}
	v.numbers[ruleCap].SetText("7")
	if v.save.Disabled() {
		t.Error("a right rule cannot be saved")
	}
}

func TestTheDaysOfARuleAreAskedForWhenTheyCount(t *testing.T) {
	tab, _ := newTab(t, &fakeDesk{})
	tab.open(pageRules)
	v := tab.pages[pageRules].(*rulesView)
	if v.days.Visible() || v.window.SelectedIndex() != 0 {
		t.Error("a rule of calendar months asks for days")
	}
	v.window.SetSelectedIndex(1)
	v.numbers[ruleDays].SetText("45")
	if !v.days.Visible() || tab.rules.State().Draft.Days != 45 {
		t.Errorf("visible %v, %d days", v.days.Visible(), tab.rules.State().Draft.Days)
	}
	tab.rules.Revert()
	if v.days.Visible() || v.window.SelectedIndex() != 0 || tab.rules.State().Draft.Days != 0 {
		t.Error("reverting keeps the days")
	}
}

func TestThePreviewImportsThroughItsButton(t *testing.T) {
	f := &fakeDesk{}
	f.preview = func(core.ImportRequest) (core.ImportPreview, error) {
		return previewOf(core.ColumnChoice{Field: core.FieldID, Column: "id"}), nil
	}
	f.importFile = func(r core.ImportRequest) (core.ImportResult, error) {
		return core.ImportResult{ImportID: 1, Rejected: 2, RejectsFile: "/data/rejects/r.csv"}, nil
	}
	tab, host := newTab(t, f)
	tab.OpenImport("/data/f.csv")
	v := tab.pages[pageImport].(*importView)
	if got := v.preview.mapping.selects[core.FieldID].Selected; got != "id" {
		t.Errorf("the order id is read from %q", got)
	}
	test.Tap(v.preview.imports)
	if visibleButton(host.Win.Content(), "Open the file") == nil || tab.importing.State().Stage != stageDone {
		t.Error("the result does not show the rejects file")
	}
}

func TestEventsReloadOnlyWhatWasOpened(t *testing.T) {
	loads := 0
	f := &fakeDesk{views: func() ([]core.BreachView, error) { loads++; return nil, nil }}
	tab, _ := newTab(t, f)
	before := loads
	tab.hear(core.OrdersChanged{})
	if loads != before+1 || tab.pages[pageClients] != nil {
		t.Errorf("%d reloads", loads-before)
	}
}

func TestCloseEndsTheSubscription(t *testing.T) {
	f := &fakeDesk{}
	tab, _ := newTab(t, f)
	tab.Close()
	tab.Close()
	if f.subscribed != 1 || f.unsubscribe != 1 {
		t.Errorf("subscribed %d, unsubscribed %d", f.subscribed, f.unsubscribe)
	}
}

func TestSelectingAClientFillsItsForm(t *testing.T) {
	f := &fakeDesk{}
	f.clients = func(core.ClientQuery) (core.ClientPage, error) {
		return core.ClientPage{Clients: []core.Client{{Customer: "ana_1", Name: "Ana"}, {Customer: "bo_2", Name: "Bo"}}, Total: 2}, nil
	}
	tab, _ := newTab(t, f)
	tab.open(pageClients)
	v := tab.pages[pageClients].(*clientsView)
	v.grid.SelectKey("bo_2")
	if got := v.entries[clientName].Text; got != "Bo" || !v.form.Visible() {
		t.Fatalf("the form shows %q", got)
	}
	if c, _ := v.grid.Selected(); c.Customer != "bo_2" {
		t.Errorf("the grid marks %q", c.Customer)
	}
}

func TestAFileThatCannotBeReadSaysWhy(t *testing.T) {
	f := &fakeDesk{}
	f.preview = func(core.ImportRequest) (core.ImportPreview, error) {
		return core.ImportPreview{}, core.NewError(core.CodeInvalid, "", "This file holds no table.", nil)
	}
	tab, _ := newTab(t, f)
	tab.open(pageImport)
	tab.OpenImport("bad.csv")
	v := tab.pages[pageImport].(*importView).preview
	if !v.trouble.Visible() || v.trouble.text.Text() != "This file holds no table." || v.trouble.Size().Height < 20 {
		t.Errorf("visible %v, text %q, size %v", v.trouble.Visible(), v.trouble.text.Text(), v.trouble.Size())
	}
	if !v.imports.Disabled() {
		t.Error("it can be imported all the same")
	}
}

func TestTheImportButtonAsksForAFile(t *testing.T) {
	tab, host := newTab(t, &fakeDesk{})
	tab.OpenImport("")
	if host.Win.Canvas().Overlays().Top() == nil {
		t.Error("no dialog was opened")
	}
}

func TestARawPreviewShowsTheFileWhenItCannotBeReadYet(t *testing.T) {
	pre := core.ImportPreview{Header: []string{"when", "what"}, Missing: []core.Field{core.FieldID},
		Rows: []core.Record{{Line: 2, Cells: []string{"3/4/2026", "gone"}}}}
	f := &fakeDesk{}
	f.preview = func(core.ImportRequest) (core.ImportPreview, error) { return pre, nil }
	tab, _ := newTab(t, f)
	tab.OpenImport("f.csv")
	v := tab.pages[pageImport].(*importView).preview
	if !v.raw.Visible() || v.read.Visible() || len(v.rawRows.Objects) != 1 {
		t.Fatalf("raw %v, read %v", v.raw.Visible(), v.read.Visible())
	}
	pre.Missing, pre.Read = nil, []core.OrderRow{{OrderID: "A1"}}
	tab.importing.Change(func(c *importChoices) { c.Map[core.FieldID] = "what" })
	if v.raw.Visible() || !v.read.Visible() {
		t.Error("the rows are still shown raw after the column was chosen")
	}
}

func TestAWideFileStaysWithinTheWindow(t *testing.T) {
	pre := core.ImportPreview{Missing: []core.Field{core.FieldID}, Rows: []core.Record{{Line: 1}}}
	for range 40 {
		pre.Header, pre.Rows[0].Cells = append(pre.Header, "a long column name"), append(pre.Rows[0].Cells, "a long cell, longer than its column")
	}
	f := &fakeDesk{}
	f.preview = func(core.ImportRequest) (core.ImportPreview, error) { return pre, nil }
	tab, _ := newTab(t, f)
	tab.OpenImport("f.csv")
	if m := tab.Content().MinSize(); m.Width > 876 {
		t.Errorf("the preview is %v wide", m.Width)
	}
}

func TestTheImportResultLeadsToTheBreaches(t *testing.T) {
	f := &fakeDesk{}
	f.preview = func(core.ImportRequest) (core.ImportPreview, error) { return previewOf(), nil }
	f.importFile = func(core.ImportRequest) (core.ImportResult, error) { return core.ImportResult{ImportID: 1}, nil }
	tab, host := newTab(t, f)
	tab.OpenImport("f.csv")
	tab.ConfirmImport()
	see := visibleButton(host.Win.Content(), "Show the breaches")
	if see == nil {
		t.Fatal("no way to the breaches is offered")
	}
	test.Tap(see)
	if tab.now != pageBreaches || tab.importing.State().Stage != stageIdle {
		t.Errorf("sub-tab %d, stage %d", tab.now, tab.importing.State().Stage)
	}
}
