package kit

import "deskwatch/core"

// SatisfactionTone says how a predicted satisfaction stands where tickets are on the day's list
// from a risk of bar percent on.
func SatisfactionTone(satisfaction, bar int) Tone {
	switch risk := 100 - satisfaction; {
	case risk >= bar:
		return ToneBad
	case risk >= bar*2/3:
		return ToneWarn
	}
	return ToneGood
}

// SatisfactionWord says in a word what its tone says; "" when all is well.
func SatisfactionWord(t Tone) string {
	switch t {
	case ToneBad:
		return T("at risk")
	case ToneWarn:
		return T("watch")
	}
	return ""
}

// HealthTone says how a customer's health stands.
func HealthTone(health int) Tone {
	switch {
	case health < 40:
		return ToneBad
	case health < 70:
		return ToneWarn
	}
	return ToneGood
}

// BasisText says what a prediction was made by, and of rules why no model made it.
func BasisText(by core.PredictionBasis, s core.ModelState) string {
	if by == core.BasisModel {
		if s.Basis == core.BasisModel && s.Tickets > 0 {
			return T("by a model trained on %s of this desk's tickets", Number(int64(s.Tickets)))
		}
		return T("by a model trained on this desk's tickets")
	}
	switch s.Why {
	case core.WhyFewRated:
		return T("by stated rules: fewer than %s rated tickets", Number(int64(s.Needed)))
	case core.WhyOff:
		return T("by stated rules: the settings say so")
	case core.WhyNotTrained:
		return T("by stated rules: no model was trained yet")
	case core.WhyNoSignal:
		return T("by stated rules: a model did no better than chance")
	case core.WhyUnreadable:
		return T("by stated rules: the model's file cannot be read")
	}
	return T("by stated rules")
}

// HelpText says what the desk could do about a ticket, and what its satisfaction would be then.
func HelpText(h core.Help) string {
	switch h.Action {
	case core.HelpReply:
		return T("Reply now: %d › %d", h.From, h.To)
	case core.HelpAssign:
		if h.Subject == "" {
			return T("Give it an owner: %d › %d", h.From, h.To)
		}
		return T("Give it to %s: %d › %d", h.Subject, h.From, h.To)
	case core.HelpUpdate:
		return T("Tell the customer how it stands: %d › %d", h.From, h.To)
	}
	return h.Text
}
