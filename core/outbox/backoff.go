package outbox

import (
	"fmt"
	"time"

	"deskwatch/core"
)

// maxTries is after how many tries of one message it is given up.
const maxTries = 8

// waitAfter returns how long to wait after the given number of tries (1, 2, …): long enough
// for a greylisting server in the beginning, and for a night without service in the end.
func waitAfter(tries int) time.Duration {
	plan := [...]time.Duration{
		time.Minute, 5 * time.Minute, 15 * time.Minute,
		time.Hour, 4 * time.Hour, 12 * time.Hour,
	}
	return plan[min(max(tries, 1), len(plan))-1]
}

// longestRest is how long the outbox leaves a server alone at most. It is far shorter than
// the longest wait of a message, because a returning server can take everything at once.
const longestRest = 15 * time.Minute

// restAfter returns how long to leave the server alone after so many passes in a row that
// found no service (1, 2, …).
func restAfter(passes int) time.Duration { return min(waitAfter(passes), longestRest) }

// outcome turns what the sender said about a delivery into what the queue records. rest is
// how long a server without service is left alone.
func outcome(d core.Delivery, r core.SendReport, now time.Time, rest time.Duration) Finish {
	f := Finish{Reply: r.Reply, Via: r.Via, Raw: r.Raw, At: now, Tried: true}
	switch r.Outcome {
	case core.OutcomeSent:
		f.State = core.DeliverySent
	case core.OutcomeRefused:
		f.State = core.DeliveryDead
	case core.OutcomeHeld:
		f.State = core.DeliveryHeld
	case core.OutcomeNoService:
		f.State, f.Tried, f.NextTry = core.DeliveryFailed, false, now.Add(rest)
	default:
		tries := d.Attempts + 1
		if tries >= maxTries {
			f.State = core.DeliveryDead
			f.Reply = fmt.Sprintf("Given up after %d tries. The last one: %s", tries, r.Reply)
			break
		}
		f.State, f.NextTry = core.DeliveryFailed, now.Add(waitAfter(tries))
	}
	return f
}

// release gives a leased delivery back as it was before the lease. why is kept as its last
// reply; "" keeps the reply it has.
func release(d core.Delivery, now time.Time, why string) Finish {
	f := Finish{State: core.DeliveryQueued, Reply: why, At: now, NextTry: d.NextTry}
	if d.Attempts > 0 {
		f.State = core.DeliveryFailed
	}
	if why == "" {
		f.Reply = d.LastReply
	}
	return f
}
