package tickets

import (
	"math/rand/v2"
	"testing"
	"time"

	"deskwatch/core"
)

var scoreNow = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)

func randomHistory(r *rand.Rand) History {
	sum := func() float64 { return r.Float64() * r.Float64() * 12 }
	return History{BadRatings: sum(), Escalations: sum(), Reopenings: sum(), Tickets: 4 * sum(), Breaches: sum(), BadRatingsN: 3, TicketsN: 9}
}

func TestMoreTroubleNeverMakesACustomerLessTough(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		h := randomHistory(r)
		more := h
		switch r.IntN(5) {
		case 0:
			more.BadRatings += r.Float64()
		case 1:
			more.Escalations += r.Float64()
		case 2:
			more.Reopenings += r.Float64()
		case 3:
			more.Tickets += r.Float64()
		case 4:
			more.Breaches += r.Float64()
		}
		if a, b := ToughScore(h), ToughScore(more); b < a || a < 0 || b > 100 {
			t.Fatalf("%+v scores %d, with more trouble %+v scores %d", h, a, more, b)
		}
	}
}

func TestTimeOnlyLowersTheScore(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		h := randomHistory(r)
		f := r.Float64() // what time leaves of every sum
		later := History{BadRatings: f * h.BadRatings, Escalations: f * h.Escalations, Reopenings: f * h.Reopenings, Tickets: f * h.Tickets, Breaches: f * h.Breaches}
		if a, b := ToughScore(h), ToughScore(later); b > a {
			t.Fatalf("%+v scores %d, and later %d", h, a, b)
		}
	}
}

func TestReasonsAddUpToTheScore(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 5_000 {
		h := randomHistory(r)
		score, reasons := Tough(h, scoreNow)
		sum, before := 0, 101
		for _, reason := range reasons {
			sum += reason.Points
			if reason.Points > before || reason.Points <= 0 || reason.Text == "" {
				t.Fatalf("%+v is out of order or empty", reasons)
			}
			before = reason.Points
		}
		if score != ToughScore(h) || sum != score {
			t.Fatalf("%d, ToughScore %d, reasons make %d: %+v", score, ToughScore(h), sum, reasons)
		}
	}
}

func TestWhoIsTough(t *testing.T) {
	threshold := core.DefaultNotifySettings().ToughFrom
	for name, c := range map[string]struct {
		h     History
		tough bool
	}{
		"nobody knows anything":                {History{}, false},
		"one bad rating":                       {History{BadRatings: 1}, false},
		"three bad ratings":                    {History{BadRatings: 3}, true},
		"two bad ratings and an escalation":    {History{BadRatings: 2, Escalations: 1}, true},
		"three bad ratings half a year ago":    {History{BadRatings: 0.75}, false},
		"a thousand tickets and no trouble":    {History{Tickets: 1000}, false},
		"bad orders for months, and a bad one": {History{Breaches: 3, BadRatings: 1}, true},
	} {
		if score := ToughScore(c.h); (score >= threshold) != c.tough {
			t.Errorf("%s: %d, tough from %d on", name, score, threshold)
		}
	}
}

func TestTheReasonSaysHowManyAndHowLongAgo(t *testing.T) {
	_, reasons := Tough(History{BadRatings: 2.5, BadRatingsN: 3, LastBad: scoreNow.AddDate(0, 0, -4)}, scoreNow)
	if len(reasons) != 1 || reasons[0].Text != "3 bad ratings; the last trouble was 4 days ago" || reasons[0].Count != 3 {
		t.Fatalf("%+v", reasons)
	}
}

func TestRiskGrowsWithEverythingThatSpeaksForABadEnd(t *testing.T) {
	day := 24 * time.Hour
	base := RiskInput{Status: core.TicketOpen, Priority: core.PriorityNormal, Clock: core.ClockRunning}
	for name, worse := range map[string]func(*RiskInput){
		"escalated":  func(in *RiskInput) { in.Escalated = true },
		"amber":      func(in *RiskInput) { in.Clock = core.ClockAmber },
		"missed":     func(in *RiskInput) { in.Clock = core.ClockMissed },
		"red":        func(in *RiskInput) { in.Clock = core.ClockRed },
		"high":       func(in *RiskInput) { in.Priority = core.PriorityHigh },
		"urgent":     func(in *RiskInput) { in.Priority = core.PriorityUrgent },
		"reopened":   func(in *RiskInput) { in.Reopened = 1 },
		"tough":      func(in *RiskInput) { in.Tough = 80 },
		"bad orders": func(in *RiskInput) { in.BadOrders = 3 },
		"unowned":    func(in *RiskInput) { in.Unowned = true },
		"silent":     func(in *RiskInput) { in.Silence = 6 * day },
		"old":        func(in *RiskInput) { in.Age = 20 * day },
	} {
		in := base
		worse(&in)
		percent, reasons := Risk(in, scoreNow)
		sum := 0
		for _, r := range reasons {
			sum += r.Points
		}
		if percent <= RiskPercent(base) || percent != RiskPercent(in) || sum != percent || len(reasons) != 2 {
			t.Errorf("%s: %d after %d, %+v", name, percent, RiskPercent(base), reasons)
		}
		if in.Status = core.TicketClosed; RiskPercent(in) != 0 {
			t.Errorf("%s: a closed ticket has a risk of %d", name, RiskPercent(in))
		}
	}
}

func TestACustomerWhoDoesNotAnswerIsNoRiskOfTheDesk(t *testing.T) {
	in := RiskInput{Status: core.TicketPending, Silence: 9 * 24 * time.Hour}
	if quiet := in; RiskPercent(in) != RiskPercent(RiskInput{Status: core.TicketPending}) {
		t.Errorf("waiting for the customer makes a risk of %d", RiskPercent(quiet))
	}
}

func TestAFreshTicketIsHardlyARiskAndAHopelessOneIsCertain(t *testing.T) {
	if p := RiskPercent(RiskInput{Status: core.TicketNew}); p < 1 || p > 8 {
		t.Errorf("a fresh ticket has a risk of %d", p)
	}
	worst := RiskInput{Priority: core.PriorityUrgent, Clock: core.ClockRed, Escalated: true, Reopened: 99, Tough: 100, BadOrders: 99, Unowned: true, Age: 9e5 * time.Hour, Silence: 9e5 * time.Hour}
	if p := RiskPercent(worst); p < 95 || p > 100 {
		t.Errorf("the worst ticket has a risk of %d", p)
	}
}
