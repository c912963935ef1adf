package notify

import (
	"cmp"
	"slices"
	"time"

	"deskwatch/core"
)

const (
	// catchUpAfter is how long news may have waited before it is told as what happened
	// meanwhile: the machine slept, or nobody watched.
	catchUpAfter = 10 * time.Minute
	// tooLate is how long news waits for a desk that nobody opens; after that it is no news.
	tooLate = 7 * 24 * time.Hour
	// mailTogether is for how long mail is collapsed at least.
	mailTogether = 2 * time.Minute
)

// How notices were told, or why not: Notice.How. They are stored: never rename one.
const (
	HowSingle  = "single"
	HowBurst   = "burst"   // with others that came within seconds
	HowSummary = "summary" // after quiet hours, a pause, or a time nobody watched
	HowSettled = "settled" // not told: it was done with before anybody could hear of it
	HowLate    = "late"    // not told: nobody opened the desk for a week
)

// Rules are the circumstances of telling.
type Rules struct {
	Burst       time.Duration // what comes within it is told together
	Paused      bool
	PausedUntil time.Time // zero: until resumed
	Zone        *time.Location
	// AtRiskMailed are the people who had their mail about tickets at risk today: of those that come
	// on the list later they hear by mail on the next day.
	AtRiskMailed map[string]bool
}

// Telling is what one ear hears now.
type Telling struct {
	Ear     Ear
	How     string        // HowSingle, HowBurst or HowSummary
	Notices []core.Notice // the most pressing first
}

// Verdict is what to do about what waits.
type Verdict struct {
	Tell []Telling
	Late []core.Notice // waited too long, or for somebody who cannot be reached any more
	Next time.Time     // when to decide again, for what still waits; zero: when there is more
}

// Teller decides when people are told. It is a state machine without a clock or I/O; what waits
// is given to it each time, so that it has little to forget when the program ends.
//
// The first news after a rest is told at once. For the length of a burst after it news is
// gathered, and told together at its end, which begins the next burst: nobody is disturbed more
// often than once a burst, and nobody hears later than a burst of what came first. In quiet
// hours and while alerts are paused everything waits, and becomes one ranked summary. Of tickets at
// risk nobody has more than one mail a day.
type Teller struct {
	ears map[earKey]*earState
}

type earKey struct{ person, via string }

type earState struct {
	burstEnds time.Time
	held      bool // something waited for the end of quiet hours or of a pause
}

// NewTeller returns a Teller to which everybody has rested.
func NewTeller() *Teller { return &Teller{ears: map[earKey]*earState{}} }

// Decide says who is told what now of all that waits. The caller tells it and marks it told;
// what it does not mark comes again.
func (t *Teller) Decide(now time.Time, waiting []core.Notice, ears []Ear, r Rules) Verdict {
	var v Verdict
	for key := range t.ears { // of somebody who was removed
		if !slices.ContainsFunc(ears, func(e Ear) bool { return key == earKey{e.Person, e.Via} }) {
			delete(t.ears, key)
		}
	}
	lists := make([][]core.Notice, len(ears))
	for _, n := range waiting {
		i := earOf(n, ears)
		if i < 0 || now.Sub(n.At) > tooLate {
			v.Late = append(v.Late, n)
			continue
		}
		if n.Kind == core.NoticeAtRisk && n.Via == core.ViaMail && r.AtRiskMailed[n.Person] {
			continue
		}
		lists[i] = append(lists[i], n)
	}
	for i, list := range lists {
		if len(list) == 0 {
			continue
		}
		telling, wait := t.decide(now, list, ears[i], r)
		if len(telling.Notices) > 0 {
			v.Tell = append(v.Tell, telling)
		} else if !wait.IsZero() && (v.Next.IsZero() || wait.Before(v.Next)) {
			v.Next = wait
		}
	}
	return v
}

func (t *Teller) decide(now time.Time, list []core.Notice, ear Ear, r Rules) (Telling, time.Time) {
	key := earKey{ear.Person, ear.Via}
	st := t.ears[key]
	if st == nil {
		st = &earState{}
		t.ears[key] = st
	}
	if r.Paused && (r.PausedUntil.IsZero() || now.Before(r.PausedUntil)) {
		st.held = true
		return Telling{}, r.PausedUntil
	}
	if end := quietUntil(ear.Quiet, now, r.Zone); !end.IsZero() {
		st.held = true
		return Telling{}, end
	}
	burst := r.Burst
	if ear.Via == core.ViaMail {
		burst = max(burst, mailTogether)
	}
	// A burst that ends later than one lasts means that the clock was set back: it is over.
	if left := st.burstEnds.Sub(now); left > 0 && left <= burst {
		return Telling{}, st.burstEnds
	}
	telling := Telling{Ear: ear, Notices: slices.Clone(list)}
	slices.SortStableFunc(telling.Notices, func(a, b core.Notice) int { return cmp.Compare(b.Rank, a.Rank) })
	switch {
	case st.held || now.Sub(oldest(list)) > catchUpAfter:
		telling.How = HowSummary
	case len(telling.Tickets()) > 1:
		telling.How = HowBurst
	default:
		telling.How = HowSingle
	}
	st.held, st.burstEnds = false, now.Add(burst)
	return telling, time.Time{}
}

func oldest(list []core.Notice) time.Time {
	at := list[0].At
	for _, n := range list {
		if n.At.Before(at) {
			at = n.At
		}
	}
	return at
}

// Since is when the oldest of it happened.
func (t Telling) Since() time.Time { return oldest(t.Notices) }

// Tickets are the notices, one for each ticket: its most pressing one.
func (t Telling) Tickets() []core.Notice {
	seen := make(map[core.TicketKey]bool, len(t.Notices))
	list := make([]core.Notice, 0, len(t.Notices))
	for _, n := range t.Notices {
		if !seen[n.Key] {
			seen[n.Key] = true
			list = append(list, n)
		}
	}
	return list
}

// Open are the tickets it is about, the most pressing first, at most 100.
func (t Telling) Open() []uint32 {
	list := t.Tickets()
	nos := make([]uint32, 0, min(len(list), 100))
	for _, n := range list[:min(len(list), 100)] {
		nos = append(nos, n.TicketNo)
	}
	return nos
}

// Urgent reports whether something of it cannot wait: a due reply, an escalation, or one that is
// likely.
func (t Telling) Urgent() bool {
	return slices.ContainsFunc(t.Notices, func(n core.Notice) bool {
		return n.Kind == core.NoticeReplyDue || n.Kind == core.NoticeEscalation || n.Kind == core.NoticeAtRisk
	})
}
