package settings

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// sourceForm is the dialog a source is set up in.
type sourceForm struct {
	p     *sourcesPresenter
	old   core.Source // as it was; only Kind when it is new
	isNew bool
	asked *kit.Asked

	name, folder, address, clientID, user *kit.Answer
	minutes, url, dateFormat, zone        *kit.Answer
	lines                                 []*kit.Answer // all of the above
	secret, client, query                 *widget.Entry
	grant                                 *widget.Select
	full                                  *widget.Check
	userRow, clientRow, secretRow         *kit.Field
	fields, statuses, priorities          *pairTable
	problem, tested                       *kit.Prose
	desk                                  deskAnswers
	busy                                  bool
}

var sourceGrants = [...]core.SalesforceGrant{core.GrantClient, core.GrantPassword}

// openSourceForm shows a source; with an empty name it is to be a new one of its kind.
func openSourceForm(p *sourcesPresenter, src core.Source) {
	if kit.Asking(p.host.Window()) {
		return
	}
	f := newSourceForm(p, src)
	title := kit.T("Source %s", src.Name)
	if f.isNew {
		title = kit.T("New source: %s", sourceKindName(src.Kind))
	}
	var first fyne.Focusable
	if f.isNew {
		first = f.name
	}
	test := kit.NewBusy(kit.T("Test this source"), kit.T("Testing…"), theme.MediaPlayIcon(), f.test)
	content := container.NewBorder(nil, container.NewVBox(f.problem, f.tested, f.testRow(test)), nil, nil,
		kit.Form(container.NewVScroll(container.New(kit.ScrollRoom{}, f.body()))))
	f.asked = kit.Ask(p.host.Window(), title, kit.T("Save"), content, first, func() bool { f.save(); return false }).Size(p.host.Window(), fyne.NewSize(820, 700))
	f.asked.Answers(f.lines...)
	f.showSecrets()
}

func newSourceForm(p *sourcesPresenter, src core.Source) *sourceForm {
	f := &sourceForm{p: p, old: src, isNew: src.Name == "", problem: kit.NewProse("", kit.ToneBad), tested: kit.NewProse("", kit.ToneMuted)}
	f.problem.Hide()
	f.tested.Hide()
	line := func(text, hint string) *kit.Answer {
		e := kit.NewAnswer(hint)
		e.SetText(text)
		f.lines = append(f.lines, e)
		return e
	}
	f.name = line(src.Name, "")
	if !f.isNew {
		f.name.Disable()
	}
	f.folder, f.address = line(src.Folder, ""), line(src.Address, "https://acme.my.salesforce.com")
	if src.Kind == core.SourceDesk {
		f.address.SetPlaceHolder("https://desk.acme.com")
	}
	f.clientID, f.user, f.secret, f.client = line(src.ClientID, ""), line(src.User, ""), widget.NewPasswordEntry(), widget.NewPasswordEntry()
	f.minutes, f.url = line(strconv.Itoa(src.Minutes), ""), line(src.URL, "https://acme.my.salesforce.com/{id}")
	f.query = widget.NewMultiLineEntry()
	f.query.Wrapping = fyne.TextWrapWord
	f.query.SetMinRowsVisible(3)
	f.query.SetText(src.Query)
	f.query.SetPlaceHolder("SELECT Id, CaseNumber, Subject, Status, LastModifiedDate FROM Case")
	f.dateFormat, f.zone = line(src.Mapping.DateFormat, "iso"), line(src.Mapping.Zone, "Europe/Madrid")
	f.full = widget.NewCheck(kit.T("What it gives is all there is: a ticket that is missing is gone"), nil)
	f.full.SetChecked(src.Full)
	f.newDeskAnswers(line)
	f.newMapping()
	return f
}

// newMapping makes the three tables.
func (f *sourceForm) newMapping() {
	m := f.old.Mapping
	f.fields = newPairTable(kit.T("Fields"), kit.T("The source's own name of a field, where Deskwatch does not find it: Account.Name for one inside another, - for none."),
		"Product__c", kit.T("Add field"), wordsOf(core.TicketFields(), kit.TicketField))
	byName := make([]pair, 0, len(m.Fields))
	for i, field := range core.TicketFields() {
		if name, ok := m.Fields[field]; ok {
			byName = append(byName, pair{name, i})
		}
	}
	f.fields.fill(byName)
	f.statuses = newPairTable(kit.T("Statuses"), kit.T("What the source's own statuses mean."), "In Progress", kit.T("Add status"), wordsOf(core.TicketStatuses(), kit.TicketStatus))
	f.statuses.fill(pairsOf(m.Statuses, core.TicketStatuses()))
	f.priorities = newPairTable(kit.T("Priorities"), kit.T("What the source's own priorities mean."), "P1", kit.T("Add priority"), wordsOf(core.Priorities(), kit.TicketPriority))
	f.priorities.fill(pairsOf(m.Priorities, core.Priorities()))
}

