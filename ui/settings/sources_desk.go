package settings

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// deskAnswers are what the form of another Deskwatch asks besides address, user and password.
type deskAnswers struct {
	fingerprint *kit.Answer
	insecure    *widget.Check
	insecureRow *kit.Field
	trust       *widget.Button
	shown       string // the fingerprint the last test met and did not trust
}

func (f *sourceForm) newDeskAnswers(line func(text, hint string) *kit.Answer) {
	d := &f.desk
	d.fingerprint = line(f.old.Fingerprint, "AB:CD:EF:…")
	d.insecure = widget.NewCheck(kit.T("Without encryption, in a network in which I trust every machine"), nil)
	d.insecure.SetChecked(f.old.InsecureHTTP)
	d.trust = widget.NewButtonWithIcon(kit.T("Trust this certificate"), theme.ConfirmIcon(), f.trustShown)
	d.trust.Hide()
}

func (f *sourceForm) deskRows() []fyne.CanvasObject {
	d := &f.desk
	f.secretRow = kit.NewField(kit.T("Password or token"), f.secret, "")
	d.insecureRow = kit.NewField("", d.insecure, kit.T("The password and the tickets can be read on the way."))
	f.address.OnChanged = func(string) { f.showInsecure() }
	f.showInsecure()
	return []fyne.CanvasObject{
		kit.NewField(kit.T("Address"), f.address, kit.T("As that Deskwatch shows it under Settings, REST server.")), d.insecureRow,
		kit.NewField(kit.T("User"), f.user, kit.T("A user of that Deskwatch, with a password or a token made there.")), f.secretRow,
		kit.NewField(kit.T("Fingerprint"), d.fingerprint, kit.T("Of the certificate, where that Deskwatch made it itself. Empty: what this computer trusts decides.")),
		f.minutesRow(),
	}
}

// showInsecure asks for the consent only where the address needs it.
func (f *sourceForm) showInsecure() {
	row := f.desk.insecureRow
	if plain := f.isPlain(); plain == row.Hidden {
		row.Hidden = !plain
		row.Refresh()
	}
}

// isPlain reports whether the address names no encryption.
func (f *sourceForm) isPlain() bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(f.address.Text)), "http://")
}

// testRow holds what a test can be answered with.
func (f *sourceForm) testRow(test fyne.CanvasObject) fyne.CanvasObject {
	return container.NewHBox(kit.Padded(4, test), kit.Padded(4, f.desk.trust))
}

// showShown offers to trust the certificate a test met; "" offers nothing.
func (f *sourceForm) showShown(fingerprint string) {
	f.desk.shown = fingerprint
	f.desk.trust.Hidden = fingerprint == "" || f.old.Kind != core.SourceDesk
	f.desk.trust.Refresh()
}

// trustShown takes the certificate over into the form and tests it. Where another one was trusted
// before it asks: somebody may stand between.
func (f *sourceForm) trustShown() {
	shown := f.desk.shown
	take := func() {
		f.desk.fingerprint.SetText(shown)
		f.showShown("")
		f.test(func() {})
	}
	if strings.TrimSpace(f.desk.fingerprint.Text) == "" {
		take()
		return
	}
	f.p.host.Confirm(kit.Question{Title: kit.T("Trust another certificate?"),
		Text: kit.T("The server shows another certificate than the one entered here. Go on only when the other Deskwatch itself shows this fingerprint:\n%s", shown),
		Yes:  kit.T("Trust this certificate"), Danger: true}, take)
}

// deskStanding says how another Deskwatch is followed; nothing when it is only asked.
func deskStanding(r core.SourceReport, now time.Time) (o outcome, ok bool) {
	if r.Kind != core.SourceDesk || !r.Enabled || !r.State.Live {
		return o, false
	}
	if r.State.LiveSince.IsZero() {
		return outcome{kit.T("Connected: what happens there is here at once."), kit.ToneGood}, true
	}
	return outcome{kit.T("Connected since %s: what happens there is here at once.", kit.When(r.State.LiveSince, now)), kit.ToneGood}, true
}

// deskTrouble says why another Deskwatch is not followed, and what comes of it; "" when it is.
func deskTrouble(r core.SourceReport) string {
	switch st := r.State; {
	case r.Kind != core.SourceDesk || !r.Enabled || st.Live || st.LiveNote == "":
		return ""
	case st.LastError != "": // that tells the reason already
		return kit.T("Not connected: you see what was last known, and it is asked again every now and then.")
	default:
		return kit.T("Not connected: you see what was last known, and it is asked again every now and then. %s", st.LiveNote)
	}
}
