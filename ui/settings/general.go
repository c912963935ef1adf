package settings

import (
	"fyne.io/fyne/v2"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

func (t *Tab) buildGeneral() fyne.CanvasObject {
	return kit.Section(kit.T("General"), "",
		t.choice("general.theme", kit.T("Theme"), "", []string{"system", "light", "dark"},
			[]string{kit.T("As the system"), kit.T("Light"), kit.T("Dark")},
			func(s core.Settings) string { return s.General.Theme }, func(s *core.Settings, v string) { s.General.Theme = v }),
		t.toggle("general.notifications", kit.T("Notifications"), kit.T("Show on the desktop"), kit.T("Tickets as the page Notices says, new breaches, and scheduled tasks that fail."),
			func(s *core.Settings) *bool { return &s.General.Notifications }),
		t.choice("general.log_level", kit.T("Log"), kit.T("What is written to the log from now on. Everything makes the files grow fastest."),
			[]string{"debug", "info", "warn", "error"},
			[]string{kit.T("Everything, for finding a fault"), kit.T("What happens"), kit.T("Warnings and errors"), kit.T("Errors only")},
			func(s core.Settings) string { return s.General.LogLevel }, func(s *core.Settings, v string) { s.General.LogLevel = v }),
	)
}
