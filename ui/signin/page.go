package signin

import (
	"context"
	"errors"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// signInPage asks for a name and a password. It shows nothing of the desk.
type signInPage struct {
	door *Door
	root fyne.CanvasObject

	name, password *line
	enter          *widget.Button
	trouble        *kit.Prose
	busy           bool
	until          time.Time // no try before
	stop           func()    // the countdown; nil: there is none
}

func newSignInPage(d *Door, last string) *signInPage {
	p := &signInPage{door: d, trouble: kit.NewProse("", kit.ToneBad)}
	p.name = newLine(kit.T("Name"), "", func() {})
	p.name.entry.Text = last
	p.password = newSecretLine(kit.T("Password"), "", p.typed).withRoom()
	onKeys(p.submit, nil, p.name, p.password)
	p.enter = widget.NewButton("", p.submit)
	p.enter.Importance = widget.HighImportance
	p.trouble.Hide()
	p.root = container.NewVBox(
		head(kit.NewTitle(kit.T("Sign in to Deskwatch"))),
		flush(kit.Note(kit.T("The desk is locked. It goes on watching, and shows nothing until you sign in."))),
		p.name, p.password, flush(p.trouble), buttons(p.enter))
	p.show()
	return p
}

func (p *signInPage) content() fyne.CanvasObject { return p.root }

func (p *signInPage) focus() {
	first := p.password
	if p.name.entry.Text == "" {
		first = p.name
	}
	p.door.window.Canvas().Focus(first.entry)
}

func (p *signInPage) leave() {
	p.password.empty()
	p.endWait()
}

// typed takes away what was wrong with the last try.
func (p *signInPage) typed() {
	if p.password.entry.Text != "" && p.stop == nil {
		p.password.say("")
	}
}

func (p *signInPage) submit() {
	name, password := strings.TrimSpace(p.name.entry.Text), core.NewSecret(p.password.entry.Text)
	switch {
	case p.busy || p.stop != nil:
		return
	case name == "" || password.IsZero():
		p.focus()
		return
	}
	p.busy = true
	p.trouble.Hide()
	p.show()
	p.door.run(p, func(ctx context.Context) error { return p.door.desk.SignIn(ctx, name, password) }, p.failed)
}

func (p *signInPage) failed(err error) {
	p.busy = false
	switch core.ErrorCode(err) {
	case core.CodeSignIn:
		p.password.empty()
		p.password.say(kit.T("The name or the password is wrong. Try again, or ask an admin of this desk for a new password."))
		p.door.window.Canvas().Focus(p.password.entry)
	case core.CodeBusy:
		// its own sentence names the seconds, which the button counts down
		p.password.say(kit.T("Too many tries. Nothing was done. Wait until the button can be pressed again."))
		p.wait(retryAfter(err))
	default:
		p.trouble.SetText(kit.ErrorText(err))
		p.trouble.Show()
	}
	p.show()
}

func retryAfter(err error) time.Duration {
	var e *core.Error
	if errors.As(err, &e) {
		return e.RetryAfter
	}
	return 0
}

// wait lets nobody try for so long, and says how long.
func (p *signInPage) wait(d time.Duration) {
	p.endWait()
	p.until = p.door.desk.Now().Add(max(d, second))
	p.stop = async.Every(second, p.door.ui, p.tick)
}

func (p *signInPage) tick() {
	if p.stop == nil {
		return // it ended while this beat was on its way
	}
	if !p.door.desk.Now().Before(p.until) {
		p.endWait()
		p.password.say("")
		p.focus()
	}
	p.show()
}

func (p *signInPage) endWait() {
	if p.stop != nil {
		p.stop()
		p.stop = nil
	}
}

// show shows whether one can sign in now.
func (p *signInPage) show() {
	switch {
	case p.busy:
		p.enter.SetText(kit.T("Signing in…"))
	case p.stop != nil:
		left := p.until.Sub(p.door.desk.Now())
		p.enter.SetText(kit.T("Try again in %s", kit.Duration(max(second, left))))
	default:
		p.enter.SetText(kit.T("Sign in"))
		p.enter.Enable()
		return
	}
	p.enter.Disable()
}
