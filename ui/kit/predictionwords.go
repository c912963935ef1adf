package kit

import (
	"math"
	"strings"
	"time"

	"deskwatch/core"
)

// ModelName says in two words what predicts.
func ModelName(s core.ModelState) string {
	if s.Basis == core.BasisModel {
		return T("Model, version %d", s.Version)
	}
	return T("Stated rules")
}

// ModelFacts says what the model learned from, and what is there to learn from.
func ModelFacts(s core.ModelState, now time.Time) string {
	var facts []string
	switch {
	case s.Version > 0 && s.Basis != core.BasisModel:
		facts = append(facts, T("Version %d, which does not predict now, was trained %s on %s.", s.Version, When(s.TrainedAt, now), N("%s ticket", "%s tickets", int64(s.Tickets))))
	case s.Version > 0:
		facts = append(facts, T("Trained %s on %s, created from %s to %s.", When(s.TrainedAt, now),
			N("%s ticket", "%s tickets", int64(s.Tickets)), ShortDay(s.From, now), ShortDay(s.To, now)))
	}
	if s.Rated == 0 {
		return strings.Join(facts, "\n")
	}
	facts = append(facts, N("Of %s ticket it is known how it ended,", "Of %s tickets it is known how they ended,", int64(s.Rated))+" "+
		T("%s of them badly.", Number(int64(s.Bad))))
	return strings.Join(facts, "\n")
}

// WhyRules says why the stated rules predict rather than a model, and what is missing; "" when a
// model does.
func WhyRules(s core.ModelState) string {
	switch {
	case s.Basis == core.BasisModel:
		return ""
	case s.Why == core.WhyOff:
		return T("The model is switched off in the settings: stated rules predict.")
	case s.Why == core.WhyFewRated:
		return T("%s of %s rated tickets: a model needs that many whose end is known. Until then stated rules predict. Import older tickets with their ratings to have one sooner.", Number(int64(s.Rated)), Number(int64(s.Needed)))
	case s.Why == core.WhyNotTrained:
		return T("No model was trained yet.")
	case s.Why == core.WhyNoSignal:
		return T("The last model could not tell bad ends from good ones on tickets it had not seen; it would have guessed.")
	case s.Why == core.WhyUnreadable:
		return T("The file of the model cannot be read. Train a new one.")
	}
	return s.WhyText
}

// ModelWarnings say which features are too good to be true.
func ModelWarnings(s core.ModelState) (texts []string) {
	if len(s.Suspects) != len(s.Warnings) { // of a model trained before suspects were kept
		return s.Warnings
	}
	for _, x := range s.Suspects {
		name, of := FeatureName(x.Name), int(math.Round(x.AUC*100))
		if x.Filled {
			texts = append(texts, T("Whether “%s” is known at all tells bad ends from good ones almost alone: %d times of 100. If it is filled in after the end, these predictions are too good to be true.", name, of))
			continue
		}
		texts = append(texts, T("“%s” tells bad ends from good ones almost alone: %d times of 100. If it is filled in after the end, these predictions are too good to be true.", name, of))
	}
	return texts
}

// TrainingText says how a training ended.
func TrainingText(r core.TrainingResult) string {
	switch r.Reason {
	case "first":
		return T("Version %d was taken: there was none to compare it with.", r.Version) + " " + learnedText(r)
	case "better":
		return T("Version %d was taken: it is better on recent tickets than the model before.", r.Version) + " " + learnedText(r)
	case "not_better":
		return T("The new model was not taken: it is not better on recent tickets than the one there is.") + " " + learnedText(r)
	case core.WhyFewRated:
		return T("No model was trained: too few tickets are rated.")
	case core.WhyNoSignal:
		return T("The model was not taken: on tickets it had not seen, it could not tell bad ends from good ones.") + " " + learnedText(r)
	}
	return r.Text
}

func learnedText(r core.TrainingResult) string {
	return T("It learned from %s in %s s.", N("%s ticket", "%s tickets", int64(r.Tickets)), Decimal(r.Seconds, 1))
}

// LastTraining says when the last training was and how it ended, as far as WhyRules does not say it;
// "" there was none.
func LastTraining(s core.ModelState, now time.Time) string {
	r := s.LastTry
	if r == nil {
		return ""
	}
	text := T("Last training %s.", When(r.At, now))
	switch {
	case r.Reason != s.Why:
		text += " " + TrainingText(*r)
	case r.Tickets > 0:
		text += " " + learnedText(*r)
	}
	return text
}

// TrainingTone is good news only where a model was taken.
func TrainingTone(r core.TrainingResult) Tone {
	if r.Accepted {
		return ToneGood
	}
	return ToneWarn
}

// Percent writes a share of 0 to 1 without decimals.
func Percent(share float64) string { return T("%d %%", int(math.Round(share*100))) }
