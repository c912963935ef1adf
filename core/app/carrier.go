package app

import (
	"context"

	"deskwatch/core"
	"deskwatch/core/mail"
)

// carrier sends each message the way the settings say at that moment.
type carrier struct {
	settings func() core.MailSettings
	password func(context.Context) (core.Secret, error)
}

// Send carries m into the sandbox or to the mail server.
func (c carrier) Send(ctx context.Context, m core.Message) core.SendReport {
	s := c.settings()
	if s.Mode != core.MailSMTP {
		return mail.NewSandbox(s).Send(ctx, m)
	}
	password, err := c.password(ctx)
	if err != nil {
		return core.SendReport{Outcome: core.OutcomeNoService, Reply: core.ErrorMessage(err)}
	}
	return mail.NewSMTP(s, password).Send(ctx, m)
}
