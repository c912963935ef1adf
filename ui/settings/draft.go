package settings

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"deskwatch/core"
)

// cloned copies s with the lists and maps in it.
func cloned(s core.Settings) core.Settings {
	s.Orders.CustomerPatterns = slices.Clone(s.Orders.CustomerPatterns)
	s.Orders.Statuses = maps.Clone(s.Orders.Statuses)
	s.Clock = clonedClock(s.Clock)
	s.Server.Hosts = slices.Clone(s.Server.Hosts)
	return s
}

func clonedClock(c core.ClockSettings) core.ClockSettings {
	c.Frames, c.Targets, c.StoppedBy = slices.Clone(c.Frames), slices.Clone(c.Targets), slices.Clone(c.StoppedBy)
	return c
}

// rebased carries what a person has changed in draft, made on old, over to fresh, which
// somebody else saved meanwhile (the theme from the menu, statuses from an import). The pause
// is not part of any form and always comes from fresh.
func rebased(draft, old, fresh core.Settings) core.Settings {
	out := cloned(fresh)
	if draft.General != old.General {
		out.General = draft.General
	}
	if draft.Mail != old.Mail {
		out.Mail = draft.Mail
	}
	if draft.OrderBook != old.OrderBook {
		out.OrderBook = draft.OrderBook
	}
	if !sameClock(draft.Clock, old.Clock) {
		out.Clock = clonedClock(draft.Clock)
	}
	if draft.Notify != old.Notify {
		out.Notify = draft.Notify
	}
	if draft.Predict != old.Predict {
		out.Predict = draft.Predict
	}
	if !sameServer(draft.Server, old.Server) {
		out.Server = draft.Server
		out.Server.Hosts = slices.Clone(draft.Server.Hosts)
	}
	if !sameSignIn(draft.SignIn, old.SignIn) {
		out.SignIn.Mode, out.SignIn.LockMinutes = draft.SignIn.Mode, draft.SignIn.LockMinutes
	}
	if draft.Alerts.SendSeconds != old.Alerts.SendSeconds {
		out.Alerts.SendSeconds = draft.Alerts.SendSeconds
	}
	if !slices.Equal(draft.Orders.CustomerPatterns, old.Orders.CustomerPatterns) {
		out.Orders.CustomerPatterns = slices.Clone(draft.Orders.CustomerPatterns)
	}
	for raw := range old.Orders.Statuses {
		if _, kept := draft.Orders.Statuses[raw]; !kept {
			delete(out.Orders.Statuses, raw)
		}
	}
	return out
}

func same(a, b core.Settings) bool {
	return a.General == b.General && a.Mail == b.Mail && a.OrderBook == b.OrderBook && a.Alerts.SendSeconds == b.Alerts.SendSeconds &&
		slices.Equal(a.Orders.CustomerPatterns, b.Orders.CustomerPatterns) && reflect.DeepEqual(a.Orders.Statuses, b.Orders.Statuses) &&
		sameClock(a.Clock, b.Clock) && a.Notify == b.Notify && a.Predict == b.Predict && sameServer(a.Server, b.Server) && sameSignIn(a.SignIn, b.SignIn)
}

func sameServer(a, b core.ServerSettings) bool {
	hosts := slices.Equal(a.Hosts, b.Hosts)
	a.Hosts, b.Hosts = nil, nil
	return hosts && reflect.DeepEqual(a, b)
}

// sameSignIn leaves out what no form sets: that the first start's question was put off.
func sameSignIn(a, b core.SignInSettings) bool {
	return a.Mode == b.Mode && a.LockMinutes == b.LockMinutes
}

func sameClock(a, b core.ClockSettings) bool {
	return a.Zone == b.Zone && a.AlwaysOpen == b.AlwaysOpen && a.HolidayICS == b.HolidayICS &&
		slices.Equal(a.Frames, b.Frames) && slices.Equal(a.Targets, b.Targets) && slices.Equal(a.StoppedBy, b.StoppedBy)
}

// isClock reports whether a problem is one of the reply clock's.
func isClock(name string) bool { return strings.HasPrefix(name, "clock.") }
