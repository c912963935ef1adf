package signin

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"deskwatch/core"
	"deskwatch/ui/async"
)

// fakeDesk asks for a password of four letters.
type fakeDesk struct {
	Desk
	mu    sync.Mutex
	now   time.Time
	calls []string
	fails error
}

func (d *fakeDesk) Now() time.Time { return d.now }

func (d *fakeDesk) did(call string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls = append(d.calls, call)
	return d.fails
}

func (d *fakeDesk) SignIn(_ context.Context, name string, password core.Secret) error {
	return d.did("sign in " + name + " " + password.Reveal())
}

func (d *fakeDesk) CreateFirstAdmin(_ context.Context, u core.User, password core.Secret) error {
	return d.did("create " + u.Name + "/" + u.DisplayName + " " + string(u.Role) + " " + password.Reveal())
}

func (d *fakeDesk) PutOffFirstAdmin(context.Context) error { return d.did("put off") }

func (d *fakeDesk) ChangePassword(_ context.Context, before, after core.Secret) error {
	return d.did("change " + before.Reveal() + " to " + after.Reveal())
}

func (d *fakeDesk) CheckUser(u core.User, password core.Secret) (list []core.SettingProblem) {
	if u.Name == "" {
		list = append(list, core.SettingProblem{Name: "name", Message: "Give the user a name."})
	}
	if p := password.Reveal(); p != "" && len(p) < 4 {
		list = append(list, core.SettingProblem{Name: "password", Message: "Too short."})
	}
	return list
}

// door returns a door that shows the page of seat, and how often it was opened.
func door(t *testing.T, ui async.Dispatcher, seat core.Seat) (*fakeDesk, *Door, *int) {
	t.Helper()
	test.NewTempApp(t)
	desk, opened := &fakeDesk{now: time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)}, 0
	w := test.NewTempWindow(t, nil)
	d := New(desk, ui, w, func() { opened++ })
	w.SetContent(d.Content())
	w.Resize(fyne.NewSize(1000, 700))
	d.Show(seat)
	t.Cleanup(d.Close)
	return desk, d, &opened
}

func TestWhatIsWrongIsSaidAsItIsTypedAndNotBefore(t *testing.T) {
	_, d, _ := door(t, async.Inline{}, core.Seat{FirstStart: true})
	p := d.page.(*firstPage)
	if d.window.Canvas().Focused() != fyne.Focusable(p.name.entry) {
		t.Error("the name has not got the keyboard")
	}
	test.Type(p.password.entry, "abc")
	if got := p.password.below.Text(); got != "Too short." {
		t.Errorf("a short password: %q", got)
	}
	if p.name.below.Text() == "Give the user a name." || p.again.below.Text() != "" {
		t.Errorf("it is said of lines nobody has been at: %q, %q", p.name.below.Text(), p.again.below.Text())
	}
	test.Type(p.again.entry, "x")
	if p.again.below.Text() == "" {
		t.Error("two different passwords are not told apart")
	}
}

func TestNobodyIsCreatedWhileSomethingIsWrong(t *testing.T) {
	desk, d, opened := door(t, async.Inline{}, core.Seat{FirstStart: true})
	p := d.page.(*firstPage)
	test.Tap(p.create)
	if len(desk.calls) != 0 || p.name.below.Text() != "Give the user a name." || p.password.below.Text() != "Choose a password." {
		t.Fatalf("%v, the name: %q, the password: %q", desk.calls, p.name.below.Text(), p.password.below.Text())
	}
	test.Type(p.name.entry, " ana ")
	test.Type(p.display.entry, "Ana Prieto")
	test.Type(p.password.entry, "tolkien")
	test.Type(p.again.entry, "tolkien")
	p.again.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(desk.calls) != 1 || desk.calls[0] != "create ana/Ana Prieto admin tolkien" || *opened != 1 {
		t.Errorf("%v, opened %d times", desk.calls, *opened)
	}
}

func TestEscapePutsTheAdminOffWhereverTheKeyboardIs(t *testing.T) {
	desk, d, opened := door(t, async.Inline{}, core.Seat{FirstStart: true})
	d.page.(*firstPage).password.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if len(desk.calls) != 1 || desk.calls[0] != "put off" || *opened != 1 {
		t.Errorf("%v, opened %d times", desk.calls, *opened)
	}
	d.Leave()
	d.Show(core.Seat{FirstStart: true})
	d.window.Canvas().Unfocus()
	d.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if len(desk.calls) != 2 {
		t.Error("Escape beside the lines does nothing")
	}
}

func TestAnAdminThatCannotBeCreatedIsSaidSo(t *testing.T) {
	desk, d, opened := door(t, async.Inline{}, core.Seat{FirstStart: true})
	desk.fails = core.NewError(core.CodeConflict, "test", "Somebody was quicker.", nil)
	p := d.page.(*firstPage)
	p.name.entry.SetText("ana")
	p.password.entry.SetText("tolkien")
	p.again.entry.SetText("tolkien")
	test.Tap(p.create)
	if !p.trouble.Visible() || p.trouble.Text() != "Somebody was quicker." || p.create.Disabled() || *opened != 0 {
		t.Errorf("said %q, button dead %v, opened %d", p.trouble.Text(), p.create.Disabled(), *opened)
	}
}

