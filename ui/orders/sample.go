package orders

import (
	"context"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// sample loads and removes the sample data, from wherever it is offered.
type sample struct {
	*bench
	busy bool
}

// Load fills the order book with the sample data.
func (s *sample) Load() {
	if s.busy {
		return
	}
	s.busy = true
	long(s.bench, kit.T("Loading the sample data"), s.desk.LoadSample, func(r core.ImportResult, err error) {
		s.busy = false
		if err == nil {
			s.say(kit.T("The sample data is loaded: %s. Remove it at any time under Clients.", kit.N("%s order", "%s orders", r.OrdersNew)))
		}
	})
}

// Remove takes exactly the sample data away, after asking.
func (s *sample) Remove() {
	if s.busy {
		return
	}
	s.host.Confirm(kit.Question{
		Title:  kit.T("Remove the sample data?"),
		Text:   kit.T("The sample orders, their clients, alerts and mails are removed. What you imported yourself stays."),
		Yes:    kit.T("Remove sample data"),
		Danger: true,
	}, func() {
		s.busy = true
		do(s.bench, func(ctx context.Context) (core.UndoResult, error) { return s.desk.RemoveSample(ctx) },
			func(r core.UndoResult, err error) {
				s.busy = false
				if err == nil {
					s.say(kit.T("The sample data is removed: %s.", kit.N("%s order", "%s orders", r.Removed)))
				}
			})
	})
}
