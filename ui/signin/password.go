package signin

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// passwordForm changes the password of whoever is signed in.
type passwordForm struct {
	desk            Desk
	user            core.User
	old, new, again *line
	trouble         *kit.Prose
	asked           *kit.Asked
	busy            bool
}

// AskPassword asks user for the old password and a new one; changed runs when it is changed.
func AskPassword(ctx context.Context, w fyne.Window, ui async.Dispatcher, desk Desk, user core.User, changed func()) {
	newPasswordForm(desk, user).ask(ctx, w, ui, changed)
}

func newPasswordForm(desk Desk, user core.User) *passwordForm {
	f := &passwordForm{desk: desk, user: user, trouble: kit.NewProse("", kit.ToneBad)}
	f.old = newSecretLine(kit.T("Old password"), "", f.check)
	f.new = newSecretLine(kit.T("New password"), passwordRule(), f.check)
	f.again = newSecretLine(kit.T("New password again"), kit.T("What was signed in with the old one, programs included, has to sign in again."), f.check)
	f.trouble.Hide()
	return f
}

func (f *passwordForm) ask(ctx context.Context, w fyne.Window, ui async.Dispatcher, changed func()) {
	box := kit.Wide(pageWidth, container.NewVBox(f.old, f.new, f.again, flush(f.trouble)))
	f.asked = kit.Ask(w, kit.T("Change password"), kit.T("Change password"), box, f.old.entry, func() bool {
		f.submit(ctx, w, ui, changed)
		return false // it is closed once the password is changed
	})
	f.asked.Answers(f.old.entry, f.new.entry, f.again.entry)
	f.check()
}

// check says what is wrong, and lets the answer be given when nothing is.
func (f *passwordForm) check() {
	if f.asked == nil {
		return // it is being built
	}
	wrong, differs := "", ""
	for _, p := range f.desk.CheckUser(f.user, core.NewSecret(f.new.entry.Text)) {
		if p.Name == fieldPassword && wrong == "" {
			wrong = p.Message
		}
	}
	if f.again.entry.Text != "" && f.again.entry.Text != f.new.entry.Text {
		differs = kit.T("The two passwords are not the same.")
	}
	if f.old.entry.Text != "" {
		f.old.say("")
	}
	f.new.say(wrong)
	f.again.say(differs)
	f.asked.Enable(!f.busy && wrong == "" && f.old.entry.Text != "" && f.new.entry.Text != "" && f.again.entry.Text == f.new.entry.Text)
}

func (f *passwordForm) submit(ctx context.Context, w fyne.Window, ui async.Dispatcher, changed func()) {
	f.busy = true
	f.check()
	f.trouble.Hide()
	before, after := core.NewSecret(f.old.entry.Text), core.NewSecret(f.new.entry.Text)
	async.Run(ctx, ui, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, f.desk.ChangePassword(ctx, before, after)
	}, func(_ struct{}, err error) {
		f.busy = false
		switch {
		case err == nil:
			f.asked.Leave()
			changed()
			return
		case core.ErrorCode(err) == core.CodeSignIn:
			f.old.empty()
			f.old.say(kit.T("The old password is wrong. Nothing was changed."))
			w.Canvas().Focus(f.old.entry)
		default:
			f.trouble.SetText(kit.ErrorText(err))
			f.trouble.Show()
		}
		f.check()
	})
}
