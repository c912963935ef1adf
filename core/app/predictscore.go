package app

import (
	"context"
	"math"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict"
	"deskwatch/core/tickets"
)

// scoreBatch is scores on their way into the ledger.
type scoreBatch struct {
	p      *deskPredictor
	now    time.Time
	count  int
	scores []predict.Score
	made   []predict.Made
	ends   []predict.End // of tickets whose end was known before their first prediction
}

func (p *deskPredictor) batch() *scoreBatch {
	return &scoreBatch{p: p, now: p.app.now().UTC().Truncate(time.Millisecond)}
}

// add scores a ticket. With the rules life may be nil. Where the outcome is known already nothing is
// predicted: the ledger would take it for foresight when the clock of a source is ahead.
func (b *scoreBatch) add(no uint32, key core.TicketKey, life *predict.DeskLife, moment core.Moment, known bool) {
	p := b.p
	b.count++
	s := predict.Score{Key: key, No: no, At: b.now, Moment: moment, Basis: core.BasisRules}
	var reasons []core.NamedReason
	if p.model == nil {
		var percent int
		percent, reasons = p.app.index.Risk(no)
		s.Risk = float64(percent) / 100
	} else {
		s.Basis, s.Model = core.BasisModel, p.model.Version()
		s.Risk = p.risk(life, b.now)
	}
	before, scored := p.kept[no]
	is := keptScore{key, predict.Satisfaction(s.Risk), s.Basis, s.Model}
	moved := is.satisfaction - before.satisfaction
	if !known && (moment != core.MomentTime || !scored || math.Abs(float64(moved)) >= worthKeeping) {
		b.made = append(b.made, predict.Made{Key: key, No: no, At: s.At, Moment: moment, Basis: s.Basis, Model: s.Model, Risk: s.Risk})
	}
	if moment == core.MomentTime && scored && is == before {
		return
	}
	if p.model == nil {
		s.Reasons, s.Help = ruleReasons(reasons), []core.Help{}
	} else {
		s.Reasons, s.Help = p.explain(life, b.now)
	}
	p.kept[no] = is
	b.scores = append(b.scores, s)
}

func (b *scoreBatch) save(ctx context.Context) error {
	if len(b.scores) == 0 && len(b.made) == 0 {
		return nil
	}
	if err := b.p.app.predictions.Save(ctx, b.scores, b.made); err != nil || len(b.ends) == 0 {
		return err
	}
	return b.p.app.predictions.SetEnds(ctx, b.ends)
}

// risk is what the model predicts. A ticket that is escalated has ended badly already, whatever it
// says.
func (p *deskPredictor) risk(d *predict.DeskLife, at time.Time) float64 {
	if d.End.Outcome == predict.OutcomeBad {
		return 1
	}
	return p.scorer.Risk(&d.Life, at.Unix())
}

func (p *deskPredictor) explain(d *predict.DeskLife, at time.Time) ([]core.NamedReason, []core.Help) {
	if d.End.Outcome == predict.OutcomeBad {
		r := core.NamedReason{Reason: tickets.ReasonEscalated, Text: "it is escalated", Points: -100}
		if d.End.Rated {
			r = core.NamedReason{Reason: reasonRatedBadly, Text: "the customer has rated it badly", Points: -100}
		}
		return []core.NamedReason{r}, []core.Help{}
	}
	reasons, help := p.scorer.Explain(&d.Life, at.Unix(), p.owners)
	return append([]core.NamedReason{}, reasons[:min(len(reasons), shownReasons)]...), append([]core.Help{}, help...)
}

// reasonRatedBadly is the reason of an open ticket that was rated already. It never changes.
const reasonRatedBadly = "rated_badly"
