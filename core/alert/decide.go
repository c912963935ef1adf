package alert

import (
	"cmp"
	"net/mail"
	"slices"
	"strings"
	"time"

	"deskwatch/core"
)

// Options are the circumstances of a decision that no single breach has.
type Options struct {
	Paused      bool // alerts are paused: nothing new is queued
	SendBacklog bool // what was there before the rule's first run is sent as well
}

// Decide says what to do about one breach, and why. It has no clock and no I/O; the cap of a
// run is applied afterwards, because it depends on the other breaches.
//
// last is what the ledger remembers, nil for nothing. Three kinds are told apart:
// Mailed, it was mailed with last.Count orders; not Mailed with a count, it was there at the
// rule's first run and nobody has asked for it; not Mailed with count 0, it was there and the
// user asked for it (SendBacklog), but that run could not take it, so any later run sends it.
//
// A mute comes before everything. A pause and a missing recipient hold back only what would
// be sent, so that history keeps saying "already mailed" meanwhile.
func Decide(rule core.Rule, b core.Breach, last *core.Alerted, muted bool, opt Options) (core.Action, core.Reason) {
	if muted {
		return core.ActionSkip, core.ReasonMuted
	}
	action, reason := fromHistory(rule, b.Count, last, opt.SendBacklog)
	switch {
	case action != core.ActionSend:
		return action, reason
	case len(Recipients(rule, b)) == 0:
		return core.ActionHold, core.ReasonNoRecipient
	case opt.Paused:
		return core.ActionHold, core.ReasonPaused
	}
	return action, reason
}

func fromHistory(rule core.Rule, count int, last *core.Alerted, sendBacklog bool) (core.Action, core.Reason) {
	switch {
	case last == nil && rule.BaselineAt == nil && sendBacklog:
		return core.ActionSend, core.ReasonBacklog
	case last == nil && rule.BaselineAt == nil:
		return core.ActionHold, core.ReasonBaseline
	case last == nil:
		return core.ActionSend, core.ReasonNew
	}
	grown := rule.Step > 0 && count-last.Count >= rule.Step
	switch {
	case !last.Mailed && (sendBacklog || last.Count == 0):
		return core.ActionSend, core.ReasonBacklog
	case grown && rule.BaselineAt == nil && !sendBacklog:
		// The rule begins anew because it counts other orders now: that is no growth.
		return core.ActionHold, core.ReasonBaseline
	case grown:
		return core.ActionSend, core.ReasonGrown
	case !last.Mailed:
		return core.ActionHold, core.ReasonBaseline
	case count == last.Count:
		return core.ActionSkip, core.ReasonAlreadyMailed
	case count > last.Count:
		return core.ActionSkip, core.ReasonGrownTooFew
	}
	return core.ActionSkip, core.ReasonShrunk
}

// Query is the rule's condition as it is put to an order book.
func Query(rule core.Rule) core.BreachQuery {
	return core.BreachQuery{Statuses: rule.Statuses, Threshold: rule.Threshold, Days: rule.Days}
}

// Recipients lists who is told of the breach: the customer first, then the rule's fixed
// addresses, each mailbox once. An address no mail could reach is left out.
func Recipients(rule core.Rule, b core.Breach) []string {
	var wanted []string
	if rule.ToCustomer {
		wanted = append(wanted, b.Email)
	}
	wanted = append(wanted, rule.ToFixed...)
	var list []string
	seen := map[string]bool{}
	for _, w := range wanted {
		addr, ok := mailbox(w)
		if key := strings.ToLower(addr); ok && !seen[key] {
			seen[key] = true
			list = append(list, addr)
		}
	}
	return list
}

// mailbox returns the bare address in text; ok is false when text is anything else.
func mailbox(text string) (addr string, ok bool) {
	text = strings.TrimSpace(text)
	a, err := mail.ParseAddress(text)
	return text, err == nil && a.Address == text
}

// verdict is a breach with what a run does about it.
type verdict struct {
	breach core.Breach
	last   *core.Alerted
	action core.Action
	reason core.Reason
}

// decideAll decides about all breaches of a rule and applies the cap: newest month first,
// then the larger count, then by customer. The verdicts come in that order.
func decideAll(rule core.Rule, breaches []core.Breach, known map[Key]core.Alerted, muted map[string]bool, opt Options, limit int) []verdict {
	list := make([]verdict, len(breaches))
	for i, b := range breaches {
		v := verdict{breach: b}
		if a, ok := known[Key{b.Customer, b.Period}]; ok {
			v.last = &a
		}
		v.action, v.reason = Decide(rule, b, v.last, muted[b.Customer], opt)
		list[i] = v
	}
	slices.SortFunc(list, func(x, y verdict) int { return byUrgency(x.breach, y.breach) })
	for i := range list {
		if list[i].action != core.ActionSend {
			continue
		}
		if limit <= 0 {
			list[i].action, list[i].reason = core.ActionHold, core.ReasonOverCap
		}
		limit--
	}
	return list
}

func byUrgency(a, b core.Breach) int {
	return cmp.Or(cmp.Compare(b.Period, a.Period), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Customer, b.Customer))
}

// mutedNow is the set of customers whose mute is in force at now.
func mutedNow(mutes []core.Mute, now time.Time) map[string]bool {
	set := map[string]bool{}
	for _, m := range mutes {
		if m.Until.IsZero() || now.Before(m.Until) {
			set[m.Customer] = true
		}
	}
	return set
}
