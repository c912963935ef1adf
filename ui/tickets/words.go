package tickets

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2/theme"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

func undoWord() string { return kit.T("Undo") }

func savedText(name string) string   { return kit.T("The filter %s is saved.", name) }
func deletedText(name string) string { return kit.T("The filter %s is deleted.", name) }

func markedText(kind core.AttentionKind, n int) string {
	if kind == core.Snooze {
		return kit.N("%s ticket is snoozed.", "%s tickets are snoozed.", int64(n))
	}
	return kit.N("%s ticket is acknowledged.", "%s tickets are acknowledged.", int64(n))
}

func unmarkedText(kind core.AttentionKind, n int) string {
	if kind == core.Snooze {
		return kit.N("%s ticket is no longer snoozed.", "%s tickets are no longer snoozed.", int64(n))
	}
	return kit.N("%s ticket is no longer acknowledged.", "%s tickets are no longer acknowledged.", int64(n))
}

func assignedText(owner string, n int) string {
	if owner == "" {
		return kit.N("%s ticket has the owner its source names.", "%s tickets have the owner their source names.", int64(n))
	}
	return kit.T("%s given to %s.", countText(n), owner)
}

func countText(n int) string { return kit.N("%s ticket", "%s tickets", int64(n)) }

func flaggedText(tough bool) string {
	if tough {
		return kit.T("The customer is flagged as tough.")
	}
	return kit.T("The customer is flagged as fine.")
}

// rawStatus is the source's spelling where it says something else than the status, compared
// without case and signs: "On-Hold" is "held" to the core, and no news to anybody.
func rawStatus(t core.Ticket) string {
	raw := letters(t.RawStatus)
	if raw == "" || raw == letters(t.Status.String()) || raw == letters(kit.TicketStatus(t.Status)) || raw == letters("on hold") && t.Status == core.TicketHeld {
		return ""
	}
	return t.RawStatus
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '_' {
			return -1
		}
		return r
	}, strings.ToLower(strings.TrimSpace(s)))
}

func statusTone(s core.TicketStatus) kit.Tone {
	switch s {
	case core.TicketNew:
		return kit.ToneAccent
	case core.TicketOpen, core.TicketOther:
		return kit.ToneNormal
	}
	return kit.ToneMuted
}

func priorityTone(p core.Priority) kit.Tone {
	switch p {
	case core.PriorityUrgent:
		return kit.ToneBad
	case core.PriorityHigh:
		return kit.ToneWarn
	case core.PriorityLow:
		return kit.ToneMuted
	}
	return kit.ToneNormal
}

// dueText says how the first-reply clock stands, for a narrow column.
func dueText(v *core.TicketView, now time.Time) string {
	switch v.Clock {
	case core.ClockRunning, core.ClockAmber:
		if v.Due.Sub(now) < time.Minute {
			return kit.T("due now")
		}
		return kit.T("in %s", kit.Span(v.Due.Sub(now)))
	case core.ClockRed:
		if now.Sub(v.Due) < time.Minute {
			return kit.T("due now")
		}
		return kit.T("late %s", kit.Span(now.Sub(v.Due)))
	case core.ClockStopped:
		return kit.T("clock stands")
	case core.ClockMet:
		return kit.T("in time")
	case core.ClockMissed:
		return kit.T("was late")
	}
	return ""
}

// clockSentence says the same with the moment, for the pane.
func clockSentence(v *core.TicketView, now time.Time) string {
	due := kit.When(v.Due.Local(), now.Local())
	switch v.Clock {
	case core.ClockRunning, core.ClockAmber:
		return kit.T("The first reply is due %s: %s.", due, dueText(v, now))
	case core.ClockRed:
		return kit.T("The first reply was due %s: %s.", due, dueText(v, now))
	case core.ClockStopped:
		return kit.T("The clock stands while the ticket is %s.", kit.TicketStatus(v.Status))
	case core.ClockMet:
		return kit.T("The first reply came in time.")
	case core.ClockMissed:
		return kit.T("The first reply came too late; it was due %s.", due)
	}
	return kit.T("No reply target applies to this ticket.")
}

func clockTone(c core.ClockState) kit.Tone {
	switch c {
	case core.ClockAmber:
		return kit.ToneWarn
	case core.ClockRed:
		return kit.ToneBad
	case core.ClockRunning:
		return kit.ToneNormal
	}
	return kit.ToneMuted
}

func clockStyle(c core.ClockState) kit.Style {
	s := kit.Style{Tone: clockTone(c)}
	switch c {
	case core.ClockAmber:
		s.Icon = theme.WarningIcon()
	case core.ClockRed:
		s.Icon = theme.ErrorIcon()
	}
	return s
}

