package settings

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// signInGroup is the page about signing in at this window.
type signInGroup struct {
	standing *kit.Prose
	mode     *widget.RadioGroup
	ask      *kit.Field // of mode
}

// signInModes are the choices, in the order shown.
var signInModes = [...]core.SignInMode{core.SignInAuto, core.SignInAlways}

func (t *Tab) buildSignIn() fyne.CanvasObject {
	g := &t.signIn
	g.standing = kit.NewProse("", kit.ToneMuted)
	g.mode = widget.NewRadioGroup([]string{kit.T("As soon as more than one user has a password"), kit.T("Always")}, nil)
	g.mode.Required = true
	g.mode.OnChanged = t.typed(func(word string) {
		if i := slices.Index(g.mode.Options, word); i >= 0 {
			t.p.edit("sign_in.mode", func(s *core.Settings) string { s.SignIn.Mode = signInModes[i]; return "" })
		}
	})
	g.ask = kit.NewField(kit.T("Ask who it is"), g.mode, askHint(false))
	t.bind("sign_in.mode", g.ask, func(s core.Settings) {
		if i := slices.Index(signInModes[:], s.SignIn.Mode); i >= 0 {
			g.mode.SetSelected(g.mode.Options[i])
		}
	})
	users := widget.NewButtonWithIcon(kit.T("Open the users"), theme.NavigateNextIcon(), func() { t.host.Go(kit.TabUsers) })
	users.Importance = widget.LowImportance
	return kit.Section(kit.T("Signing in"), kit.T("Whether this window asks who uses it. What each role may do is the same here, over the REST server and on the command line."),
		t.adminNote(), g.standing, g.ask,
		t.number("sign_in.lock_minutes", kit.T("Lock after"), kit.T("Minutes in which nobody used the window, up to 1440. 0: it never locks by itself."), func(s *core.Settings) *int { return &s.SignIn.LockMinutes }),
		kit.NewField("", container.NewHBox(users), kit.T("Passwords are set with the user.")))
}

// askHint is what stands below the choice; atOnce: saving it locks this window.
func askHint(atOnce bool) string {
	if atOnce {
		return kit.T("When you save, this window asks for your name and password at once.")
	}
	return kit.T("It is asked as well when the data folder belongs to another user of this computer.")
}

// showSignInDraft warns of what saving the choice does to whoever sits here.
func (t *Tab) showSignInDraft(s core.SignInSettings) {
	t.signIn.ask.SetHint(askHint(s.Mode == core.SignInAlways && !t.desk.Seat().Required))
}

func (t *Tab) showSeat(o outcome) {
	t.signIn.standing.Set(o.Text, o.Tone)
	t.body.Refresh()
}
