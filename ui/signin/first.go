package signin

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// The fields a problem of CheckUser may be about; what is wrong with another one is said below.
const (
	fieldName     = "name"
	fieldDisplay  = "display_name"
	fieldPassword = "password"
)

// firstPage asks for the first admin: there is no default one, and no default password.
type firstPage struct {
	door *Door
	root fyne.CanvasObject

	name, display, password, again *line
	create, later                  *widget.Button
	trouble                        *kit.Prose
	tried                          bool // the button was pressed: what is missing is said as well
	busy                           bool
}

func newFirstPage(d *Door) *firstPage {
	p := &firstPage{door: d, trouble: kit.NewProse("", kit.ToneBad)}
	typed := func() { p.check() }
	p.name = newLine(kit.T("Name"), kit.T("What you sign in with."), typed)
	p.display = newLine(kit.T("Display name"), kit.T("What others read; the name when it is empty."), typed)
	p.password = newSecretLine(kit.T("Password"), passwordRule(), typed)
	p.again = newSecretLine(kit.T("Password again"), "", typed)
	onKeys(p.submit, p.putOff, p.name, p.display, p.password, p.again)
	onEscape(d.window.Canvas(), p.putOff)

	p.create = widget.NewButton(kit.T("Create admin"), p.submit)
	p.create.Importance = widget.HighImportance
	p.later = widget.NewButton(kit.T("Not now"), p.putOff)
	p.trouble.Hide()
	p.root = container.NewVBox(
		head(kit.NewTitle(kit.T("Who is the administrator of this desk?"))),
		flush(kit.Note(kit.T("An admin may do everything and adds the other users. Nobody is there yet, and there is no default password."))),
		p.name, p.display, p.password, p.again, flush(p.trouble), buttons(p.later, p.create),
		flush(kit.Note(kit.T("Not now: the desk opens, and the Users tab asks again when it is needed.")).Small()))
	return p
}

// passwordRule is the rule in one sentence; Desk.CheckUser applies it.
func passwordRule() string {
	return kit.T("12 characters or more; several words are easier to remember than signs. Neither your name nor a common password.")
}

func (p *firstPage) content() fyne.CanvasObject { return p.root }
func (p *firstPage) focus()                     { p.door.window.Canvas().Focus(p.name.entry) }

func (p *firstPage) leave() {
	p.password.empty()
	p.again.empty()
}

func (p *firstPage) user() (core.User, core.Secret) {
	return core.User{Person: core.Person{Name: strings.TrimSpace(p.name.entry.Text), Role: core.RoleAdmin},
		DisplayName: strings.TrimSpace(p.display.entry.Text), Active: true}, core.NewSecret(p.password.entry.Text)
}

// check says what is wrong with what is typed, and returns the first line that has to change.
func (p *firstPage) check() (wrong *line) {
	problems := map[string]string{}
	for _, f := range p.door.desk.CheckUser(p.user()) {
		if _, known := problems[f.Name]; !known {
			problems[f.Name] = f.Message
		}
	}
	if p.password.entry.Text == "" {
		problems[fieldPassword] = kit.T("Choose a password.")
	}
	again := ""
	if p.again.entry.Text != p.password.entry.Text {
		again = kit.T("The two passwords are not the same.")
	}
	for _, f := range []struct {
		line  *line
		wrong string
	}{{p.name, problems[fieldName]}, {p.display, problems[fieldDisplay]}, {p.password, problems[fieldPassword]}, {p.again, again}} {
		if f.wrong != "" && wrong == nil {
			wrong = f.line
		}
		if f.line.entry.Text == "" && !p.tried {
			f.wrong = "" // not yet
		}
		f.line.say(f.wrong)
	}
	return wrong
}

func (p *firstPage) submit() {
	if p.busy {
		return
	}
	p.tried = true
	if wrong := p.check(); wrong != nil {
		p.door.window.Canvas().Focus(wrong.entry)
		return
	}
	u, password := p.user()
	p.work(kit.T("Creating…"), func(ctx context.Context) error { return p.door.desk.CreateFirstAdmin(ctx, u, password) })
}

func (p *firstPage) putOff() {
	if !p.busy {
		p.work("", p.door.desk.PutOffFirstAdmin)
	}
}

// work does something once, with the buttons dead meanwhile.
func (p *firstPage) work(word string, do func(context.Context) error) {
	p.setBusy(true, word)
	p.trouble.Hide()
	p.door.run(p, do, func(err error) {
		p.setBusy(false, "")
		p.trouble.SetText(kit.ErrorText(err))
		p.trouble.Show()
	})
}

func (p *firstPage) setBusy(on bool, word string) {
	p.busy = on
	if word == "" {
		word = kit.T("Create admin")
	}
	p.create.SetText(word)
	for _, b := range []*widget.Button{p.create, p.later} {
		if on {
			b.Disable()
		} else {
			b.Enable()
		}
	}
}