// momentText says what a prediction was made after.
func momentText(m core.Moment) string {
	switch m {
	case core.MomentArrival:
		return kit.T("on arrival")
	case core.MomentReply:
		return kit.T("after the first reply")
	case core.MomentEvent:
		return kit.T("after a change")
	}
	return kit.T("as time went by")
}

// sentence makes a sentence of words that begin small.
func sentence(words string) string {
	if words == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[size:] + "."
}

// untilText says how long a mark or a flag holds.
func untilText(until, now time.Time) string {
	if until.IsZero() {
		return kit.T("until it is taken back")
	}
	return kit.T("until %s", kit.When(until.Local(), now.Local()))
}

// attentionText is what stands in the pane of a ticket that was acknowledged or snoozed.
func attentionText(a core.Attention, now time.Time) string {
	at, until := kit.ShortTime(a.At, now), untilText(a.Until, now)
	text := ""
	switch {
	case a.Kind == core.Snooze && a.By != "":
		text = kit.T("Snoozed by %s %s, %s.", a.By, at, until)
	case a.Kind == core.Snooze:
		text = kit.T("Snoozed %s, %s.", at, until)
	case a.By != "":
		text = kit.T("Acknowledged by %s %s, %s.", a.By, at, until)
	default:
		text = kit.T("Acknowledged %s, %s.", at, until)
	}
	return text + quoted(a.Comment)
}

// flagText is a person's word on a customer.
func flagText(f core.ToughFlag, now time.Time) string {
	at, until := kit.ShortDay(f.At, now), untilText(f.Until, now)
	text := ""
	switch {
	case f.Tough && f.By != "":
		text = kit.T("Flagged as tough by %s %s, %s.", f.By, at, until)
	case f.Tough:
		text = kit.T("Flagged as tough %s, %s.", at, until)
	case f.By != "":
		text = kit.T("Flagged as fine by %s %s, %s.", f.By, at, until)
	default:
		text = kit.T("Flagged as fine %s, %s.", at, until)
	}
	return text + quoted(f.Note)
}

// quoted is what somebody wrote, behind a sentence.
func quoted(text string) string {
	if text == "" {
		return ""
	}
	return " “" + text + "”"
}

// eventText is one line of a ticket's history.
func eventText(e core.TicketEvent) string {
	change := func(what string) string {
		switch {
		case e.From == "" && e.To == "":
			return what
		case e.From == "":
			return what + ": " + e.To
		case e.To == "":
			return what + ": " + e.From + " › " + kit.T("none")
		}
		return what + ": " + e.From + " › " + e.To
	}
	switch e.Kind {
	case core.TicketCreated:
		return kit.T("Created")
	case core.TicketStatusEvent:
		return change(kit.T("Status"))
	case core.TicketPriority:
		return change(kit.T("Priority"))
	case core.TicketOwner:
		return change(kit.T("Owner"))
	case core.TicketEscalated:
		return kit.T("Escalated")
	case core.TicketReopened:
		return kit.T("Reopened")
	case core.TicketReplied:
		return kit.T("First reply")
	case core.TicketClosedEvent:
		return kit.T("Closed")
	case core.TicketRated:
		return change(kit.T("Rating"))
	case core.TicketGone:
		return kit.T("Gone from its source")
	case core.TicketReturned:
		return kit.T("In its source again")
	}
	return string(e.Kind)
}

func eventTone(k core.TicketEventKind) kit.Tone {
	switch k {
	case core.TicketEscalated, core.TicketReopened:
		return kit.ToneWarn
	case core.TicketGone:
		return kit.ToneMuted
	}
	return kit.ToneNormal
}

// linkText says where a link between two customers stands.
func linkText(l core.CustomerLink) string {
	switch l.State {
	case core.LinkSure:
		return kit.T("%d %% sure: %s", l.Confidence, whyText(l.Why))
	case core.LinkProposed:
		return kit.T("perhaps, %d %%: %s", l.Confidence, whyText(l.Why))
	case core.LinkRefused:
		return kit.T("somebody said: not the same customer")
	}
	if l.Why != "" && l.Basis != core.JoinByHand {
		return kit.T("confirmed: %s", whyText(l.Why))
	}
	return kit.T("joined by hand")
}

// ratingText writes a rating of 1 to 5.
func ratingText(n int) string {
	if n <= 0 {
		return ""
	}
	return kit.T("%d of 5", n)
}

// isWeb reports whether an address may be given to the browser.
func isWeb(address string) bool {
	return strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
}
