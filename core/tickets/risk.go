package tickets

import (
	"fmt"
	"time"

	"deskwatch/core"
)

// The risk of a ticket is 100·(1−e^−x), where x adds up what speaks for a bad end: each fact
// alone would make about 100·(1−e^−weight) percent end badly, and facts do not depend on each
// other. The weights are rules of thumb, in force until a model is trained on the desk's own
// ratings and escalations; none of them was fitted to data.
const (
	riskAlways    = 0.04 // any ticket may end badly
	riskEscalated = 1.20 // what is feared has half happened: 70 % alone
	riskRed       = 0.35 // nobody answered in time, and still nobody did
	riskMissed    = 0.15 // answered, too late
	riskAmber     = 0.12
	riskUrgent    = 0.18
	riskHigh      = 0.08
	riskReopened  = 0.20 // each time, three at most
	riskTough     = 0.70 // of a customer with a score of 100: 50 % alone
	riskBadOrder  = 0.12 // each of this month, five at most
	riskUnowned   = 0.10
	riskSilentDay = 0.02 // each day after the second without a change, at most ten
	riskOldDay    = 0.01 // each day after the seventh since it was created, at most thirty

	countedReopened, countedBadOrders, countedSilent, countedOld = 3, 5, 10, 30
	calmSilent, calmOld                                          = 2, 7 // days
)

// The reasons of a risk, by core.NamedReason.Reason. They never change.
const (
	ReasonAlways    = "always"
	ReasonEscalated = "escalated"
	ReasonOverdue   = "reply_overdue" // of the clock
	ReasonLate      = "reply_late"
	ReasonDue       = "reply_due"
	ReasonUrgent    = "urgent" // of the priority
	ReasonHigh      = "high"
	ReasonReopened  = "reopened"
	ReasonTough     = "tough"
	ReasonOrders    = "orders"
	ReasonUnowned   = "unowned"
	ReasonSilence   = "silence"
	ReasonAge       = "age"
)

// riskWeights are the weights of in, in the order of the reasons of Risk.
func riskWeights(in RiskInput) (w [10]float64) {
	w[0] = riskAlways
	if in.Escalated {
		w[1] = riskEscalated
	}
	switch in.Clock {
	case core.ClockRed:
		w[2] = riskRed
	case core.ClockMissed:
		w[2] = riskMissed
	case core.ClockAmber:
		w[2] = riskAmber
	}
	switch in.Priority {
	case core.PriorityUrgent:
		w[3] = riskUrgent
	case core.PriorityHigh:
		w[3] = riskHigh
	}
	w[4] = riskReopened * float64(min(max(in.Reopened, 0), countedReopened))
	w[5] = riskTough * float64(min(max(in.Tough, 0), 100)) / 100
	w[6] = riskBadOrder * float64(min(max(in.BadOrders, 0), countedBadOrders))
	if in.Unowned {
		w[7] = riskUnowned
	}
	// While the desk waits for the customer, the silence is the customer's own.
	if in.Status != core.TicketPending {
		w[8] = riskSilentDay * daysBeyond(in.Silence, calmSilent, countedSilent)
	}
	w[9] = riskOldDay * daysBeyond(in.Age, calmOld, countedOld)
	return w
}

// daysBeyond are the days of d beyond calm, at most most.
func daysBeyond(d time.Duration, calm, most float64) float64 {
	return min(max(d.Hours()/24-calm, 0), most)
}

// RiskPercent is how likely a ticket ends badly, 0 to 100; 0 for one that is done. It builds no
// texts, for callers with many tickets. A flag on the customer is the caller's to put into
// in.Tough, and a ticket that is gone is the caller's to leave out.
func RiskPercent(in RiskInput) int {
	if in.Status.Done() {
		return 0
	}
	w := riskWeights(in)
	return saturated(w[:])
}

// Risk is RiskPercent with what it is made of, the heaviest first; the points add up to the
// percent. A ticket that is done has no reasons.
func Risk(in RiskInput, now time.Time) (percent int, reasons []core.NamedReason) {
	if in.Status.Done() {
		return 0, []core.NamedReason{}
	}
	w := riskWeights(in)
	percent = saturated(w[:])
	silent, old := int(in.Silence.Hours()/24), int(in.Age.Hours()/24)
	return percent, apportioned(percent, w[:], []core.NamedReason{
		{Reason: ReasonAlways, Text: "any ticket may end badly"},
		{Reason: ReasonEscalated, Text: "it is escalated"},
		clockReason(in.Clock),
		priorityReason(in.Priority),
		{Reason: ReasonReopened, Count: in.Reopened, Text: "reopened " + counted(in.Reopened, "time", "times")},
		{Reason: ReasonTough, Count: in.Tough, Text: fmt.Sprintf("a customer with a history (%d of 100)", in.Tough)},
		{Reason: ReasonOrders, Count: in.BadOrders, Text: counted(in.BadOrders, "order", "orders") + " cancelled or returned this month"},
		{Reason: ReasonUnowned, Text: "nobody owns it"},
		{Reason: ReasonSilence, Count: silent, Text: "nothing happened since " + now.Add(-in.Silence).Format("2006-01-02")},
		{Reason: ReasonAge, Count: old, Text: "open for " + counted(old, "day", "days")},
	})
}

func clockReason(s core.ClockState) core.NamedReason {
	switch s {
	case core.ClockRed:
		return core.NamedReason{Reason: ReasonOverdue, Text: "the first reply is overdue"}
	case core.ClockMissed:
		return core.NamedReason{Reason: ReasonLate, Text: "the first reply came too late"}
	}
	return core.NamedReason{Reason: ReasonDue, Text: "the first reply is due soon"}
}

func priorityReason(p core.Priority) core.NamedReason {
	if p == core.PriorityUrgent {
		return core.NamedReason{Reason: ReasonUrgent, Text: "it is urgent"}
	}
	return core.NamedReason{Reason: ReasonHigh, Text: "its priority is high"}
}
