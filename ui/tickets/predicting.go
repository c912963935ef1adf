package tickets

import (
	"context"

	"deskwatch/core"
	"deskwatch/ui/async"
)

// predictState is what is shown of how the desk predicts.
type predictState struct {
	Model core.ModelState
	Bar   int // the risk in percent from which a ticket is at risk
}

// predicting is the presenter of what predicts here, and from where on a ticket is at risk.
type predicting struct {
	*bench
	changed func()
	known   bool
	state   predictState
	load    *async.Loader[predictState]
	pace    *pace
}

func newPredicting(b *bench) *predicting {
	p := &predicting{bench: b, changed: func() {}, load: async.NewLoader[predictState](b.ui)}
	p.pace = newPace(b, p.read)
	return p
}

// Bar is the risk in percent from which a ticket is at risk; of the settings until it was read.
func (p *predicting) Bar() int {
	if p.known {
		return p.state.Bar
	}
	return p.desk.Settings().Notify.RiskFrom
}

// Model is what predicts, as far as it was read.
func (p *predicting) Model() core.ModelState { return p.state.Model }

// Refresh reads it anew, because something changed.
func (p *predicting) Refresh() { p.pace.Ask() }

func (p *predicting) read() {
	p.pace.Begin()
	p.load.Load(func(ctx context.Context) (s predictState, err error) {
		list, err := p.desk.RiskList(ctx)
		if err != nil {
			return s, err
		}
		s.Bar = list.Bar
		s.Model, err = p.desk.ModelState(ctx)
		return s, err
	}, func(s predictState, err error) {
		p.pace.End()
		if err != nil {
			return // what was known stays; the tickets themselves say what is wrong
		}
		same := p.known && p.state.Bar == s.Bar && p.state.Model.Basis == s.Model.Basis && p.state.Model.Why == s.Model.Why &&
			p.state.Model.Tickets == s.Model.Tickets && p.state.Model.Needed == s.Model.Needed
		if p.state, p.known = s, true; !same {
			p.changed()
		}
	})
}

// Close ends what is loading.
func (p *predicting) Close() {
	p.pace.stopRest()
	p.load.Close()
}
