package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	gomail "github.com/go-mail/mail/v2"

	"deskwatch/core"
)

// maxSubject keeps the longest header line below the 998 octets RFC 5322 allows.
const maxSubject = 250

// letter is a message ready to be handed over.
type letter struct {
	from, to mailbox
	raw      []byte
}

// compose writes m as RFC 5322 bytes. Names and the subject lose their line breaks; an
// address with one is an error, so that no value of a header can begin another header.
func compose(m core.Message) (letter, error) {
	var l letter
	var err error
	if l.from, err = parseMailbox(m.From); err != nil {
		return l, err
	}
	if l.to, err = parseMailbox(m.To); err != nil {
		return l, err
	}
	id := strings.Trim(m.MessageID, "<>")
	if id == "" || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' }) {
		return l, core.NewError(core.CodeInternal, "mail.compose", "The message has no usable Message-ID, so it was not sent.", nil)
	}
	if m.Date.IsZero() {
		return l, core.NewError(core.CodeInternal, "mail.compose", "The message has no date, so it was not sent.", nil)
	}

	msg := gomail.NewMessage()
	msg.SetHeader("Message-ID", "<"+id+">")
	msg.SetDateHeader("Date", m.Date)
	msg.SetAddressHeader("From", l.from.address, l.from.name)
	msg.SetAddressHeader("To", l.to.address, l.to.name)
	msg.SetHeader("Subject", oneLine(m.Subject, maxSubject))
	// RFC 3834: asks vacation responders to keep quiet.
	msg.SetHeader("Auto-Submitted", "auto-generated")
	msg.SetBody("text/plain", m.Text)
	if m.HTML != "" {
		msg.AddAlternative("text/html", m.HTML)
	}
	// The boundary follows from the id, so that a later try of the message has the same parts.
	sum := sha256.Sum256([]byte(id))
	msg.SetBoundary("deskwatch-" + hex.EncodeToString(sum[:12]))

	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		return l, core.NewError(core.CodeInternal, "mail.compose", "The message could not be written, so it was not sent.", err)
	}
	l.raw = b.Bytes()
	return l, nil
}
