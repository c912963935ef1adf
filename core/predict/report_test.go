package predict

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

// liveOf is of tickets that ended: "b" badly, "g" well, each with its risk at arrival in percent, "!"
// where the desk was warned of it: "b90! g10".
func liveOf(tickets string) *Live {
	var l Live
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for i, word := range strings.Fields(tickets) {
		var percent int
		_, _ = fmt.Sscanf(word[1:], "%d", &percent)
		at := start.Add(time.Duration(i) * time.Hour)
		t := Told{Key: core.TicketKey{Source: "crm", ID: fmt.Sprint(i)}, Rated: true, Outcome: OutcomeGood, At: at.Add(48 * time.Hour)}
		if word[0] == 'b' {
			t.Outcome = OutcomeBad
		}
		m := Made{Key: t.Key, At: at, Moment: core.MomentArrival, Risk: float64(percent) / 100}
		t.Arrival, t.Last = &m, m
		if t.Outcome == OutcomeBad { // it was seen coming in the end
			t.Last.Risk = 0.99
		}
		if strings.HasSuffix(word, "!") {
			t.Warned = at
		}
		l.Add(t)
	}
	return &l
}

func TestTheFiguresOfALedgerAreThoseByHand(t *testing.T) {
	// Of 4 bad and 6 good, 24 pairs: 80 beats six, 60 beats five, 40 ties with one and beats four, 20
	// beats three: 18.5 of 24.
	l := liveOf("b80! b60! b40 b20 g70! g40 g30 g10 g10 g5!")
	m := l.Measured(Counts{}, 5)
	near := func(name string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	near("AUC", m.AUC, 18.5/24)
	near("Brier", m.Brier, (0.04+0.16+0.36+0.64+0.49+0.16+0.09+0.01+0.01+0.0025)/10)
	near("top", m.Top, 1)                    // the one with 80
	near("reduction", m.Reduction, 1-7.0/10) // 80 70 60 40 40 30 20: four of four
	if m.Tickets != 10 || m.Bad != 4 || m.Warned != 4 || m.Right != 2 || m.Capacity != 5 {
		t.Errorf("%+v", m)
	}
	if len(m.Moments) != 2 || m.Moments[0].Moment != core.MomentArrival || m.Moments[1].Moment != core.MomentLast || m.Moments[1].AUC != 1 || m.Moments[1].Tickets != 10 || m.Moments[1].Bad != 4 {
		t.Errorf("moments %+v", m.Moments)
	}
	if want := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC); !m.From.Equal(want) || !m.To.Equal(want.Add(57*time.Hour)) {
		t.Errorf("from %v to %v", m.From, m.To)
	}
}

// said are the sentences of tickets, one a line.
func said(l *Live, c Counts) string {
	var list []string
	for _, s := range l.Sentences(l.Measured(c, 5), c) {
		list = append(list, s.Key+": "+s.Text)
	}
	return strings.Join(list, "\n")
}

func TestAReportSaysPlainlyHowGoodPredictionsWere(t *testing.T) {
	// Nine bad ends, seven of them warned of; 31 warnings of tickets that ended well.
	tickets := strings.Repeat("b90! ", 7) + strings.Repeat("b50 ", 2) + strings.Repeat("g60! ", 31) + strings.Repeat("g10 ", 60)
	got := said(liveOf(tickets), Counts{Pending: 4, Unknown: 1})
	want := `warned: We warned of 7 of 9 bad outcomes.
wrong: 31 of 38 warnings were wrong.
order: Of a ticket that ended badly and one that ended well, the bad one had the higher risk at arrival in 92 of 100 cases, give or take chance 82 to 100 (100 tickets, 9 bad).
mean: We expected 32 % to end badly at arrival, and 9 % did (9 of 100 tickets).
top: Of the tenth with the highest risk 70 % ended badly, of all 9 % (100 tickets).
saved: Whoever looks at the riskiest first finds four of five bad ends with 61 % less to look at (100 tickets).
pending: 4 predicted tickets have not ended yet.
unknown: 1 predicted ticket ended without a rating: nobody knows how.`
	if got != want {
		t.Errorf("said\n%s\nwant\n%s", got, want)
	}
}

func TestAReportIsHonestAboutFewAndAboutChance(t *testing.T) {
	since := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, tickets string
		want          string
	}{
		{"nothing", "", "nothing: No ticket has ended yet of which something was predicted."},
		{"a dozen", strings.Repeat("g10 ", 11) + "b90", "no_warnings: We warned of 0 of 1 bad outcome.\nfew: Only 12 tickets have ended since 2026-03-01 that had a prediction at arrival: too few to say how good predictions are."},
		{"few bad ends", strings.Repeat("g10 ", 36) + strings.Repeat("b90! ", 4), "warned: We warned of 4 of 4 bad outcomes.\nwrong: 0 of 4 warnings were wrong.\nfew_bad: Only 4 of 40 tickets ended badly: too few to say how good predictions are."},
		{"few good ends", strings.Repeat("b90! ", 36) + strings.Repeat("g10 ", 4), "warned: We warned of 36 of 36 bad outcomes.\nwrong: 0 of 36 warnings were wrong.\nfew_good: Only 4 of 40 tickets ended well: too few to say how good predictions are."},
		{"no better than chance", strings.Repeat("g10 g30 g50 b10 b30 b50 ", 10), "no_warnings: We warned of 0 of 30 bad outcomes.\nno_order: Predictions at arrival were no better than chance may be: of a ticket that ended badly and one that ended well, the bad one had the higher risk in between 36 and 64 of 100 cases (60 tickets, 30 bad)."},
	} {
		if got := said(liveOf(c.tickets), Counts{First: since}); got != c.want {
			t.Errorf("%s: said\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
	// Figures that do not exist must not break whoever writes them down.
	if _, err := json.Marshal(liveOf("g10 g20").Measured(Counts{}, 5)); err != nil {
		t.Error(err)
	}
}

func TestEscalatedTicketsNobodyRatedCountAtTheRateOfRating(t *testing.T) {
	var l Live
	for i := range 1000 {
		m := Made{At: time.Unix(1, 0), Moment: core.MomentArrival, Risk: 0.5}
		told := Told{Key: core.TicketKey{Source: "crm", ID: fmt.Sprint(i)}, Outcome: OutcomeBad, At: time.Unix(9, 0), Arrival: &m, Last: m}
		if i%2 == 0 {
			told.Outcome, told.Rated = OutcomeGood, true
		}
		l.Add(told)
	}
	// 500 of 2000 tickets that ended were rated: a quarter of the 500 escalated ones count.
	m := l.Measured(Counts{Unknown: 1000}, 5)
	if m.Bad < 100 || m.Bad > 150 || m.Tickets-m.Bad != 500 {
		t.Errorf("%d of %d tickets count as bad", m.Bad, m.Tickets)
	}
}
