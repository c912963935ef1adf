package settings

import (
	"context"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// loadPeople shows the team; it is called whenever the page of the people comes into sight.
func (p *presenter) loadPeople() {
	p.people.Load(p.desk.People, func(list []core.Person, err error) { p.view.showPeople(list, err) })
}

// savePerson adds or changes a person; done is told what is wrong, "" when it is saved.
func (p *presenter) savePerson(who core.Person, done func(problem string)) {
	async.Run(p.ctx, p.ui, func(ctx context.Context) (core.Person, error) { return p.desk.SavePerson(ctx, who) }, func(saved core.Person, err error) {
		if err != nil {
			done(core.ErrorMessage(err))
			return
		}
		done("")
		p.host.Toast(kit.ToneGood, kit.T("%s is saved.", saved.Name))
		p.loadPeople()
	})
}

// deletePerson removes a person after a yes.
func (p *presenter) deletePerson(who core.Person) {
	q := kit.Question{Title: kit.T("Remove %s?", who.Name), Text: kit.T("%s is no longer told of tickets. Tickets and what was told before stay.", who.Name),
		Yes: kit.T("Remove person"), Danger: true}
	p.host.Confirm(q, func() {
		p.run(func(ctx context.Context) error { return p.desk.DeletePerson(ctx, who.ID) }, func() {
			p.host.Toast(kit.ToneGood, kit.T("%s is removed.", who.Name))
			p.loadPeople()
		})
	})
}

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
			p.view.showExample(outcome{core.ErrorMessage(err), kit.ToneBad})
			return
		}
		p.view.showExample(outcome{text, kit.ToneNormal})
	})
}
