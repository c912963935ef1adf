package predict

import (
	"fmt"
	"math"
	"time"

	"deskwatch/core"
)

const (
	// fewEnds is below how many tickets nothing is said about how good predictions are, and fewBad
	// below how many bad, or good, ends among them.
	fewEnds, fewBad = 30, 5
)

// Sentences say in words how good predictions were: m is what Measured said. No figure stands
// without how many tickets it is of, and of too few nothing is said.
func (l *Live) Sentences(m *core.Measured, c Counts) []core.ReportSentence {
	s := sentences{list: []core.ReportSentence{}}
	if m == nil {
		s.add(core.SentenceNothing, "No ticket has ended yet of which something was predicted.")
		s.open(c)
		return s.list
	}
	s.warnings(l, m)
	s.figures(m, c.First)
	s.open(c)
	return s.list
}

type sentences struct{ list []core.ReportSentence }

func (s *sentences) add(key, text string, numbers ...float64) {
	if numbers == nil {
		numbers = []float64{}
	}
	s.list = append(s.list, core.ReportSentence{Key: key, Text: text, Numbers: numbers})
}

// warnings count: they are right of however few.
func (s *sentences) warnings(l *Live, m *core.Measured) {
	bad := 0
	for _, e := range l.ends {
		if e.bad {
			bad++
		}
	}
	switch {
	case m.Warned == 0 && bad == 0:
		return
	case m.Warned == 0:
		s.add(core.SentenceNoWarnings, fmt.Sprintf("We warned of 0 of %s.", counted(bad, "bad outcome", "bad outcomes")), float64(bad))
		return
	case bad == 0:
	default:
		s.add(core.SentenceWarned, fmt.Sprintf("We warned of %d of %s.", m.Right, counted(bad, "bad outcome", "bad outcomes")), float64(m.Right), float64(bad))
	}
	wrong, verb := m.Warned-m.Right, "were"
	if wrong == 1 {
		verb = "was"
	}
	s.add(core.SentenceWrong, fmt.Sprintf("%d of %s %s wrong.", wrong, counted(m.Warned, "warning", "warnings"), verb), float64(wrong), float64(m.Warned))
}

func (s *sentences) figures(m *core.Measured, since time.Time) {
	n, bad := float64(m.Tickets), float64(m.Bad)
	switch {
	case m.Tickets < fewEnds:
		verb := "have"
		if m.Tickets == 1 {
			verb = "has"
		}
		s.add(core.SentenceFew, fmt.Sprintf("Only %s %s ended since %s that had a prediction at arrival: too few to say how good predictions are.",
			counted(m.Tickets, "ticket", "tickets"), verb, since.Format("2006-01-02")), n)
		s.list[len(s.list)-1].At = since
		return
	case m.Bad < fewBad:
		s.add(core.SentenceFewBad, fmt.Sprintf("Only %d of %d tickets ended badly: too few to say how good predictions are.", m.Bad, m.Tickets), bad, n)
		return
	case m.Tickets-m.Bad < fewBad:
		s.add(core.SentenceFewGood, fmt.Sprintf("Only %d of %d tickets ended well: too few to say how good predictions are.", m.Tickets-m.Bad, m.Tickets), n-bad, n)
		return
	}
	auc, low, high := percent(m.AUC), percent(m.AUCLow), percent(m.AUCHigh)
	if m.AUCLow <= 0.5 {
		s.add(core.SentenceNoOrder, fmt.Sprintf("Predictions at arrival were no better than chance may be: of a ticket that ended badly and one that ended well, the bad one had the higher risk in between %d and %d of 100 cases (%d tickets, %d bad).",
			low, high, m.Tickets, m.Bad), float64(low), float64(high), n, bad)
		return
	}
	s.add(core.SentenceOrder, fmt.Sprintf("Of a ticket that ended badly and one that ended well, the bad one had the higher risk at arrival in %d of 100 cases, give or take chance %d to %d (%d tickets, %d bad).",
		auc, low, high, m.Tickets, m.Bad), float64(auc), float64(low), float64(high), n, bad)
	all := percent(bad / n)
	mean := percent(meanRisk(m))
	s.add(core.SentenceMean, fmt.Sprintf("We expected %d %% to end badly at arrival, and %d %% did (%d of %d tickets).", mean, all, m.Bad, m.Tickets), float64(mean), float64(all), n)
	s.add(core.SentenceTop, fmt.Sprintf("Of the tenth with the highest risk %d %% ended badly, of all %d %% (%d tickets).", percent(m.Top), all, m.Tickets), float64(percent(m.Top)), float64(all), n)
	if saved := percent(m.Reduction); saved > 0 {
		s.add(core.SentenceSaved, fmt.Sprintf("Whoever looks at the riskiest first finds four of five bad ends with %d %% less to look at (%d tickets).", saved, m.Tickets), float64(saved), n)
	}
}

// open are the tickets nothing is known of.
func (s *sentences) open(c Counts) {
	if c.Pending > 0 {
		s.add(core.SentencePending, fmt.Sprintf("%s not ended yet.", counted(c.Pending, "predicted ticket has", "predicted tickets have")), float64(c.Pending))
	}
	if c.Unknown > 0 {
		s.add(core.SentenceUnknown, fmt.Sprintf("%s ended without a rating: nobody knows how.", counted(c.Unknown, "predicted ticket", "predicted tickets")), float64(c.Unknown))
	}
}

// meanRisk is that of the tickets calibration was told from.
func meanRisk(m *core.Measured) float64 {
	sum, n := 0.0, 0
	for _, b := range m.Calibration {
		sum += b.Predicted * float64(b.Count)
		n += b.Count
	}
	return sum / float64(max(n, 1))
}

func percent(x float64) int { return int(math.Round(100 * x)) }
