package settings

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

type mailGroup struct {
	mode   *widget.RadioGroup
	modes  []core.MailMode
	server *fyne.Container // what only SMTP needs
	to     *widget.Entry
	reply  *kit.Prose
}

func (t *Tab) buildMail() fyne.CanvasObject {
	m := &t.mail
	m.modes = []core.MailMode{core.MailSandbox, core.MailSMTP}
	m.mode = widget.NewRadioGroup([]string{kit.T("Sandbox: keep every mail inside Deskwatch"), kit.T("Server: send through your mail server (SMTP)")}, nil)
	m.mode.Required = true
	m.mode.OnChanged = t.typed(func(word string) {
		t.p.edit("mail.mode", func(s *core.Settings) string {
			for i, o := range m.mode.Options {
				if o == word {
					s.Mail.Mode = m.modes[i]
				}
			}
			return ""
		})
	})
	mode := kit.NewField(kit.T("Alert mails"), m.mode, kit.T("In the sandbox nothing leaves this machine; you read each mail under Order alerts, Mail, as it would arrive."))
	t.bind("mail.mode", mode, func(s core.Settings) {
		for i, v := range m.modes {
			if v == s.Mail.Mode {
				m.mode.SetSelected(m.mode.Options[i])
			}
		}
	})

	m.server = container.NewVBox(
		t.text("mail.host", kit.T("Server"), kit.T("Such as smtp.company.com."), func(s *core.Settings) *string { return &s.Mail.Host }),
		t.number("mail.port", kit.T("Port"), kit.T("Usually 587 with STARTTLS, 465 with TLS."), func(s *core.Settings) *int { return &s.Mail.Port }),
		t.choice("mail.tls", kit.T("Encryption"), kit.T("None is only for a server on this machine or on a network you trust."),
			[]string{string(core.TLSStartTLS), string(core.TLSImplicit), string(core.TLSNone)},
			[]string{kit.T("STARTTLS, required"), kit.T("TLS from the first byte"), kit.T("None")},
			func(s core.Settings) string { return string(s.Mail.TLS) }, func(s *core.Settings, v string) { s.Mail.TLS = core.TLSMode(v) }),
		t.text("mail.user", kit.T("User"), kit.T("Empty when the server asks for none."), func(s *core.Settings) *string { return &s.Mail.User }),
		t.buildPassword(core.SecretSMTP),
		t.number("mail.timeout_seconds", kit.T("Seconds for one try"), kit.T("From 5 to 300. A try that takes longer is given up and repeated later."), func(s *core.Settings) *int { return &s.Mail.TimeoutSeconds }),
	)
	return container.NewVBox(
		kit.Section(kit.T("Mail"), "", mode, m.server,
			t.text("mail.from", kit.T("Sender"), kit.T("An address, or Name <address>."), func(s *core.Settings) *string { return &s.Mail.From }),
			t.choice("mail.language", kit.T("Language of the mails"), "", []string{"en", "es"}, []string{"English", "Español"},
				func(s core.Settings) string { return s.Mail.Language }, func(s *core.Settings, v string) { s.Mail.Language = v })),
		t.buildTest(),
	)
}

func (t *Tab) buildTest() fyne.CanvasObject {
	m := &t.mail
	m.to = widget.NewEntry()
	m.to.SetPlaceHolder(kit.T("you@company.com"))
	send := kit.NewBusy(kit.T("Send test mail"), kit.T("Sending…"), theme.MailSendIcon(), func(done func()) { t.p.sendTest(m.to.Text, done) })
	m.to.OnSubmitted = func(string) { send.OnTapped() }
	m.reply = kit.NewProse("", kit.ToneMuted)
	m.reply.Hide()
	return kit.Section(kit.T("Test"), kit.T("Sends one mail with what stands above, saved or not, and shows the server's last reply."),
		kit.NewField(kit.T("Send to"), container.NewBorder(nil, nil, nil, send, m.to), ""), m.reply)
}

func (t *Tab) showTest(sentence string, tone kit.Tone) {
	t.mail.reply.Set(sentence, tone)
	t.mail.reply.Show()
}

func (t *Tab) showMailMode(mode core.MailMode) {
	if hide := mode != core.MailSMTP; hide != t.mail.server.Hidden {
		t.mail.server.Hidden = hide
		t.body.Refresh()
	}
}
