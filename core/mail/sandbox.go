package mail

import (
	"context"

	"deskwatch/core"
)

// Sandbox sends nothing: it writes each message as it would arrive and gives it back in the
// report, for the outbox to keep. Example addresses are welcome here.
type Sandbox struct {
	From string // the sender of messages that have none: an address, or "Name <address>"
}

// NewSandbox returns the sandbox for these settings.
func NewSandbox(s core.MailSettings) *Sandbox { return &Sandbox{From: s.From} }

// Send writes the message and keeps it in the report.
func (s *Sandbox) Send(_ context.Context, m core.Message) core.SendReport {
	if m.From == "" {
		m.From = s.From
	}
	if bad := checkParties(m); bad != nil {
		bad.Via = viaSandbox
		return *bad
	}
	l, err := compose(m)
	if err != nil {
		return core.SendReport{Outcome: core.OutcomeHeld, Reply: core.ErrorMessage(err), Via: viaSandbox}
	}
	return core.SendReport{Outcome: core.OutcomeSent, Reply: "Kept in the sandbox. No mail left this machine.", Via: viaSandbox, Raw: l.raw}
}

const (
	viaSandbox = "sandbox"
	viaSMTP    = "smtp"
)

// checkParties says why m cannot go from its sender or to its recipient as they are written.
func checkParties(m core.Message) *core.SendReport {
	if _, err := parseMailbox(m.To); err != nil {
		return &core.SendReport{Outcome: core.OutcomeHeld, Reply: core.ErrorMessage(err) + " Correct it in the rule's recipients or in the client."}
	}
	if _, err := parseMailbox(m.From); err != nil {
		return &core.SendReport{Outcome: core.OutcomeNoService, Reply: "The sender is not usable. " + core.ErrorMessage(err) + " Correct it in Settings, Mail."}
	}
	return nil
}
