package users

import (
	"context"
	"slices"
	"strings"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// listState is all the view shows of the list.
type listState struct {
	Loading bool
	Err     error
	Read    bool        // the users were read once
	All     []core.User // by name
	Users   []core.User // those of All that match
	Edition int         // grows when Users changes
	Text    string      // looked for in names and addresses
	Role    core.Role   // "" every role
	MayEdit bool
	Busy    bool
}

// list is the presenter of the users.
type list struct {
	*bench
	form    *form
	changed func()
	state   listState
	load    *async.Loader[[]core.User]
}

func newList(b *bench) *list {
	p := &list{bench: b, changed: func() {}, load: async.NewLoader[[]core.User](b.ui)}
	p.form = newForm(b, p)
	return p
}

// State is what the view shows now.
func (p *list) State() listState { return p.state }

// Load reads the users anew. A form with changes keeps them.
func (p *list) Load() { p.loadAnd(0) }

// loadAnd has the form show the user with this ID after the load; 0 leaves the one it shows.
func (p *list) loadAnd(choose int64) {
	p.state.Loading = true
	p.state.MayEdit = p.mayEdit()
	p.changed()
	p.load.Load(p.desk.Users, func(all []core.User, err error) {
		p.state.Loading, p.state.Err = false, err
		if err == nil {
			p.state.Read, p.state.All = true, all
			p.match()
			p.form.settle(all, choose)
		}
		p.changed()
	})
}

// Find keeps users whose name or address holds text.
func (p *list) Find(text string) {
	if text = strings.TrimSpace(text); text != p.state.Text {
		p.state.Text = text
		p.match()
		p.changed()
	}
}

// Filter keeps users with this role; "" every role.
func (p *list) Filter(r core.Role) {
	if r != p.state.Role {
		p.state.Role = r
		p.match()
		p.changed()
	}
}

func (p *list) match() {
	text := strings.ToLower(p.state.Text)
	p.state.Users = nil
	for _, u := range p.state.All {
		found := text == "" || slices.ContainsFunc(append([]string{u.Name, u.DisplayName, u.Email}, append(slices.Clone(u.Products), u.OwnerNames...)...),
			func(s string) bool { return strings.Contains(strings.ToLower(s), text) })
		if found && (p.state.Role == "" || u.Role == p.state.Role) {
			p.state.Users = append(p.state.Users, u)
		}
	}
	p.state.Edition++
}

// Unsigned reports that nobody has a password, so that nobody can sign in.
func (p *list) Unsigned() bool {
	return !slices.ContainsFunc(p.state.All, func(u core.User) bool { return u.HasPassword })
}

// Choose puts a user of the list into the form; 0 none. Changes of the one before are dropped only
// after asking.
func (p *list) Choose(id int64) {
	if u := p.form.state.User; u != nil && u.ID == id || u == nil && id == 0 {
		return
	}
	p.form.leave(func() {
		at := slices.IndexFunc(p.state.All, func(u core.User) bool { return u.ID == id })
		if at < 0 {
			p.form.clear()
		} else {
			p.form.edit(p.state.All[at])
		}
		p.changed()
	})
}

// Add puts a new user into the form; the first one is to be an admin.
func (p *list) Add() {
	if !p.state.MayEdit {
		return
	}
	p.form.leave(func() {
		u := core.User{Person: core.Person{Role: core.RoleEngineer}, Active: true}
		if len(p.state.All) == 0 {
			u.Role = core.RoleAdmin
		}
		p.form.edit(u)
		p.changed()
	})
}

// Chosen is the user in the form as they are kept; false for none and for a new one.
func (p *list) Chosen() (core.User, bool) {
	if u := p.form.state.User; u != nil && u.ID != 0 {
		return *u, true
	}
	return core.User{}, false
}

// LastAdmin reports whether u is the only one who can sign in and change users: they stay.
func (p *list) LastAdmin(u core.User) bool {
	signs := func(u core.User) bool { return u.Role == core.RoleAdmin && u.Active && u.HasPassword }
	return signs(u) && !slices.ContainsFunc(p.state.All, func(o core.User) bool { return o.ID != u.ID && signs(o) })
}

// keeps says why the last admin stays as they are, in place of a question that would come to
// nothing.
func (p *list) keeps(u core.User) bool {
	if !p.LastAdmin(u) {
		return false
	}
	p.host.Toast(kit.ToneWarn, kit.T("%s is the last admin who can sign in, and stays one. Make somebody else an admin first.", u.Title()))
	return true
}

// SetActive disables the chosen user after a yes, or enables them.
func (p *list) SetActive(on bool) {
	u, ok := p.Chosen()
	if !ok || u.Active == on {
		return
	}
	if on {
		u.Active = true
		p.form.leave(func() {
			p.change(func(ctx context.Context) error { _, err := p.desk.SaveUser(ctx, u, nil); return err }, kit.T("%s is enabled.", u.Title()))
		})
		return
	}
	if p.keeps(u) {
		return
	}
	text := kit.T("They are signed out everywhere, their tokens stop working and they are told of nothing, until they are enabled again. What they were told stays.")
	p.ask(kit.Question{Title: kit.T("Disable %s?", u.Title()), Text: p.warned(text, u.ID), Yes: kit.T("Disable"), Danger: true}, func() {
		u.Active = false
		p.change(func(ctx context.Context) error { _, err := p.desk.SaveUser(ctx, u, nil); return err }, kit.T("%s is disabled.", u.Title()))
	})
}

// Reset gives the chosen user a generated password after a yes, and shows it once.
func (p *list) Reset() {
	u, ok := p.Chosen()
	if !ok {
		return
	}
	text := kit.T("A new password is generated and shown to you once. It replaces any they have, and they are signed out everywhere.")
	p.ask(kit.Question{Title: kit.T("A new password for %s?", u.Title()), Text: p.warned(text, u.ID), Yes: kit.T("New password"), Danger: u.HasPassword}, func() {
		word := passphrase()
		secret := core.NewSecret(word)
		p.changeAnd(func(ctx context.Context) error { _, err := p.desk.SaveUser(ctx, u, &secret); return err }, func() { p.tellPassword(u, word) })
	})
}

// Bar takes the chosen user's password away after a yes.
func (p *list) Bar() {
	u, ok := p.Chosen()
	if !ok || !u.HasPassword || p.keeps(u) {
		return
	}
	text := kit.T("They are signed out everywhere and cannot sign in until they get a new password. They are still told of tickets.")
	if u.Role == core.RoleCollector {
		text = kit.T("It cannot sign in with a password any more. Its tokens go on working.")
	}
	p.ask(kit.Question{Title: kit.T("Take the password of %s away?", u.Title()), Text: p.warned(text, u.ID), Yes: kit.T("Take password away"), Danger: true}, func() {
		p.change(func(ctx context.Context) error { _, err := p.desk.SaveUser(ctx, u, &core.Secret{}); return err }, kit.T("%s has no password any more.", u.Title()))
	})
}

// Remove forgets the chosen user after a yes.
func (p *list) Remove() {
	u, ok := p.Chosen()
	if !ok || p.keeps(u) {
		return
	}
	text := kit.T("They are signed out everywhere, their tokens end and they are told of nothing any more. What they were told, and tickets, stay. To keep the user for later, disable them instead.")
	p.ask(kit.Question{Title: kit.T("Remove %s?", u.Title()), Text: p.warned(text, u.ID), Yes: kit.T("Remove user"), Danger: true}, func() {
		p.change(func(ctx context.Context) error { return p.desk.DeleteUser(ctx, u.ID) }, kit.T("%s is removed.", u.Title()))
	})
}

// warned says besides when it is the user at this window who loses the sign-in.
func (p *list) warned(text string, id int64) string {
	if p.sits(id) {
		return text + "\n\n" + kit.T("This is you: you have to sign in again at this window.")
	}
	return text
}

func (p *list) change(work func(context.Context) error, said string) {
	p.changeAnd(work, func() { p.host.Toast(kit.ToneGood, said) })
}

// ask asks before something is done to the chosen user as they are kept: what was typed into the
// form has to be saved or dropped first.
func (p *list) ask(q kit.Question, yes func()) {
	p.form.leave(func() {
		p.changed()
		p.host.Confirm(q, yes)
	})
}

// changeAnd does something to the chosen user and reads the list anew; done runs when it went well.
func (p *list) changeAnd(work func(context.Context) error, done func()) {
	if p.state.Busy || !p.state.MayEdit {
		return
	}
	p.state.Busy = true
	p.changed()
	do(p.bench, nothing(work), func(_ struct{}, err error) {
		p.state.Busy = false
		if err != nil {
			p.changed()
			p.host.Fail(err)
			return
		}
		p.form.drop()
		done()
		p.Load()
	})
}

// tellPassword shows a generated password, once.
func (p *list) tellPassword(u core.User, word string) {
	p.showOnce(kit.T("The password of %s", u.Title()),
		kit.T("Copy it and hand it over now: it is kept as a hash only and cannot be shown again. %s signs in as %s.", u.Title(), u.Name), word)
}

// Close ends what is loading.
func (p *list) Close() { p.load.Close() }
