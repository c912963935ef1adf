package settings

import (
	"context"

	"deskwatch/ui/kit"
)

// openClock is called whenever the page of the clock comes into sight: from then on its example is
// kept right.
func (p *presenter) openClock() {
	p.clockOpen, p.exampled = true, nil // the holidays may have changed meanwhile
	p.loadExample(p.form().Problems)
}

// loadExample shows what the clock of the draft makes of an hour, when the clock has changed.
func (p *presenter) loadExample(problems map[string]string) {
	if !p.clockOpen {
		return
	}
	for name := range problems {
		if isClock(name) {
			p.exampled = nil
			p.example.Cancel()
			p.view.showExample(outcome{kit.T("Shown when everything above can be used."), kit.ToneMuted})
			return
		}
	}
	if p.exampled != nil && sameClock(*p.exampled, p.draft.Clock) {
		return
	}
	set := clonedClock(p.draft.Clock)
	p.exampled = &set
	p.example.Load(func(context.Context) (string, error) { return p.desk.ClockExample(set) }, func(text string, err error) {
		if err != nil {
			p.view.showExample(outcome{kit.ErrorText(err), kit.ToneBad})
			return
		}
		p.view.showExample(outcome{text, kit.ToneNormal})
	})
}
