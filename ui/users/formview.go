package users

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// formView is the pane with one user's form.
type formView struct {
	f    *form
	root fyne.CanvasObject
	body *fyne.Container

	title        *kit.Line
	state        *kit.Chip
	lines        map[string]*kit.Answer
	role         *choice
	active, mail *tick
	quiet        *kit.WeekHours
	generate     *press
	bar          *press // takes the password away
	told         *fyne.Container
	fields       map[string]*kit.Field
	other        *kit.Prose // problems no field claims, and why saving failed
	save, revert *press
	scroll       *container.Scroll

	form    int
	filling bool
}

// newFormView returns the pane; leave is what Escape and Close do.
func newFormView(l *list, leave func()) *formView {
	f := l.form
	v := &formView{f: f, lines: map[string]*kit.Answer{}, fields: map[string]*kit.Field{}}
	v.title, v.state = kit.NewTitle(""), kit.NewChip("", kit.ToneMuted)
	v.title.Shrink = true
	for _, field := range []string{fieldName, fieldTitle, fieldEmail, fieldProducts, fieldOwners, fieldPassword, fieldAgain} {
		v.lines[field] = v.line(field, leave)
	}
	v.lines[fieldEmail].SetPlaceHolder(kit.T("you@company.com"))
	v.lines[fieldProducts].SetPlaceHolder(kit.T("none"))
	v.lines[fieldOwners].SetPlaceHolder(kit.T("none"))
	in := keys{enter: f.Save, leave: leave}
	names := []string{}
	for _, r := range core.Roles() {
		names = append(names, kit.RoleName(r))
	}
	v.role = newChoice(names, func(at int) {
		if at >= 0 && !v.filling {
			f.SetRole(core.Roles()[at])
		}
	})
	v.active = newTick(kit.T("May sign in and is told"), func(on bool) {
		if !v.filling {
			f.SetActive(on)
		}
	})
	v.mail = newTick(kit.T("Also by mail"), func(on bool) {
		if !v.filling {
			f.SetMail(on)
		}
	})
	v.role.keys, v.active.keys, v.mail.keys = in, in, in
	v.quiet = kit.NewWeekHours(kit.T("none"), v.readQuiet)
	for _, line := range v.quiet.Lines {
		line.Leave, line.OnSubmitted = leave, func(string) { f.Save() }
	}
	v.generate = newPress(kit.T("Generate"), theme.ViewRefreshIcon(), func() { f.Generate(); v.focus(fieldPassword) }, leave)
	v.bar = newPress(kit.T("Take password away…"), nil, l.Bar, leave)
	v.build(leave)
	return v
}

func (v *formView) line(field string, leave func()) *kit.Answer {
	e := kit.NewAnswer("")
	e.Password = field == fieldPassword || field == fieldAgain
	e.OnChanged = func(text string) {
		if !v.filling {
			v.f.Type(field, text)
		}
	}
	e.Leave, e.OnSubmitted = leave, func(string) { v.f.Save() }
	return e
}

func (v *formView) build(leave func()) {
	password := container.NewVBox(v.lines[fieldPassword], container.NewHBox(v.generate, v.bar))
	v.told = kit.Section(kit.T("What they are told of"), "",
		v.field(fieldProducts, kit.T("Products"), v.lines[fieldProducts], kit.T("With commas between. New tickets of these are told to them.")),
		v.field(fieldOwners, kit.T("Owner names"), v.lines[fieldOwners], kit.T("As the sources name them, with commas between: tickets of these owners are theirs.")),
		v.field(fieldMail, kit.T("Told"), v.mail, kit.T("On the desktop in any case, while they sit here.")),
		v.field(fieldQuiet, kit.T("Quiet hours"), v.quiet, kit.T("Such as 00:00-08:00, 18:00-24:00; 20:00-07:00 lasts until the next morning. One summary comes at their end.")))
	v.body = container.NewVBox(
		v.field(fieldName, kit.T("Name"), v.lines[fieldName], kit.T("What they sign in with.")),
		v.field(fieldTitle, kit.T("Display name"), v.lines[fieldTitle], kit.T("Shown instead of the name; may be empty.")),
		v.field(fieldRole, kit.T("Role"), v.role, ""),
		v.field(fieldEmail, kit.T("E-mail"), v.lines[fieldEmail], ""),
		v.field(fieldActive, kit.T("Active"), v.active, ""),
		v.field(fieldPassword, kit.T("Password"), password, ""),
		v.field(fieldAgain, kit.T("Password again"), v.lines[fieldAgain], ""),
		v.told)
	v.other = kit.NewProse("", kit.ToneBad)
	v.save = major(newPress(kit.T("Save"), theme.DocumentSaveIcon(), func() { v.f.Save(); v.focus(fieldName) }, leave))
	v.revert = newPress(kit.T("Revert"), nil, func() { v.f.Revert(); v.focus(fieldName) }, leave)
	shut := newPress(kit.T("Close"), nil, leave, leave)
	head := kit.Padded(8, container.NewBorder(nil, nil, nil, v.state, v.title))
	foot := container.NewVBox(widget.NewSeparator(), v.other, kit.Padded(4, kit.Bar([]fyne.CanvasObject{v.save, v.revert}, []fyne.CanvasObject{shut})))
	v.scroll = container.NewVScroll(container.New(kit.ScrollRoom{}, v.body))
	v.root = container.NewBorder(head, foot, nil, nil, kit.Form(v.scroll))
}

