package settings

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

type alertGroup struct {
	state  *kit.Prose
	hour   *widget.Button
	ever   *widget.Button
	resume *widget.Button
}

func (t *Tab) buildAlerts() fyne.CanvasObject {
	a := &t.alert
	a.state = kit.Paragraph("")
	a.hour = widget.NewButtonWithIcon(kit.T("Pause for one hour"), theme.MediaPauseIcon(), func() { t.p.pause(true, time.Hour) })
	a.ever = widget.NewButtonWithIcon(kit.T("Pause until resumed"), theme.MediaPauseIcon(), func() { t.p.pause(true, 0) })
	a.resume = widget.NewButtonWithIcon(kit.T("Resume"), theme.MediaPlayIcon(), func() { t.p.pause(false, 0) })
	rules := widget.NewButtonWithIcon(kit.T("Open the rules"), theme.NavigateNextIcon(), func() { t.host.Go(kit.TabOrders, kit.PlaceRules) })
	rules.Importance = widget.LowImportance
	return container.NewVBox(
		kit.Section(kit.T("Schedule"), "",
			t.number("alerts.send_seconds", kit.T("Look at the outbox every"), kit.T("Seconds, from 5 to 3600. Mail that is due is sent then; a new alert is sent at once."), func(s *core.Settings) *int { return &s.Alerts.SendSeconds }),
			kit.NewField(kit.T("Alert checks"), container.NewHBox(rules), kit.T("How often a rule is checked is set with the rule, under Order alerts, Rules."))),
		kit.Section(kit.T("Pause"), kit.T("While alerts are paused, breaches are still found and listed, and nothing is mailed. This takes effect at once."),
			a.state, kit.NewField("", container.NewHBox(a.hour, a.ever, a.resume), "")),
	)
}

func (t *Tab) showStatus(st core.DeskStatus) {
	a := &t.alert
	switch now := t.desk.Now(); {
	case st.Paused && !st.PausedUntil.IsZero():
		a.state.Set(kit.T("Alerts are paused until %s.", kit.When(st.PausedUntil, now)), kit.ToneWarn)
	case st.Paused:
		a.state.Set(kit.T("Alerts are paused until you resume them."), kit.ToneWarn)
	default:
		a.state.Set(kit.T("Alerts are mailed."), kit.ToneGood)
	}
	a.hour.Hidden, a.ever.Hidden, a.resume.Hidden = st.Paused, st.Paused, !st.Paused
	a.hour.Refresh()
	t.showSample(st)
	t.showBookInUse(st)
	t.body.Refresh()
}
