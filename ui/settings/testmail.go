package settings

import (
	"context"
	"net/mail"
	"strings"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// sendTest completes one real transaction with the draft as it stands, saved or not, and shows
// what the server said last.
func (p *presenter) sendTest(to string, done func()) {
	to = strings.TrimSpace(to)
	if _, err := mail.ParseAddress(to); err != nil {
		p.view.showTest(kit.T("Write the address the test mail goes to, such as you@company.com."), kit.ToneBad)
		done()
		return
	}
	for name := range p.form().Problems {
		if strings.HasPrefix(name, "mail.") {
			p.view.showTest(kit.T("Something above cannot be used yet. Correct what is marked and try again."), kit.ToneBad)
			done()
			return
		}
	}
	p.view.showTest(kit.T("Talking to the server…"), kit.ToneMuted)
	set, password := p.draft.Mail, p.passwords[core.SecretSMTP].draft
	async.Run(p.ctx, p.ui, func(ctx context.Context) (core.SendReport, error) {
		return p.desk.SendTestMail(ctx, set, password, to)
	}, func(r core.SendReport, err error) {
		done()
		if err != nil {
			p.view.showTest(kit.ErrorText(err), kit.ToneBad)
			return
		}
		p.view.showTest(testWords(r))
	})
}

func testWords(r core.SendReport) (string, kit.Tone) {
	var head string
	tone := kit.ToneBad
	switch r.Outcome {
	case core.OutcomeSent:
		head, tone = kit.T("The mail was accepted by the server."), kit.ToneGood
		if r.Via == "sandbox" {
			return kit.T("The sandbox took the mail. Nothing left this machine."), tone
		}
	case core.OutcomeRetry:
		head, tone = kit.T("Not now: the server asks to try again later."), kit.ToneWarn
	case core.OutcomeRefused:
		head = kit.T("The server refused this mail.")
	case core.OutcomeHeld:
		head, tone = kit.T("Not sent: this needs a person's decision."), kit.ToneWarn
	case core.OutcomeNoService:
		head = kit.T("The server cannot be used with these settings.")
	}
	if r.Reply == "" {
		return head, tone
	}
	return head + "\n" + r.Reply, tone
}
