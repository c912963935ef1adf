package ui

import (
	"deskwatch/core"
	"deskwatch/ui/kit"
)

// places are the tabs that are open to who sits here.
func (s *Shell) places() []place {
	var list []place
	for _, p := range places() {
		if s.opens(p.id) {
			list = append(list, p)
		}
	}
	return list
}

// opens reports whether a tab is open to who sits here.
func (s *Shell) opens(tab string) bool {
	switch tab {
	case kit.TabOverview, kit.TabTickets:
		return s.May(core.ReadTickets)
	case kit.TabOrders:
		return s.May(core.ReadOrders)
	case kit.TabUsers:
		return s.May(core.ReadUsers)
	case kit.TabLogs:
		return s.May(core.ReadLogs)
	case kit.TabSettings:
		return s.May(core.ReadSettings) || s.May(core.SetOwnWindow)
	}
	return false
}
