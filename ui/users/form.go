package users

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// The fields of the form, by the names Desk.CheckUser uses.
const (
	fieldName     = "name"
	fieldTitle    = "display_name"
	fieldEmail    = "email"
	fieldRole     = "role"
	fieldProducts = "products"
	fieldOwners   = "owners"
	fieldMail     = "mail"
	fieldQuiet    = "quiet"
	fieldActive   = "active"
	fieldPassword = "password"
	fieldAgain    = "again" // the password once more; of this form alone
)

// formState is all the view shows of the form.
type formState struct {
	User  *core.User // as kept; the ID is 0 for a new one, nil: nobody is in the form
	Draft core.User
	Texts map[string]string // the lines as they were typed
	// Problems are those of fields that were touched, or all once Save was tried.
	Problems map[string]string
	Failed   string // why saving did not work
	Dirty    bool
	Saving   bool
	Reveal   bool // the password is readable: it was generated
	// Form grows whenever the form must be filled anew, and not when somebody types.
	Form int
}

// form is the presenter of one user's form.
type form struct {
	*bench
	list    *list
	state   formState
	quiet   string // what is wrong with the quiet hours as typed
	all     map[string]string
	touched map[string]bool
	tried   bool
}

func newForm(b *bench, l *list) *form { return &form{bench: b, list: l} }

// State is what the view shows now.
func (f *form) State() formState { return f.state }

// edit fills the form.
func (f *form) edit(u core.User) {
	draft := u
	f.state = formState{User: &u, Draft: draft, Form: f.state.Form + 1, Texts: map[string]string{
		fieldName: u.Name, fieldTitle: u.DisplayName, fieldEmail: u.Email,
		fieldProducts: strings.Join(u.Products, ", "), fieldOwners: strings.Join(u.OwnerNames, ", ")}}
	f.quiet, f.touched, f.tried = "", map[string]bool{}, false
	f.check()
}

// clear leaves nobody in the form.
func (f *form) clear() {
	f.state = formState{Form: f.state.Form + 1}
	f.quiet, f.all, f.touched, f.tried = "", nil, nil, false
}

// settle shows what a load brought; choose is the ID of the user to show, 0 for the one shown.
// What was typed stays.
func (f *form) settle(all []core.User, choose int64) {
	if f.state.User != nil && choose == 0 {
		if f.state.Dirty || f.state.User.ID == 0 {
			return
		}
		choose = f.state.User.ID
	}
	at := slices.IndexFunc(all, func(u core.User) bool { return u.ID == choose })
	switch {
	case choose == 0:
	case at < 0:
		f.clear()
	case f.state.User == nil || f.state.Dirty || !reflect.DeepEqual(all[at], *f.state.User):
		f.edit(all[at])
	}
}

// leave runs next, after asking when the form holds changes.
func (f *form) leave(next func()) {
	if f.state.User == nil || !f.state.Dirty {
		next()
		return
	}
	text := kit.T("What you changed of %s is not saved.", f.state.User.Title())
	if f.state.User.ID == 0 {
		text = kit.T("The new user is not saved.")
	}
	f.host.Confirm(kit.Question{Title: kit.T("Drop the changes?"), Text: text, Yes: kit.T("Drop changes"), Danger: true}, func() {
		f.drop()
		next()
	})
	f.list.changed() // the list marks the user in the form again
}

// drop takes the changes back, and a new user out of the form.
func (f *form) drop() {
	if u := f.state.User; u != nil && u.ID != 0 {
		f.edit(*u)
		return
	}
	f.clear()
}

// Leave takes the changes back after asking, and a new user out of the form; gone runs then.
func (f *form) Leave(gone func()) {
	f.leave(func() {
		f.drop()
		gone()
		f.list.changed()
	})
}

// Type takes what was typed into a line.
func (f *form) Type(field, text string) {
	if f.state.User == nil || f.state.Texts[field] == text {
		return
	}
	f.state.Texts[field] = text
	f.touch(field)
}

// SetRole, SetMail, SetActive and SetQuiet take a choice.
func (f *form) SetRole(r core.Role) { f.change(fieldRole, func(u *core.User) { u.Role = r }) }

// SetMail says whether they are told by mail as well.
func (f *form) SetMail(on bool) { f.change(fieldMail, func(u *core.User) { u.Mail = on }) }

// SetActive says whether they may sign in and are told.
func (f *form) SetActive(on bool) { f.change(fieldActive, func(u *core.User) { u.Active = on }) }

// SetQuiet takes the quiet hours, or what is wrong with them as typed.
func (f *form) SetQuiet(frames []core.QuietFrame, problem string) {
	f.quiet = problem
	f.change(fieldQuiet, func(u *core.User) {
		if problem == "" {
			u.Quiet = frames
		}
	})
}