// focus gives the keyboard to a line: what was pressed may be gone or disabled now. It does so a
// moment later, or the blank that pressed a button would be typed into the line.
func (v *formView) focus(field string) {
	v.f.ui.Do(func() {
		if w := v.f.host.Window(); w != nil && !kit.Asking(w) {
			w.Canvas().Focus(v.lines[field])
		}
	})
}

func (v *formView) field(name, label string, input fyne.CanvasObject, hint string) *kit.Field {
	f := kit.NewField(label, input, hint)
	v.fields[name] = f
	return f
}

func (v *formView) readQuiet() {
	if v.filling {
		return
	}
	week, problem := v.quiet.Read()
	var frames []core.QuietFrame
	for _, d := range kit.Weekdays() {
		for _, h := range week[d] {
			frames = append(frames, core.QuietFrame{Day: d, From: h.From, To: h.To})
		}
	}
	v.f.SetQuiet(frames, problem)
}

// quietHours are the hours of a day among the frames.
func quietHours(frames []core.QuietFrame, day time.Weekday) (list []kit.Hours) {
	for _, f := range frames {
		if f.Day == day {
			list = append(list, kit.Hours{From: f.From, To: f.To})
		}
	}
	return list
}

func (v *formView) refresh() {
	s := v.f.State()
	if s.User == nil {
		return
	}
	v.filling = true
	defer func() { v.filling = false }()
	if v.form != s.Form {
		v.form = s.Form
		v.fill(s)
	}
	v.showTitle(s)
	v.fields[fieldRole].SetHint(roleMeans(s.Draft.Role))
	v.fields[fieldPassword].SetHint(v.passwordHint(s))
	rest := s.Failed
	for name, text := range s.Problems {
		if v.fields[name] == nil {
			rest = text
		}
	}
	for name, f := range v.fields {
		f.SetProblem(s.Problems[name])
	}
	v.other.SetText(rest)
	kit.Show(v.other, rest != "")
	kit.Show(v.told, s.Draft.Role != core.RoleCollector)
	kit.Show(v.bar, s.User.HasPassword)
	kit.Show(v.fields[fieldAgain], s.Texts[fieldPassword] != "" || s.Texts[fieldAgain] != "")
	kit.Enable(v.save, v.f.CanSave())
	kit.Enable(v.revert, s.Dirty && !s.Saving)
	v.body.Refresh()
}

// fill puts the draft into the widgets.
func (v *formView) fill(s formState) {
	for name, e := range v.lines {
		if name == fieldPassword || name == fieldAgain {
			e.Password = !s.Reveal
		}
		e.SetText(s.Texts[name])
		e.Refresh()
	}
	for i, r := range core.Roles() {
		if r == s.Draft.Role {
			v.role.SetSelectedIndex(i)
		}
	}
	v.active.SetChecked(s.Draft.Active)
	v.mail.SetChecked(s.Draft.Mail)
	if v.f.quiet == "" {
		v.quiet.Fill(func(d time.Weekday) []kit.Hours { return quietHours(s.Draft.Quiet, d) })
	}
}

func (v *formView) showTitle(s formState) {
	if s.User.ID == 0 {
		v.title.SetText(kit.T("New user"))
		v.state.Hide()
		return
	}
	v.title.SetText(s.User.Title())
	word, tone := stateOf(*s.User)
	v.state.Set(word, tone)
	v.state.Show()
}

func (v *formView) passwordHint(s formState) string {
	switch {
	case !s.User.HasPassword && v.f.list.Unsigned() && s.Draft.Role != core.RoleAdmin && s.Texts[fieldPassword] != "":
		return kit.T("The first password has to be an admin's: add an admin first.")
	case v.f.Asks():
		return kit.T("From the second user with a password on, this desk asks who is there when it starts.")
	case s.Texts[fieldPassword] != "":
		return ""
	case s.User.HasPassword:
		return kit.T("They have one. Leave this empty to keep it; a new one signs them out everywhere.")
	case s.Draft.Role == core.RoleCollector:
		return kit.T("May stay empty: give the program an API token instead.")
	}
	return kit.T("Leave this empty for somebody who is told of tickets and does not sign in.")
}
