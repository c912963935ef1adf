package users

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// factsView is the pane of somebody who may look at users and not change them.
type factsView struct {
	*kit.KeyPane
	rows *fyne.Container
	form int
}

func newFactsView(leave func()) *factsView {
	v := &factsView{rows: container.NewVBox()}
	v.KeyPane = kit.NewKeyPane(container.NewVScroll(container.New(kit.ScrollRoom{}, v.rows)))
	v.OnKey = func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyEscape {
			leave()
		}
	}
	return v
}

func (v *factsView) show(s formState) {
	if s.User == nil || v.form == s.Form {
		return
	}
	v.form = s.Form
	u := *s.User
	v.rows.RemoveAll()
	v.rows.Add(kit.Padded(8, kit.NewTitle(u.Title())))
	add := func(label, text, hint string) {
		if text != "" {
			v.rows.Add(kit.NewField(label, kit.Paragraph(text), hint))
		}
	}
	state, _ := stateOf(u)
	add(kit.T("Name"), u.Name, "")
	add(kit.T("Role"), kit.RoleName(u.Role), roleMeans(u.Role))
	add(kit.T("State"), state, "")
	add(kit.T("E-mail"), u.Email, "")
	if u.Role != core.RoleCollector {
		add(kit.T("Told"), toldBy(u), "")
		add(kit.T("Products"), strings.Join(u.Products, ", "), "")
		add(kit.T("Owner names"), strings.Join(u.OwnerNames, ", "), "")
		var days []string
		for _, d := range kit.Weekdays() {
			for _, h := range quietHours(u.Quiet, d) {
				days = append(days, kit.WeekdayName(d)+" "+h.String())
			}
		}
		add(kit.T("Quiet hours"), strings.Join(days, ", "), "")
	}
	v.rows.Refresh()
}