func TestAWrongPasswordIsClearedAndAskedForAgain(t *testing.T) {
	desk, d, opened := door(t, async.Inline{}, core.Seat{Locked: true, LastUser: "ana"})
	p := d.page.(*signInPage)
	if p.name.entry.Text != "ana" || d.window.Canvas().Focused() != fyne.Focusable(p.password.entry) {
		t.Error("the last user is not offered with the keyboard in the password")
	}
	desk.fails = core.NewError(core.CodeSignIn, "test", "The name or the password is wrong.", nil)
	test.Type(p.password.entry, "wrong")
	p.password.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if !strings.HasPrefix(p.password.below.Text(), "The name or the password is wrong.") || p.password.entry.Text != "" || d.window.Canvas().Focused() != fyne.Focusable(p.password.entry) || *opened != 0 {
		t.Errorf("said %q with %q in the line", p.password.below.Text(), p.password.entry.Text)
	}
	desk.fails = nil
	test.Type(p.password.entry, "right")
	if p.password.below.Text() != "" {
		t.Error("the old try is still said to be wrong")
	}
	test.Tap(p.enter)
	if *opened != 1 || desk.calls[1] != "sign in ana right" {
		t.Errorf("%v, opened %d times", desk.calls, *opened)
	}
}

func TestSlowedTriesCountDownAndThenGoOn(t *testing.T) {
	desk, d, _ := door(t, async.Inline{}, core.Seat{Locked: true, LastUser: "ana"})
	p := d.page.(*signInPage)
	slow := core.NewError(core.CodeBusy, "test", "Too many tries failed.", nil)
	slow.RetryAfter = 90 * time.Second
	desk.fails = slow
	p.password.entry.SetText("wrong")
	p.submit()
	if !p.enter.Disabled() || p.enter.Text != "Try again in 1 min 30 s" || !strings.HasPrefix(p.password.below.Text(), "Too many tries.") {
		t.Fatalf("the button says %q below %q", p.enter.Text, p.password.below.Text())
	}
	p.submit()
	if len(desk.calls) != 1 {
		t.Error("it was tried before its time")
	}
	desk.now = desk.now.Add(89 * time.Second)
	p.tick()
	if !p.enter.Disabled() || p.enter.Text != "Try again in 1 s" {
		t.Errorf("after 89 s the button says %q", p.enter.Text)
	}
	desk.now = desk.now.Add(time.Second)
	p.tick()
	if p.enter.Disabled() || p.enter.Text != "Sign in" || p.stop != nil {
		t.Errorf("the countdown does not end: %q", p.enter.Text)
	}
}

// later runs what is started and handed over when the test says so.
type later struct{ work, calls []func() }

func (l *later) Do(f func()) { l.calls = append(l.calls, f) }
func (l *later) Go(f func()) { l.work = append(l.work, f) }

func TestNothingIsSentTwiceAndTheWindowIsNeverWaitedFor(t *testing.T) {
	ui := &later{}
	desk, d, _ := door(t, ui, core.Seat{Locked: true, LastUser: "ana"})
	p := d.page.(*signInPage)
	p.password.entry.SetText("right")
	p.submit()
	p.submit()
	if len(desk.calls) != 0 || len(ui.work) != 1 || !p.enter.Disabled() || p.enter.Text != "Signing in…" {
		t.Errorf("asked %d times on the UI goroutine and %d times off it; the button says %q", len(desk.calls), len(ui.work), p.enter.Text)
	}
}

func TestAPageThatIsLeftForgetsWhatWasTyped(t *testing.T) {
	_, d, _ := door(t, async.Inline{}, core.Seat{Locked: true})
	p := d.page.(*signInPage)
	p.password.entry.Password = false // revealed
	p.password.entry.SetText("secret")
	d.Show(core.Seat{Locked: true, LastUser: "ben"})
	if p.password.entry.Text != "secret" {
		t.Error("news of the seat cleared what is being typed")
	}
	d.Leave()
	if p.password.entry.Text != "" || !p.password.entry.Password {
		t.Error("the password outlives the page")
	}
}

func TestAPasswordIsChangedOnceTheOldOneIsRight(t *testing.T) {
	desk, d, _ := door(t, async.Inline{}, core.Seat{Locked: true})
	changed := 0
	f := newPasswordForm(desk, core.User{Person: core.Person{Name: "ana"}})
	f.ask(t.Context(), d.window, async.Inline{}, func() { changed++ })
	f.old.entry.SetText("old")
	f.new.entry.SetText("abc")
	if f.new.below.Text() != "Too short." {
		t.Errorf("a short password: %q", f.new.below.Text())
	}
	f.new.entry.SetText("abcdef")
	f.again.entry.SetText("abcde")
	f.asked.Yes()
	if len(desk.calls) != 0 {
		t.Fatalf("sent with two different passwords: %v", desk.calls)
	}
	f.again.entry.SetText("abcdef")
	desk.fails = core.NewError(core.CodeSignIn, "test", "The old password is wrong.", nil)
	f.asked.Yes()
	if !strings.HasPrefix(f.old.below.Text(), "The old password is wrong.") || f.old.entry.Text != "" || changed != 0 || d.window.Canvas().Overlays().Top() == nil {
		t.Fatalf("said %q, changed %d", f.old.below.Text(), changed)
	}
	desk.fails = nil
	f.old.entry.SetText("older")
	f.asked.Yes()
	if changed != 1 || desk.calls[1] != "change older to abcdef" || d.window.Canvas().Overlays().Top() != nil {
		t.Errorf("%v, changed %d", desk.calls, changed)
	}
}