// body lays out what the kind of source needs.
func (f *sourceForm) body() fyne.CanvasObject {
	hint := kit.T("Part of what names a ticket for ever; it cannot be changed later.")
	if f.old.Kind == core.SourceCollector {
		hint = kit.T("The user the collector signs in with, or collector for all who have no source of their own. It cannot be changed later.")
	}
	rows := []fyne.CanvasObject{kit.NewField(kit.T("Name"), f.name, hint)}
	switch f.old.Kind {
	case core.SourceFolder:
		choose := widget.NewButtonWithIcon("", theme.FolderOpenIcon(), f.chooseFolder)
		rows = append(rows, kit.NewField(kit.T("Folder"), container.NewBorder(nil, nil, nil, choose, f.folder),
			kit.T("Files of tickets that are dropped here are read at once: JSON and CSV, also packed with gzip. They stay where they are.")))
	case core.SourceSalesforce:
		rows = append(rows, f.salesforceRows()...)
	case core.SourceDesk:
		rows = append(rows, f.deskRows()...)
	}
	rows = append(rows,
		kit.NewField("", f.full, ""),
		kit.NewField(kit.T("Address of a ticket"), f.url, kit.T("Opens a ticket in the source system; {id} and {number} are replaced.")))
	return container.NewVBox(container.NewVBox(rows...), f.fields.root, f.statuses.root, f.priorities.root,
		kit.Section(kit.T("Times"), "",
			kit.NewField(kit.T("Written as"), f.dateFormat, kit.T("iso, day-first, month-first, or a layout such as 02.01.2006. Empty: found out.")),
			kit.NewField(kit.T("In the time zone"), f.zone, kit.T("Of times that name none. Empty: this machine's."))))
}

func (f *sourceForm) salesforceRows() []fyne.CanvasObject {
	f.secretRow = kit.NewField(kit.T("Secret"), f.secret, "")
	f.userRow = kit.NewField(kit.T("User"), f.user, "")
	f.clientRow = kit.NewField(kit.T("Consumer secret"), f.client, "")
	f.grant = widget.NewSelect([]string{kit.T("As the app itself (client credentials)"), kit.T("As a user, with a password")}, nil)
	f.grant.OnChanged = func(string) { f.showGrant() }
	f.grant.SetSelectedIndex(max(0, slices.Index(sourceGrants[:], f.old.Grant)))
	return []fyne.CanvasObject{
		kit.NewField(kit.T("Address"), f.address, kit.T("Your own domain at Salesforce, or https://login.salesforce.com with a password.")),
		kit.NewField(kit.T("Sign in"), f.grant, ""),
		kit.NewField(kit.T("Consumer key"), f.clientID, kit.T("Of the connected app, which an administrator of Salesforce makes.")),
		f.userRow, f.secretRow, f.clientRow, f.minutesRow(),
		kit.NewField(kit.T("Query"), f.query, kit.T("SOQL; the condition that only changes are wanted is added. Empty: the standard fields of every case.")),
	}
}

func (f *sourceForm) minutesRow() *kit.Field {
	return kit.NewField(kit.T("Asked every"), f.minutes, kit.T("Minutes, 1 to 1440. 0: only when told."))
}

// showGrant shows the fields the way of signing in needs.
func (f *sourceForm) showGrant() {
	byPassword := f.grant.SelectedIndex() == 1
	f.userRow.Hidden, f.clientRow.Hidden = !byPassword, !byPassword
	f.showSecrets()
	f.userRow.Refresh()
	f.clientRow.Refresh()
}

// showSecrets says which secrets are stored already; they are never shown.
func (f *sourceForm) showSecrets() {
	if f.secretRow == nil {
		return
	}
	hint := ""
	if f.grant != nil {
		hint = kit.T("The consumer secret of the connected app.")
		if f.grant.SelectedIndex() == 1 {
			hint = kit.T("The password, with the security token behind it.")
		}
	}
	f.secretRow.SetHint(hint)
	if f.isNew {
		return
	}
	show := func(e *widget.Entry) func(bool, string) {
		return func(set bool, where string) {
			if set {
				e.SetPlaceHolder(kit.T("Set; kept in %s.", where))
			}
		}
	}
	f.p.secretKnown(core.SourceSecret(f.old.Name), show(f.secret))
	f.p.secretKnown(core.SourceClientSecret(f.old.Name), show(f.client))
}

