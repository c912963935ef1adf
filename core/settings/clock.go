package settings

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"deskwatch/core"
)

// Bounds of the lists of the clock, and of its texts.
const (
	maxFrames        = 100
	maxTargets       = 200
	maxTargetMinutes = 100_000
	maxText          = 200
	maxPath          = 4096
)

func (c *checker) clock(s core.ClockSettings) {
	if _, err := time.LoadLocation(s.Zone); err != nil {
		c.bad("clock.zone", "%q is not a time zone. Write it as Europe/Madrid, or leave it empty for this machine's.", s.Zone)
	}
	c.frames(s)
	if len(s.HolidayICS) > maxPath || strings.ContainsFunc(s.HolidayICS, control) {
		c.bad("clock.holidays", "The path of the holidays file has a line break in it or is too long. Choose the file again.")
	}
	c.targets(s.Targets)
	for _, status := range s.StoppedBy {
		if !slices.Contains(core.TicketStatuses(), status) {
			c.bad("clock.stopped_by", "What stops the clock must be a ticket status; %s is none.", status)
		}
	}
}

func (c *checker) frames(s core.ClockSettings) {
	const name = "clock.frames"
	switch {
	case len(s.Frames) == 0 && !s.AlwaysOpen:
		c.bad(name, "Give at least one day business hours, or let every hour count; otherwise no answer is ever due.")
	case len(s.Frames) > maxFrames:
		c.bad(name, "There are %d business hours. Use at most %d.", len(s.Frames), maxFrames)
		return
	}
	for _, f := range s.Frames {
		if f.Day < time.Sunday || f.Day > time.Saturday {
			c.bad(name, "Business hours name the day of the week by a number from 0, Sunday, to 6, Saturday; %d is not one.", f.Day)
			return
		}
		if f.From < 0 || f.From >= f.To || f.To > 24*60 {
			c.bad(name, "The business hours of %s from %s to %s cannot be used. They begin before they end, between 00:00 and 24:00.", f.Day, clockTime(f.From), clockTime(f.To))
			return
		}
	}
	sorted := slices.SortedFunc(slices.Values(s.Frames), func(a, b core.BusinessFrame) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.From, b.From))
	})
	for i := 1; i < len(sorted); i++ {
		if a, b := sorted[i-1], sorted[i]; a.Day == b.Day && b.From < a.To {
			c.bad(name, "Two business hours of %s overlap at %s. Join them, or let one begin later.", a.Day, clockTime(b.From))
			return
		}
	}
}

// clockTime writes minutes since midnight as 09:30.
func clockTime(minutes int) string {
	if minutes < 0 {
		return fmt.Sprintf("minute %d", minutes)
	}
	return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
}

func (c *checker) targets(list []core.ReplyTarget) {
	const name = "clock.targets"
	if len(list) > maxTargets {
		c.bad(name, "There are %d reply targets. Use at most %d.", len(list), maxTargets)
		return
	}
	for i, t := range list {
		_, err := core.ParsePriority(t.Priority)
		switch {
		case err != nil && t.Priority != core.PriorityAny:
			c.bad(name, "%q is not a priority for reply target %d. Use none, low, normal, high, urgent or any.", t.Priority, i+1)
		case t.Minutes < 0 || t.Minutes > maxTargetMinutes:
			c.bad(name, "Reply target %d must be between 0 and %d minutes; %d is not.", i+1, maxTargetMinutes, t.Minutes)
		case len(t.Product) > maxText || strings.ContainsFunc(t.Product, control):
			c.bad(name, "The product of reply target %d has a line break in it or is too long. Write it as the tickets name it.", i+1)
		default:
			continue
		}
		return
	}
}

func (c *checker) notify(s core.NotifySettings) {
	if len(s.Me) > maxText || strings.ContainsFunc(s.Me, control) {
		c.bad("notify.me", "The name of who sits here has a line break in it or is too long. Choose one of the people.")
	}
	c.within("notify.risk_from", "The risk from which an escalation is likely", s.RiskFrom, 1, 100)
	c.within("notify.tough_from", "The score from which a customer is tough", s.ToughFrom, 1, 100)
	c.within("notify.burst", "The seconds whose news is told together", s.BurstSecs, 0, 300)
	c.within("notify.lead_after", "The minutes after which the lead hears of a due reply", s.LeadMinutes, 0, 240)
}

func control(r rune) bool { return r < ' ' || r == 0x7f }