func (f *form) change(field string, set func(u *core.User)) {
	if f.state.User == nil {
		return
	}
	set(&f.state.Draft)
	f.touch(field)
}

func (f *form) touch(field string) {
	f.touched[field] = true
	f.state.Failed = ""
	if field == fieldPassword || field == fieldAgain {
		f.state.Reveal = false
	}
	f.check()
	f.list.changed()
}

// Generate writes a password that is hard to guess into both lines, readable.
func (f *form) Generate() {
	if f.state.User == nil {
		return
	}
	word := passphrase()
	f.state.Texts[fieldPassword], f.state.Texts[fieldAgain] = word, word
	f.touch(fieldPassword)
	f.state.Reveal = true
	f.state.Form++
	f.list.changed()
}

// check reads the lines into the draft and asks the core what is wrong with it.
func (f *form) check() {
	d, texts := &f.state.Draft, f.state.Texts
	d.Name, d.DisplayName, d.Email = strings.TrimSpace(texts[fieldName]), strings.TrimSpace(texts[fieldTitle]), strings.TrimSpace(texts[fieldEmail])
	d.Products, d.OwnerNames = listed(texts[fieldProducts]), listed(texts[fieldOwners])
	f.all = map[string]string{}
	for _, problem := range f.desk.CheckUser(*d, core.NewSecret(texts[fieldPassword])) {
		if f.all[problem.Name] == "" {
			f.all[problem.Name] = problem.Message
		}
	}
	if f.quiet != "" {
		f.all[fieldQuiet] = f.quiet
	}
	if texts[fieldAgain] != texts[fieldPassword] {
		f.all[fieldAgain] = kit.T("The two are not the same.")
	}
	f.state.Dirty = texts[fieldPassword] != "" || texts[fieldAgain] != "" || f.quiet != "" || !sameUser(*d, *f.state.User)
	f.state.Problems = map[string]string{}
	for name, text := range f.all {
		if f.tried || f.touched[name] {
			f.state.Problems[name] = text
		}
	}
}

// sameUser compares what the form can change.
func sameUser(a, b core.User) bool {
	return a.Name == b.Name && a.DisplayName == b.DisplayName && a.Email == b.Email && a.Role == b.Role && a.Mail == b.Mail && a.Active == b.Active &&
		slices.Equal(a.Products, b.Products) && slices.Equal(a.OwnerNames, b.OwnerNames) && slices.Equal(a.Quiet, b.Quiet)
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

// Asks reports that saving would make this desk ask who is there from then on.
func (f *form) Asks() bool {
	u := f.state.User
	if u == nil || u.HasPassword || f.state.Texts[fieldPassword] == "" || f.desk.Seat().Required || f.desk.Settings().SignIn.Mode != core.SignInAuto {
		return false
	}
	return slices.ContainsFunc(f.list.state.All, func(o core.User) bool { return o.ID != u.ID && o.HasPassword && o.Active })
}

// CanSave reports whether there is something to save.
func (f *form) CanSave() bool {
	return f.state.User != nil && f.list.state.MayEdit && f.state.Dirty && !f.state.Saving && len(f.state.Problems) == 0
}

// Save stores the draft, or shows what is wrong with it.
func (f *form) Save() {
	if !f.CanSave() {
		return
	}
	if f.tried = true; len(f.all) > 0 {
		f.check()
		f.list.changed()
		return
	}
	word, shown := f.state.Texts[fieldPassword], f.state.Reveal
	var secret *core.Secret
	if word != "" {
		s := core.NewSecret(word)
		secret = &s
	}
	f.state.Saving, f.state.Failed = true, ""
	f.list.changed()
	draft := f.state.Draft
	do(f.bench, func(ctx context.Context) (core.User, error) { return f.desk.SaveUser(ctx, draft, secret) }, func(saved core.User, err error) {
		f.state.Saving = false
		if err != nil {
			f.state.Failed = kit.ErrorText(err)
			if f.state.User.ID == 0 && saved.ID != 0 { // all of it but the password
				f.state.User, f.state.Draft.ID = &saved, saved.ID
				f.list.loadAnd(0)
			}
			f.list.changed()
			return
		}
		f.state.Dirty = false
		f.edit(saved)
		f.list.loadAnd(saved.ID)
		if shown {
			f.list.tellPassword(saved, word)
			return
		}
		f.host.Toast(kit.ToneGood, kit.T("%s is saved.", saved.Title()))
	})
}

// Revert takes back what was typed since the last save.
func (f *form) Revert() {
	if u := f.state.User; u != nil {
		f.edit(*u)
		f.list.changed()
	}
}