func (f *sourceForm) chooseFolder() {
	w := f.p.host.Window()
	open := dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
		if err != nil {
			f.p.host.Fail(core.NewError(core.CodeUnavailable, "settings.folder", kit.T("The folder could not be chosen. Write its path instead."), err))
		} else if u != nil {
			f.folder.SetText(u.Path())
		}
	}, w)
	open.Resize(w.Canvas().Size().SubtractWidthHeight(80, 80))
	open.Show()
}

// draft reads the form; problem is what is wrong with it, "" when nothing is.
func (f *sourceForm) draft() (d sourceDraft, problem string) {
	d.Source = f.old
	d.Name, d.Folder, d.Address = strings.TrimSpace(f.name.Text), strings.TrimSpace(f.folder.Text), strings.TrimSpace(f.address.Text)
	d.ClientID, d.User, d.Query, d.URL = strings.TrimSpace(f.clientID.Text), strings.TrimSpace(f.user.Text), strings.TrimSpace(f.query.Text), strings.TrimSpace(f.url.Text)
	d.Full = f.full.Checked
	d.Fingerprint = strings.TrimSpace(f.desk.fingerprint.Text)
	d.InsecureHTTP = f.desk.insecure.Checked && f.isPlain()
	if f.grant != nil {
		d.Grant = sourceGrants[max(0, f.grant.SelectedIndex())]
	}
	var err error
	if d.Minutes, err = strconv.Atoi(strings.TrimSpace(f.minutes.Text)); err != nil {
		return d, kit.T("Write a whole number of minutes.")
	}
	if d.Name == "" {
		return d, kit.T("Give the source a name.")
	}
	if f.isNew && f.p.taken(d.Name) {
		return d, kit.T("There is a source %s already. Choose another name.", d.Name)
	}
	fields, ok1 := f.fields.pairs()
	statuses, ok2 := f.statuses.pairs()
	priorities, ok3 := f.priorities.pairs()
	if !ok1 || !ok2 || !ok3 {
		return d, kit.T("A line of the tables lacks one of its sides. Fill it in, or remove the line.")
	}
	d.Mapping = core.TicketMapping{Statuses: tableOf(statuses, core.TicketStatuses()), Priorities: tableOf(priorities, core.Priorities()),
		DateFormat: strings.TrimSpace(f.dateFormat.Text), Zone: strings.TrimSpace(f.zone.Text)}
	if len(fields) > 0 {
		d.Mapping.Fields = map[core.Field]string{}
		for _, p := range fields {
			d.Mapping.Fields[core.TicketFields()[p.meaning]] = p.text
		}
	}
	d.secret, d.client = typedSecret(f.secret), typedSecret(f.client)
	return d, ""
}

// typedSecret is what was typed, nil for nothing.
func typedSecret(e *widget.Entry) *core.Secret {
	if e.Text == "" {
		return nil
	}
	s := core.NewSecret(e.Text)
	return &s
}

func (f *sourceForm) showProblem(text string) {
	f.problem.SetText(text)
	f.problem.Hidden = text == ""
	f.problem.Refresh()
}

func (f *sourceForm) test(done func()) {
	d, problem := f.draft()
	f.showProblem(problem)
	if problem != "" {
		done()
		return
	}
	f.showTested(outcome{kit.T("Reading the first tickets…"), kit.ToneMuted})
	f.showShown("")
	f.p.testSource(d, func(o outcome, fingerprint string) {
		done()
		f.showTested(o)
		f.showShown(fingerprint)
	})
}

func (f *sourceForm) showTested(o outcome) {
	f.tested.Set(o.Text, o.Tone)
	f.tested.Show()
}

// save stores the source and closes the form when that went well.
func (f *sourceForm) save() {
	d, problem := f.draft()
	f.showProblem(problem)
	if problem != "" || f.busy {
		return
	}
	f.busy = true
	f.asked.Enable(false)
	f.p.saveSource(d, func(ok bool) {
		f.busy = false
		f.asked.Enable(true)
		if ok {
			f.asked.Leave()
			f.p.host.Toast(kit.ToneGood, kit.T("The source is saved."))
		}
	})
}
