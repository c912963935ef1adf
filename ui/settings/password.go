package settings

import (
	"context"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// passwordNames are the vault's names of the passwords in the form.
var passwordNames = [...]string{core.SecretSMTP, core.SecretOrderBook}

// secretState is what is known of a stored password.
type secretState struct {
	Known, Set bool
	Where      string // in words
	Draft      bool   // a new one is there and not saved
	Moved      bool   // the new one did not come from its own field
}

// password is one password of the form.
type password struct {
	draft *core.Secret // nil: unchanged
	state secretState
}

// setPassword takes a new password into the draft; "" means unchanged.
func (p *presenter) setPassword(name, text string) { p.takePassword(name, text, false) }

func (p *presenter) takePassword(name, text string, moved bool) {
	pw := p.passwords[name]
	pw.draft = nil
	if text != "" {
		s := core.NewSecret(text)
		pw.draft = &s
	}
	pw.state.Draft, pw.state.Moved = pw.draft != nil, moved
	p.view.showSecret(name, pw.state)
	p.tell()
}

// dropPasswords forgets the new passwords that are not saved.
func (p *presenter) dropPasswords() {
	for _, name := range passwordNames {
		pw := p.passwords[name]
		pw.draft, pw.state.Draft, pw.state.Moved = nil, false, false
		p.view.showSecret(name, pw.state)
	}
}

// newPasswords are those not saved yet, by name.
func (p *presenter) newPasswords() map[string]*core.Secret {
	list := map[string]*core.Secret{}
	for name, pw := range p.passwords {
		if pw.draft != nil {
			list[name] = pw.draft
		}
	}
	return list
}

// passwordsSaved takes over that list is stored now; what was typed meanwhile stays new.
func (p *presenter) passwordsSaved(list map[string]*core.Secret) {
	for name, saved := range list {
		if pw := p.passwords[name]; pw.draft == saved {
			pw.draft, pw.state.Draft, pw.state.Moved = nil, false, false
		}
	}
	p.loadSecrets()
}

func (p *presenter) loadSecrets() {
	for _, name := range passwordNames {
		p.loadSecret(name)
	}
}

func (p *presenter) loadSecret(name string) {
	type state struct {
		set   bool
		where string
	}
	async.Run(p.ctx, p.ui, func(ctx context.Context) (state, error) {
		set, where, err := p.desk.SecretState(ctx, name)
		return state{set, where}, err
	}, func(s state, err error) {
		if err != nil {
			p.host.Fail(err)
			return
		}
		pw := p.passwords[name]
		pw.state.Known, pw.state.Set, pw.state.Where = true, s.set, s.where
		p.view.showSecret(name, pw.state)
	})
}

// forgetPassword removes a stored password at once: a secret is no part of Revert.
func (p *presenter) forgetPassword(name string) {
	q := kit.Question{Title: kit.T("Remove the stored password?"), Text: kit.T("Mail to a server that asks for a password waits until you set a new one."),
		Yes: kit.T("Remove password"), Danger: true}
	if name == core.SecretOrderBook {
		q.Text = kit.T("A MongoDB that asks for a password cannot be reached until you set a new one; alerts wait.")
	}
	p.host.Confirm(q, func() {
		p.run(func(ctx context.Context) error { return p.desk.SetSecret(ctx, name, core.Secret{}) }, func() {
			p.host.Toast(kit.ToneGood, kit.T("The password is removed."))
			p.loadSecret(name)
		})
	})
}

// passwordField is the row of a password: the stored one is never shown.
type passwordField struct {
	entry  *widget.Entry
	forget *widget.Button
	row    *kit.Field
}

func (t *Tab) buildPassword(name string) *kit.Field {
	f := &passwordField{entry: widget.NewPasswordEntry()}
	f.entry.OnChanged = t.typed(func(text string) { t.p.setPassword(name, text) })
	f.forget = widget.NewButton(kit.T("Remove"), func() { t.p.forgetPassword(name) })
	f.row = kit.NewField(kit.T("Password"), container.NewBorder(nil, nil, nil, f.forget, f.entry), "")
	t.secrets[name] = f
	return f.row
}

func (t *Tab) showSecret(name string, s secretState) {
	f := t.secrets[name]
	holder, hint := "", ""
	switch {
	case s.Draft:
		hint = kit.T("The new password is stored when you save.")
		if s.Moved {
			holder = kit.T("A new password is here")
		}
	case s.Set:
		holder = kit.T("A password is set")
		hint = kit.T("Set; kept in %s.", s.Where)
	case s.Known:
		hint = kit.T("Not set. It would be kept in %s, never in the order book or the log.", s.Where)
	}
	kit.Enable(f.forget, s.Set && t.host.May(permissionForSecret(name)))
	f.entry.SetPlaceHolder(holder)
	f.row.SetHint(hint)
	if (!s.Draft || s.Moved) && f.entry.Text != "" {
		t.filling = true
		f.entry.SetText("")
		t.filling = false
	}
}
