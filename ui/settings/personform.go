package settings

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// personForm is the dialog a person is set up in.
type personForm struct {
	p     *presenter
	old   core.Person
	asked *kit.Asked
	busy  bool

	name, email, products, owners *kit.Answer
	lines                         []*kit.Answer // all of the above
	role                          *widget.Select
	mail                          *widget.Check
	quiet                         *weekHours
	problem                       *kit.Prose
}

// roles in the order offered.
var roles = [...]core.Role{core.RoleEngineer, core.RoleLead}

// openPersonForm shows a person; with the ID 0 it is to be a new one.
func openPersonForm(p *presenter, who core.Person) {
	if kit.Asking(p.host.Window()) {
		return
	}
	f := newPersonForm(p, who)
	title := kit.T("Change %s", who.Name)
	if who.ID == 0 {
		title = kit.T("Add a person")
	}
	content := container.NewBorder(nil, f.problem, nil, nil, container.NewVScroll(container.New(kit.ScrollRoom{}, f.body())))
	f.asked = kit.Ask(p.host.Window(), title, kit.T("Save"), content, f.name, func() bool { f.save(); return false }).Size(p.host.Window(), fyne.NewSize(800, 700))
	f.asked.Answers(f.lines...)
}

func newPersonForm(p *presenter, who core.Person) *personForm {
	f := &personForm{p: p, old: who, problem: kit.NewProse("", kit.ToneBad)}
	f.problem.Hide()
	line := func(text, hint string) *kit.Answer {
		e := kit.NewAnswer(hint)
		e.SetText(text)
		f.lines = append(f.lines, e)
		return e
	}
	f.name, f.email = line(who.Name, ""), line(who.Email, kit.T("you@company.com"))
	f.products, f.owners = line(strings.Join(who.Products, ", "), ""), line(strings.Join(who.OwnerNames, ", "), "")
	f.role = widget.NewSelect(nil, nil)
	for i, r := range roles {
		f.role.Options = append(f.role.Options, roleName(r))
		if r == who.Role {
			f.role.SetSelectedIndex(i)
		}
	}
	f.mail = widget.NewCheck(kit.T("Also by mail"), nil)
	f.mail.SetChecked(who.Mail)
	f.quiet = newWeekHours(kit.T("none"), func() {})
	f.quiet.show(func(d time.Weekday) []hours { return quietHours(who.Quiet, d) })
	return f
}

func (f *personForm) body() fyne.CanvasObject {
	return container.NewVBox(
		kit.NewField(kit.T("Name"), f.name, ""),
		kit.NewField(kit.T("Role"), f.role, kit.T("A lead hears of replies that stay due and of likely escalations.")),
		kit.NewField(kit.T("Products"), f.products, kit.T("With commas between. New tickets of these are told to them.")),
		kit.NewField(kit.T("Owner names"), f.owners, kit.T("As the sources name them, with commas between: tickets of these owners are theirs.")),
		kit.NewField(kit.T("E-mail"), f.email, ""),
		kit.NewField(kit.T("Told"), f.mail, kit.T("On the desktop in any case, while they sit here.")),
		kit.NewField(kit.T("Quiet hours"), f.quiet.root, kit.T("Such as 00:00-08:00, 18:00-24:00; 20:00-07:00 lasts until the next morning. One summary comes at their end.")),
	)
}

// person reads the form.
func (f *personForm) person() (who core.Person, problem string) {
	week, problem := f.quiet.read()
	if problem != "" {
		return who, problem
	}
	who = core.Person{ID: f.old.ID, Name: strings.TrimSpace(f.name.Text), Email: strings.TrimSpace(f.email.Text), Role: roles[max(f.role.SelectedIndex(), 0)],
		Products: listed(f.products.Text), OwnerNames: listed(f.owners.Text), Mail: f.mail.Checked}
	for _, d := range weekdays() {
		for _, h := range week[d] {
			who.Quiet = append(who.Quiet, core.QuietFrame{Day: d, From: h.from, To: h.to})
		}
	}
	return who, ""
}

// listed reads what is written with commas between.
func listed(text string) (list []string) {
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

func (f *personForm) save() {
	if f.busy {
		return
	}
	who, problem := f.person()
	if problem != "" {
		f.say(problem)
		return
	}
	f.busy = true
	f.asked.Enable(false)
	f.p.savePerson(who, func(problem string) {
		f.busy = false
		f.asked.Enable(true)
		if problem == "" {
			f.asked.Leave()
			return
		}
		f.say(problem)
	})
}

func (f *personForm) say(problem string) {
	f.problem.Set(problem, kit.ToneBad)
	f.problem.Show()
}
