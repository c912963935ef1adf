package predict

import "math"

// derived are the features computed from a ticket and the history up to a moment.
type derived int

const (
	dOwnerBad derived = iota
	dTeamBad
	dCustomerBad
	dProductBad
	dCategoryBad
	dTopicBad
	dOwnerTopicBad
	dCustomerEscalated
	dCustomerReopened
	dOwnerEscalated
	dCustomerOpen
	dCustomerRecent
	dCustomerGap
	dOwnerLoad
	dOwnerBusy
	dDeskBusy
	dSize
	dTone
	dReply
	dReplyTopic
	dReplyOwner
	dReplyCustomer
	dReplyOwnerTopic
	dWaited
	dWaitedTopic
	dWaitedOwner
	dWaitedCustomer
	dSilence
	dAge
	dReassigned
	dTeams
	dReopened
	dPriorities
	dSteps
	derivedCount
)

// How many outcomes or waits what is usual elsewhere counts for.
const (
	weightOutcomes = 20
	weightWaits    = 8
)

var missing = float32(math.NaN())

// derive writes the derived features of a ticket as it stands.
func (h *History) derive(v *view, out []float32) {
	for i := range out[:derivedCount] {
		out[i] = missing
	}
	keys := keysOf(v)
	all := h.known(0)
	h.deriveRates(keys, all, out)
	h.deriveLoad(v, keys, all, out)
	h.deriveWaits(v, keys, all, out)
	if t := v.life.Facts.Text; t.Size > 0 {
		out[dSize] = float32(math.Log1p(float64(t.Size)))
		out[dTone] = t.Tone
	}
	deriveAge(v, out)
	out[dReassigned] = float32(v.owners)
	out[dTeams] = float32(v.teams)
	out[dReopened] = float32(v.reopened)
	out[dPriorities] = float32(v.priorities)
	out[dSteps] = float32(min(v.steps, 20))
}

// deriveAge writes age and silence. Right after the first reply the age is the wait for it, which is
// a feature of its own, and with a reply at a time that cannot be true nobody knows when now is.
func deriveAge(v *view, out []float32) {
	age := float64(max(v.at-v.life.Created, 0))
	if v.life.Created <= 0 || v.replied && math.IsNaN(v.reply) {
		return
	}
	if !v.replied || age-v.reply >= hourSeconds {
		out[dAge] = float32(math.Log1p(age / hourSeconds))
	}
	out[dSilence] = float32(math.Log1p(float64(max(v.at-v.lastStep, 0)) / hourSeconds))
}

func (h *History) deriveRates(keys [subjects]uint64, all *tally, out []float32) {
	if all.outcomes < weightOutcomes {
		return
	}
	base := all.badRate(0, 0)
	rate := func(f derived, s subject, elsewhere float64) float64 {
		if keys[s] == 0 {
			return elsewhere
		}
		r := h.known(keys[s]).badRate(elsewhere, weightOutcomes)
		out[f] = float32(r)
		return r
	}
	owner := rate(dOwnerBad, ofOwner, base)
	rate(dTeamBad, ofTeam, base)
	rate(dProductBad, ofProduct, base)
	category := rate(dCategoryBad, ofCategory, base)
	rate(dTopicBad, ofTopic, category)
	rate(dOwnerTopicBad, ofOwnerTopic, owner)
	if keys[ofCustomer] != 0 {
		t := h.known(keys[ofCustomer])
		// A customer has few outcomes. Drawn less to what is usual lately, or not compared with that,
		// they would say when its tickets came rather than whose they are.
		out[dCustomerBad] = float32(t.badRate(base, weightOutcomes))
		beyond := func(n, of float32) float32 { return (n - t.outcomes*of/all.outcomes) / (t.outcomes + weightOutcomes) }
		out[dCustomerEscalated] = beyond(t.escalated, all.escalated)
		out[dCustomerReopened] = beyond(t.reopened, all.reopened)
	}
	if keys[ofOwner] != 0 {
		t := h.known(keys[ofOwner])
		out[dOwnerEscalated] = float32((float64(t.escalated) + weightOutcomes*float64(all.escalated/all.outcomes)) / (float64(t.outcomes) + weightOutcomes))
	}
}

func (h *History) deriveLoad(v *view, keys [subjects]uint64, all *tally, out []float32) {
	if v.at <= 0 {
		return
	}
	if keys[ofCustomer] != 0 {
		t := h.known(keys[ofCustomer])
		// Where sources do not tell when tickets are closed, nobody knows how many are open.
		if 2*all.closed > all.arrived {
			out[dCustomerOpen] = float32(min(t.open, 20))
		}
		fast, _ := t.heat(v.at)
		out[dCustomerRecent] = fast
		last := t.last
		if last == v.life.Created {
			last = t.before
		}
		if last > 0 && last <= v.at {
			out[dCustomerGap] = float32(math.Log1p(float64(v.at-last) / hourSeconds))
		}
	}
	if keys[ofOwner] != 0 {
		fast, slow := h.known(keys[ofOwner]).heat(v.at)
		out[dOwnerLoad] = fast
		out[dOwnerBusy] = busy(fast, slow)
	}
	out[dDeskBusy] = busy(all.heat(v.at))
}

// busy compares what came lately with what is usual.
func busy(fast, slow float32) float32 {
	const days = float32(heatSlow) / heatFast // what the slow one holds of an even stream
	return (fast + 1) / (slow/days + 1)
}

func (h *History) deriveWaits(v *view, keys [subjects]uint64, all *tally, out []float32) {
	if v.life.Created <= 0 {
		return
	}
	own, waited := math.NaN(), 0.0
	first := dWaited
	switch {
	case !v.replied:
		waited = logWait(float64(max(v.at-v.life.Created, 0)))
	case math.IsNaN(v.reply):
		return
	default:
		own = logWait(v.reply)
		waited = own
		first = dReply
	}
	out[first] = float32(waited)
	usual := all.usualWait(own, math.NaN(), 0)
	if math.IsNaN(usual) {
		return
	}
	set := func(f derived, s subject, elsewhere float64) float64 {
		u := elsewhere
		if keys[s] != 0 {
			u = h.known(keys[s]).usualWait(own, elsewhere, weightWaits)
			out[f] = float32(waited - u)
		}
		return u
	}
	topic := set(first+1, ofTopic, h.known(keys[ofCategory]).usualWait(own, usual, weightWaits))
	owner := set(first+2, ofOwner, usual)
	set(first+3, ofCustomer, usual)
	if v.replied {
		set(dReplyOwnerTopic, ofOwnerTopic, (topic+owner)/2)
	}
}
