package users

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"deskwatch/core"
	"deskwatch/ui/kit"
	"deskwatch/ui/kit/kittest"
)

// fakeDesk keeps users and tokens in memory.
type fakeDesk struct {
	users   []core.User
	tokens  []core.Token
	set     core.Settings
	seat    core.Seat
	saveErr error
	readErr error

	passwords []*core.Secret // as they were saved
	made      []core.NewToken
	revoked   []int64
	reads     int
	events    chan core.Event
}

var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

func (d *fakeDesk) Users(context.Context) ([]core.User, error) {
	d.reads++
	return slices.Clone(d.users), d.readErr
}
func (d *fakeDesk) SaveUser(_ context.Context, u core.User, password *core.Secret) (core.User, error) {
	if d.saveErr != nil {
		return u, d.saveErr
	}
	if password != nil {
		u.HasPassword = !password.IsZero()
	}
	d.passwords = append(d.passwords, password)
	if i := slices.IndexFunc(d.users, func(o core.User) bool { return o.ID == u.ID }); i >= 0 {
		d.users[i] = u
		return u, nil
	}
	u.ID = int64(len(d.users) + 1)
	d.users = append(d.users, u)
	return u, nil
}
func (d *fakeDesk) DeleteUser(_ context.Context, id int64) error {
	d.users = slices.DeleteFunc(d.users, func(o core.User) bool { return o.ID == id })
	return d.saveErr
}
func (d *fakeDesk) CheckUser(u core.User, password core.Secret) (list []core.SettingProblem) {
	if u.Name == "" {
		list = append(list, core.SettingProblem{Name: "name", Message: "Give the user a name."})
	}
	if u.Mail && u.Email == "" {
		list = append(list, core.SettingProblem{Name: "email", Message: "Give an e-mail address, or do not tell this person by mail."})
	}
	if !password.IsZero() && len(password.Reveal()) < 12 {
		list = append(list, core.SettingProblem{Name: "password", Message: "The password is too short. Use at least 12 characters."})
	}
	return list
}
func (d *fakeDesk) Tokens(context.Context) ([]core.Token, error) {
	return slices.Clone(d.tokens), d.readErr
}
func (d *fakeDesk) CreateToken(_ context.Context, t core.NewToken) (core.Token, core.Secret, error) {
	if d.saveErr != nil {
		return core.Token{}, core.Secret{}, d.saveErr
	}
	d.made = append(d.made, t)
	made := core.Token{ID: int64(len(d.tokens) + 1), UserName: t.User, Name: t.Name, Start: "dw_abcd", Scopes: t.Scopes, Created: noon, Expires: t.Expires}
	d.tokens = append([]core.Token{made}, d.tokens...)
	return made, core.NewSecret("dw_abcdefgh"), nil
}
func (d *fakeDesk) RevokeToken(_ context.Context, id int64) error {
	d.revoked = append(d.revoked, id)
	return d.saveErr
}
func (d *fakeDesk) Seat() core.Seat         { return d.seat }
func (d *fakeDesk) Settings() core.Settings { return d.set }
func (d *fakeDesk) Now() time.Time          { return noon }
func (d *fakeDesk) Subscribe(int) (<-chan core.Event, func()) {
	d.events = make(chan core.Event, 8)
	return d.events, func() {}
}

func user(id int64, name string, role core.Role, password bool) core.User {
	return core.User{Person: core.Person{ID: id, Name: name, Role: role}, Active: true, HasPassword: password}
}

// team is one user of every kind.
func team() []core.User {
	ana := user(1, "ana", core.RoleAdmin, true)
	ana.DisplayName, ana.Email, ana.Mail, ana.LastSignIn = "Ana Ruiz", "ana@example.com", true, noon.Add(-time.Hour)
	ana.Products, ana.OwnerNames = []string{"Spark", "Kafka"}, []string{"Ana Ruiz"}
	ana.Quiet = []core.QuietFrame{{Day: time.Monday, From: 20 * 60, To: 7 * 60}, {Day: time.Sunday, From: 0, To: 24 * 60}}
	gone := user(3, "cleo", core.RoleLead, true)
	gone.Active = false
	return []core.User{ana, user(2, "bo", core.RoleEngineer, false), gone, user(4, "madrid", core.RoleCollector, false)}
}

// shown is a text that is shown once.
type shown struct{ title, sentence, text string }

// newTestTab shows the tab in a window of the test driver.
func newTestTab(t *testing.T, d *fakeDesk, width float32) (*Tab, *kittest.Host, *[]shown) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme("light"))
	h := &kittest.Host{Answer: true}
	tab := New(d, h)
	once := &[]shown{}
	tab.b.showOnce = func(title, sentence, text string) { *once = append(*once, shown{title, sentence, text}) }
	h.Win = test.NewTempWindow(t, tab.Content())
	h.Win.Resize(fyne.NewSize(width, 640))
	t.Cleanup(tab.Close)
	return tab, h, once
}

// newDesk is a desk with the team, where nobody has to sign in.
func newDesk() *fakeDesk { return &fakeDesk{users: team(), set: core.DefaultSettings()} }

// seen calls f for o and everything in it that is not hidden.
func seen(o fyne.CanvasObject, f func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	f(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, c := range o.Objects {
			seen(c, f)
		}
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(o).Objects() {
			seen(c, f)
		}
	}
}

// visible reports whether a shown text holds want.
func visible(o fyne.CanvasObject, want string) (found bool) {
	seen(o, func(x fyne.CanvasObject) {
		switch x := x.(type) {
		case *kit.Prose:
			found = found || strings.Contains(x.Text(), want)
		case *kit.Line:
			found = found || strings.Contains(x.Text, want)
		}
	})
	return found
}

// button finds a shown button by its text.
func button(o fyne.CanvasObject, text string) (found *press) {
	seen(o, func(x fyne.CanvasObject) {
		if b, ok := x.(*press); ok && b.Text == text {
			found = b
		}
	})
	return found
}

// halfDesk saves a new user and not their password.
type halfDesk struct{ *fakeDesk }

func (d *halfDesk) SaveUser(ctx context.Context, u core.User, password *core.Secret) (core.User, error) {
	saved, err := d.fakeDesk.SaveUser(ctx, u, password)
	if u.ID == 0 && err == nil {
		err = core.NewError(core.CodeBusy, "", "The user was saved, but the password stayed as it was.", nil)
	}
	return saved, err
}
