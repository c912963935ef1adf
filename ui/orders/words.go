package orders

import (
	"sort"
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// facts are the details that make a reason's text useful.
type facts struct {
	Count  int       // the breach's count now
	LastAt time.Time // when the breach was last mailed; zero if never
	Now    time.Time
}

// reasonText is the one place where a core.Reason becomes words. It is a clause that
// follows "sent:", "held:" or "not sent:".
func reasonText(r core.Reason, f facts) string {
	switch r {
	case core.ReasonNew:
		return kit.T("first alert for this month")
	case core.ReasonGrown:
		if f.Count == 0 {
			return kit.T("the count grew")
		}
		return kit.T("the count grew to %d", f.Count)
	case core.ReasonBacklog:
		return kit.T("it was there before, and you asked for it")
	case core.ReasonAlreadyMailed:
		switch {
		case f.LastAt.IsZero():
			return kit.T("the same orders are known already")
		case f.Count == 0:
			return kit.T("the same orders were mailed %s", kit.ShortTime(f.LastAt, f.Now))
		}
		return kit.T("the same %d orders were mailed %s", f.Count, kit.ShortTime(f.LastAt, f.Now))
	case core.ReasonGrownTooFew:
		return kit.T("it grew by less than the rule's step")
	case core.ReasonShrunk:
		return kit.T("there are fewer orders now than were mailed")
	case core.ReasonBaseline:
		return kit.T("it was there before this rule's first check")
	case core.ReasonOverCap:
		return kit.T("over this run's limit")
	case core.ReasonMuted:
		return kit.T("the customer is muted")
	case core.ReasonNoRecipient:
		return kit.T("nobody to send it to")
	case core.ReasonPaused:
		return kit.T("alerts are paused")
	}
	return string(r)
}

// actionOf is the action a reason belongs to.
func actionOf(r core.Reason) core.Action {
	switch r {
	case core.ReasonNew, core.ReasonGrown, core.ReasonBacklog:
		return core.ActionSend
	case core.ReasonBaseline, core.ReasonOverCap, core.ReasonNoRecipient, core.ReasonPaused:
		return core.ActionHold
	}
	return core.ActionSkip
}

// outcomeText puts a reason behind what was done because of it.
func outcomeText(a core.Action, r core.Reason, f facts) string {
	why := reasonText(r, f)
	switch a {
	case core.ActionSend:
		return kit.T("sent: %s", why)
	case core.ActionHold:
		return kit.T("held: %s", why)
	}
	return kit.T("not sent: %s", why)
}

// decisionText is one line of a breach's history, without its time.
func decisionText(d core.Decision, now time.Time) string {
	return outcomeText(d.Action, d.Reason, facts{Count: d.Count, LastAt: d.LastAt, Now: now})
}

// stateText is the chip of a breach: where it stands, in words.
func stateText(v core.BreachView, now time.Time) string {
	switch v.State {
	case core.ReasonNew, core.ReasonBacklog:
		return kit.T("the next check mails it")
	case core.ReasonGrown:
		return kit.T("grew: the next check mails it")
	case core.ReasonAlreadyMailed, core.ReasonGrownTooFew, core.ReasonShrunk:
		if v.LastAt.IsZero() {
			return kit.T("known, not mailed")
		}
		return kit.T("mailed %s", kit.ShortDay(v.LastAt, now))
	case core.ReasonBaseline:
		return kit.T("waits for your word")
	case core.ReasonMuted:
		return kit.T("muted")
	}
	return outcomeText(actionOf(v.State), v.State, facts{Count: v.Count, LastAt: v.LastAt, Now: now})
}

func stateTone(v core.BreachView) kit.Tone {
	switch v.State {
	case core.ReasonAlreadyMailed, core.ReasonGrownTooFew, core.ReasonShrunk:
		if v.LastAt.IsZero() {
			return kit.ToneMuted
		}
		return kit.ToneGood
	case core.ReasonMuted:
		return kit.ToneMuted
	case core.ReasonNew, core.ReasonGrown, core.ReasonBacklog:
		return kit.ToneAccent
	}
	return kit.ToneWarn
}

// checkText sums up an alert run in one line.
func checkText(r core.CheckResult) string {
	if r.Breaches == 0 {
		return kit.T("No customer reached a rule's threshold.")
	}
	parts := []string{kit.N("%s alert queued", "%s alerts queued", int64(r.Queued))}
	reasons := make([]core.Reason, 0, len(r.Skipped))
	for reason, n := range r.Skipped {
		if n > 0 {
			reasons = append(reasons, reason)
		}
	}
	sort.Slice(reasons, func(i, j int) bool {
		a, b := r.Skipped[reasons[i]], r.Skipped[reasons[j]]
		return a > b || a == b && reasons[i] < reasons[j]
	})
	for _, reason := range reasons {
		parts = append(parts, kit.Number(int64(r.Skipped[reason]))+" "+outcomeText(actionOf(reason), reason, facts{}))
	}
	return kit.N("%s breach", "%s breaches", int64(r.Breaches)) + ": " + strings.Join(parts, "; ") + "."
}

// deliveryText is the chip of a delivery.
func deliveryText(d core.Delivery, now time.Time) string {
	switch d.State {
	case core.DeliveryQueued:
		return kit.T("queued")
	case core.DeliverySending:
		return kit.T("sending")
	case core.DeliverySent:
		if d.Via == "sandbox" {
			return kit.T("in the sandbox")
		}
		return kit.T("sent")
	case core.DeliveryFailed:
		if d.NextTry.After(now) {
			return kit.T("failed, again %s", kit.ShortTime(d.NextTry, now))
		}
		return kit.T("failed, tried again soon")
	case core.DeliveryHeld:
		return kit.T("held")
	}
	return kit.T("given up")
}

// triesText says how often a delivery was tried and what came of the last try.
func triesText(d core.Delivery) string {
	if d.Attempts == 0 && d.LastReply == "" {
		return kit.T("Not tried yet.")
	}
	text := kit.N("Tried %s time.", "Tried %s times.", int64(d.Attempts))
	if d.State == core.DeliverySent && d.Via == "sandbox" {
		return text + " " + kit.T("The sandbox took the mail. Nothing left this machine.")
	}
	if d.LastReply != "" {
		text += " " + kit.T("Last reply: %s", strings.TrimSpace(d.LastReply))
	}
	return text
}

func deliveryTone(s core.DeliveryState) kit.Tone {
	switch s {
	case core.DeliverySent:
		return kit.ToneGood
	case core.DeliveryQueued, core.DeliverySending:
		return kit.ToneAccent
	case core.DeliveryFailed, core.DeliveryHeld:
		return kit.ToneWarn
	}
	return kit.ToneBad
}

// deliveryStateName names a state for the filter.
func deliveryStateName(s core.DeliveryState) string {
	switch s {
	case core.DeliveryQueued:
		return kit.T("Queued")
	case core.DeliverySending:
		return kit.T("Sending")
	case core.DeliverySent:
		return kit.T("Sent")
	case core.DeliveryFailed:
		return kit.T("Failed, tried again")
	case core.DeliveryHeld:
		return kit.T("Held")
	case core.DeliveryDead:
		return kit.T("Given up")
	}
	return kit.T("All states")
}

// fieldName is a field of an orders file in the window's language.
func fieldName(f core.Field) string {
	switch f {
	case core.FieldID:
		return kit.T("Order id")
	case core.FieldLine:
		return kit.T("Line id")
	case core.FieldCustomer:
		return kit.T("Customer")
	case core.FieldDate:
		return kit.T("Date")
	case core.FieldStatus:
		return kit.T("Status")
	case core.FieldAmount:
		return kit.T("Amount")
	case core.FieldName:
		return kit.T("Customer name")
	}
	return kit.T("Customer e-mail")
}
