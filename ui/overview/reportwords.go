package overview

import (
	"math"
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// sentenceText words a sentence of a report in the window's language.
func sentenceText(s core.ReportSentence, now time.Time) string {
	n := func(i int) int64 {
		if i < len(s.Numbers) {
			return int64(math.Round(s.Numbers[i]))
		}
		return 0
	}
	number := func(i int) string { return kit.Number(n(i)) }
	tickets := func(i int) string { return kit.N("%s ticket", "%s tickets", n(i)) }
	bad := func(i int) string { return kit.N("%s bad end", "%s bad ends", n(i)) }
	switch s.Key {
	case core.SentenceWarned:
		return kit.T("The desk was warned of %s of %s.", number(0), bad(1))
	case core.SentenceWrong:
		if n(0) == 1 {
			return kit.T("%s of %s was wrong.", number(0), kit.N("%s warning", "%s warnings", n(1)))
		}
		return kit.T("%s of %s were wrong.", number(0), kit.N("%s warning", "%s warnings", n(1)))
	case core.SentenceNoWarnings:
		return kit.T("The desk was warned of none of %s.", bad(0))
	case core.SentenceFew:
		return kit.T("Only %s ended since %s that had a prediction on arrival: too few to say how good predictions are.", tickets(0), kit.ShortDay(s.At, now))
	case core.SentenceFewBad:
		return kit.T("Only %s of %s ended badly: too few to say how good predictions are.", number(0), tickets(1))
	case core.SentenceFewGood:
		return kit.T("Only %s of %s ended well: too few to say how good predictions are.", number(0), tickets(1))
	case core.SentenceNothing:
		return nothingEnded()
	case core.SentenceOrder:
		return kit.T("Of two tickets, one that ended badly and one that did not, the bad one had the higher risk on arrival %s times of 100 (chance allows for %s to %s; %s, %s).",
			number(0), number(1), number(2), tickets(3), bad(4))
	case core.SentenceNoOrder:
		return kit.T("Predictions on arrival were no better than chance may be: of two tickets, one that ended badly and one that did not, the bad one had the higher risk between %s and %s times of 100 (%s, %s).",
			number(0), number(1), tickets(2), bad(3))
	case core.SentenceTop:
		return kit.T("Of the tenth with the highest risk %s %% ended badly, of all %s %%.", number(0), number(1))
	case core.SentenceSaved:
		return kit.T("Whoever looks at the riskiest first finds four of five bad ends with %s %% less to look at.", number(0))
	case core.SentenceMean:
		return kit.T("On arrival %s %% were expected to end badly, and %s %% did (%s).", number(0), number(1), tickets(2))
	case core.SentencePending:
		return kit.N("%s predicted ticket has not ended yet.", "%s predicted tickets have not ended yet.", n(0))
	case core.SentenceUnknown:
		return kit.N("%s predicted ticket ended without a rating: nobody knows how.", "%s predicted tickets ended without a rating: nobody knows how.", n(0))
	}
	return s.Text
}

// unseenTexts say what a measurement on unseen tickets says in words; nothing where there are no
// tickets of both ends to compare.
func unseenTexts(m *core.Measured) (texts []string) {
	if m == nil || !ranks(m.Bad, m.Tickets) {
		return nil
	}
	of := func(v float64) int { return int(math.Round(v * 100)) }
	texts = append(texts, kit.T("On %s the model had not seen: of two, one that ended badly and one that did not, the bad one had the higher risk %d times of 100 (chance allows for %d to %d).",
		kit.N("%s ticket", "%s tickets", int64(m.Tickets)), of(m.AUC), of(m.AUCLow), of(m.AUCHigh)))
	if m.Warned > 0 {
		texts = append(texts, kit.T("A list of %d a day would have held %s of %s; %s of %s on it ended well.", m.Capacity, kit.Number(int64(m.Right)),
			kit.N("%s bad end", "%s bad ends", int64(m.Bad)), kit.Number(int64(m.Warned-m.Right)), kit.N("%s ticket", "%s tickets", int64(m.Warned))))
	}
	return texts
}

// plainTexts are the sentences of a report, what became of the tickets predicted here first.
func plainTexts(r core.PredictionReport, now time.Time) (texts []string) {
	said := false
	for _, s := range r.Sentences {
		said = said || s.Key == core.SentenceNothing
		texts = append(texts, sentenceText(s, now))
	}
	if r.Live == nil && !said {
		texts = append([]string{nothingEnded()}, texts...)
	}
	return append(texts, unseenTexts(r.Backtest)...)
}

func nothingEnded() string { return kit.T("No ticket predicted here has ended yet.") }

// momentText names when predictions were made.
func momentText(m core.Moment) string {
	switch m {
	case core.MomentArrival:
		return kit.T("On arrival")
	case core.MomentReply:
		return kit.T("After the first reply")
	case core.MomentTime:
		return kit.T("As time went by")
	case core.MomentLast:
		return kit.T("The last before the end")
	}
	return kit.T("Later, on any change")
}

// ranks reports whether tickets of both ends are there: otherwise there is nothing to compare.
func ranks(bad, tickets int) bool { return bad > 0 && bad < tickets }

// ranked says how often of two tickets the bad one had the higher risk, with its interval.
func ranked(auc, low, high float64) string {
	of := func(v float64) int { return int(math.Round(v * 100)) }
	return kit.T("%d of 100 (%d–%d)", of(auc), of(low), of(high))
}

// share says how many of some, and what part that is.
func share(part, of int) string {
	if of == 0 {
		return noValue
	}
	return kit.T("%s of %s (%d %%)", kit.Number(int64(part)), kit.Number(int64(of)), int(math.Round(100*float64(part)/float64(of))))
}

const noValue = "–"

// measured is one line of the figures: what it is, and what it is of a measurement.
type measured struct {
	word  string
	value func(m *core.Measured) string
}

// figuresOf are the lines of the figures of a report in the order shown.
func figuresOf(r core.PredictionReport, now time.Time) []measured {
	compared := func(value func(m *core.Measured) string) func(m *core.Measured) string {
		return func(m *core.Measured) string {
			if !ranks(m.Bad, m.Tickets) {
				return noValue
			}
			return value(m)
		}
	}
	day := func(at time.Time) string {
		if at.IsZero() {
			return noValue
		}
		return kit.ShortDay(at, now)
	}
	return []measured{
		{kit.T("Tickets whose end is known"), func(m *core.Measured) string { return kit.Number(int64(m.Tickets)) }},
		{kit.T("First day"), func(m *core.Measured) string { return day(m.From) }},
		{kit.T("Last day"), func(m *core.Measured) string { return day(m.To) }},
		{kit.T("Ended badly"), func(m *core.Measured) string { return share(m.Bad, m.Tickets) }},
		{kit.T("Bad one had the higher risk"), compared(func(m *core.Measured) string { return ranked(m.AUC, m.AUCLow, m.AUCHigh) })},
		{kit.T("Bad ends on the day's list"), func(m *core.Measured) string { return share(m.Right, badEnds(r, m)) }},
		{kit.T("The list was right"), func(m *core.Measured) string { return share(m.Right, m.Warned) }},
		{kit.T("Bad in the riskiest tenth"), compared(func(m *core.Measured) string { return kit.Percent(m.Top) })},
		{kit.T("Work saved for 4 of 5 bad"), compared(func(m *core.Measured) string { return kit.Percent(m.Reduction) })},
		{kit.T("Risks are off by"), compared(func(m *core.Measured) string { return kit.Percent(m.ECE) })},
	}
}

// badEnds are those a list could have warned of. The list warns of every ticket, but of the tickets
// that were escalated and never rated only some count for the other figures: the sentence knows all.
func badEnds(r core.PredictionReport, m *core.Measured) int {
	if m != r.Live {
		return m.Bad
	}
	for _, s := range r.Sentences {
		switch {
		case s.Key == core.SentenceWarned && len(s.Numbers) > 1:
			return int(s.Numbers[1])
		case s.Key == core.SentenceNoWarnings && len(s.Numbers) > 0:
			return int(s.Numbers[0])
		}
	}
	return 0
}

// momentsOf are the moments either of two measurements knows, in the order of the first.
func momentsOf(list ...*core.Measured) (moments []core.Moment) {
	seen := map[core.Moment]bool{}
	for _, m := range list {
		if m == nil {
			continue
		}
		for _, r := range m.Moments {
			if !seen[r.Moment] {
				seen[r.Moment] = true
				moments = append(moments, r.Moment)
			}
		}
	}
	return moments
}

// rankedAt is ranked for one moment of a measurement.
func rankedAt(m *core.Measured, at core.Moment) string {
	if m != nil {
		for _, r := range m.Moments {
			if r.Moment == at && ranks(r.Bad, r.Tickets) {
				return ranked(r.AUC, r.AUCLow, r.AUCHigh)
			}
		}
	}
	return noValue
}

// binText says what became of a group of tickets.
func binText(b core.CalibrationBin) string {
	return kit.T("predicted %s: %s of %s ended badly (%s–%s)", kit.Percent(b.Predicted), kit.Percent(b.Observed),
		kit.N("%s ticket", "%s tickets", int64(b.Count)), kit.Percent(b.Low), kit.Percent(b.High))
}

// reportText is the whole report as text, to be sent to somebody.
func reportText(r core.PredictionReport, now time.Time) string {
	var b strings.Builder
	head := func(word string) { b.WriteString("\n" + word + "\n") }
	line := func(parts ...string) { b.WriteString(strings.Join(parts, "\t") + "\n") }
	line(kit.T("How good the predictions are"), kit.When(r.At, now))
	for _, text := range plainTexts(r, now) {
		line("- " + text)
	}
	head(kit.T("What predicts now") + ": " + kit.ModelName(r.State))
	for _, text := range stateTexts(r.State, now) {
		line(text)
	}
	if r.Backtest != nil || r.Live != nil {
		head(kit.T("Measured"))
		line("", unseenWord(), predictedWord())
		both := func(word string, value func(*core.Measured) string) {
			cells := []string{word, noValue, noValue}
			for i, m := range []*core.Measured{r.Backtest, r.Live} {
				if m != nil {
					cells[i+1] = value(m)
				}
			}
			line(cells...)
		}
		for _, f := range figuresOf(r, now) {
			both(f.word, f.value)
		}
		for _, at := range momentsOf(r.Backtest, r.Live) {
			both(momentText(at), func(m *core.Measured) string { return rankedAt(m, at) })
		}
	}
	for i, m := range []*core.Measured{r.Backtest, r.Live} {
		if m == nil || len(m.Calibration) == 0 {
			continue
		}
		head(kit.T("Predicted risk and what happened") + ": " + []string{unseenWord(), predictedWord()}[i])
		for _, bin := range m.Calibration {
			line(binText(bin))
		}
	}
	if len(r.State.Features) > 0 {
		head(kit.T("What the model looks at"))
		for _, f := range r.State.Features {
			line(kit.FeatureName(f.Name), kit.Percent(f.Weight))
		}
	}
	return b.String()
}

func unseenWord() string    { return kit.T("Unseen tickets") }
func predictedWord() string { return kit.T("Predicted here") }

// stateTexts say what predicts and why, what it learned from and how the last training ended.
func stateTexts(s core.ModelState, now time.Time) (texts []string) {
	if why := kit.WhyRules(s); why != "" {
		texts = append(texts, why)
	}
	for _, text := range append(strings.Split(kit.ModelFacts(s, now), "\n"), kit.LastTraining(s, now)) {
		if text != "" {
			texts = append(texts, text)
		}
	}
	return append(texts, kit.ModelWarnings(s)...)
}
