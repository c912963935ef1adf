package settings

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// peopleGroup is who is told of tickets, and of what.
type peopleGroup struct {
	me    *widget.Select
	names []string // behind the words of me; "" is nobody
	rows  *fyne.Container
	pane  *kit.Pane
}

func (t *Tab) buildPeople() fyne.CanvasObject {
	g := &t.people
	g.rows = container.NewVBox()
	g.pane = kit.NewPane(g.rows)
	add := widget.NewButtonWithIcon(kit.T("Add a person…"), theme.ContentAddIcon(), func() { openPersonForm(t.p, core.Person{Role: core.RoleEngineer}) })
	toggle := func(name, label, word, hint string, at func(n *core.NotifySettings) *bool) *kit.Field {
		return t.toggle("notify."+name, label, word, hint, func(s *core.Settings) *bool { return at(&s.Notify) })
	}
	number := func(name, label, hint string, at func(n *core.NotifySettings) *int) *kit.Field {
		return t.number("notify."+name, label, hint, func(s *core.Settings) *int { return at(&s.Notify) })
	}
	return container.NewVBox(
		kit.Section(kit.T("People"), kit.T("The team that is told of tickets. A person is saved by their own form."), g.pane.Container, kit.Padded(6, container.NewHBox(add))),
		kit.Section(kit.T("At this desk"), "", t.buildMe()),
		kit.Section(kit.T("What is told"), "",
			toggle("new_tickets", kit.T("New tickets"), kit.T("Tell the engineers of the product or the ticket"), "", func(n *core.NotifySettings) *bool { return &n.NewTickets }),
			toggle("only_theirs", "", kit.T("Of their own products only"), kit.T("Otherwise engineers also hear of new tickets that nobody owns."), func(n *core.NotifySettings) *bool { return &n.ProductOnly }),
			toggle("reply_due", kit.T("Reply due soon"), kit.T("Tell the owner, then the lead"), "", func(n *core.NotifySettings) *bool { return &n.ReplyDue }),
			number("lead_after", kit.T("Lead hears after"), kit.T("Minutes after the owner, from 0 to 240."), func(n *core.NotifySettings) *int { return &n.LeadMinutes }),
			toggle("tough", kit.T("Tough customers"), kit.T("Tell the engineer"), "", func(n *core.NotifySettings) *bool { return &n.Tough }),
			number("tough_from", kit.T("Tough from a score of"), kit.T("From 1 to 100; bad ratings, escalations, reopened tickets and orders add to it."), func(n *core.NotifySettings) *int { return &n.ToughFrom }),
			toggle("escalation", kit.T("Likely escalations"), kit.T("Tell the lead and the owner"), "", func(n *core.NotifySettings) *bool { return &n.Escalation }),
			number("risk_from", kit.T("Likely from a risk of"), kit.T("From 1 to 100."), func(n *core.NotifySettings) *int { return &n.RiskFrom }),
			number("burst", kit.T("Collect news for"), kit.T("Seconds, from 0 to 300. What comes together is told together."), func(n *core.NotifySettings) *int { return &n.BurstSecs })),
	)
}

func (t *Tab) buildMe() *kit.Field {
	g := &t.people
	g.me = widget.NewSelect(nil, nil)
	g.me.OnChanged = t.typed(func(string) {
		if i := g.me.SelectedIndex(); i >= 0 {
			t.p.edit("notify.me", func(s *core.Settings) string { s.Notify.Me = g.names[i]; return "" })
		}
	})
	f := kit.NewField(kit.T("Who sits here"), g.me, kit.T("Desktop notifications are theirs, and owner:me in a filter means them."))
	t.bind("notify.me", f, func(s core.Settings) { t.offerNames(s.Notify.Me, nil) })
	return f
}

// offerNames offers the people and who is chosen now, who need not be among them any more. A nil
// list offers those offered before.
func (t *Tab) offerNames(chosen string, people []string) {
	g := &t.people
	if people == nil && len(g.names) > 0 {
		people = g.names[1:]
	}
	names := append([]string{""}, people...)
	at := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, chosen) })
	if at < 0 {
		names, at = append(names, chosen), len(names)
	}
	g.names = names
	words := append([]string{kit.T("Nobody in particular: everything concerns this desk")}, names[1:]...)
	before := t.filling
	t.filling = true
	g.me.SetOptions(words)
	g.me.SetSelectedIndex(at)
	t.filling = before
}

func (t *Tab) showPeople(list []core.Person, err error) {
	g := &t.people
	if err != nil {
		g.pane.ShowError(err, t.p.loadPeople)
		return
	}
	g.rows.RemoveAll()
	names := []string{}
	for i, who := range list {
		if i > 0 {
			g.rows.Add(widget.NewSeparator())
		}
		g.rows.Add(t.personRow(who))
		names = append(names, who.Name)
	}
	if len(list) == 0 {
		g.rows.Add(kit.Note(kit.T("Nobody yet: everything is told at this desk. Add the people of the team to tell each their own tickets.")))
	}
	t.offerNames(t.p.draft.Notify.Me, names)
	g.pane.ShowContent()
	t.body.Refresh()
}

func (t *Tab) personRow(who core.Person) fyne.CanvasObject {
	name := kit.NewLine(who.Name, kit.ToneNormal)
	name.Style = fyne.TextStyle{Bold: true}
	lines := container.New(layout.NewCustomPaddedVBoxLayout(-8), container.New(layout.NewCustomPaddedLayout(4, 0, 8, 8), name), kit.Note(personFacts(who)).Small())
	edit := widget.NewButtonWithIcon(kit.T("Change…"), theme.DocumentCreateIcon(), func() { openPersonForm(t.p, who) })
	remove := widget.NewButtonWithIcon(kit.T("Remove…"), theme.DeleteIcon(), func() { t.p.deletePerson(who) })
	return container.NewBorder(nil, nil, nil, container.NewCenter(container.NewHBox(edit, remove)), lines)
}

// personFacts is what the list says of a person.
func personFacts(who core.Person) string {
	facts := []string{roleName(who.Role)}
	if who.Email != "" {
		facts = append(facts, who.Email)
	}
	if who.Mail {
		facts = append(facts, kit.T("also by mail"))
	}
	if len(who.Products) > 0 {
		facts = append(facts, strings.Join(who.Products, ", "))
	}
	if len(who.Quiet) > 0 {
		facts = append(facts, kit.T("has quiet hours"))
	}
	return strings.Join(facts, " · ")
}

func roleName(r core.Role) string {
	if r == core.RoleLead {
		return kit.T("Lead")
	}
	return kit.T("Engineer")
}
