package mail

import (
	"bytes"

	"deskwatch/core"
)

// maxTicketLine bounds one line of a ticket mail.
const maxTicketLine = 400

// TicketMail is what a mail about tickets tells. Title and lines are written already, in the
// mail's language.
type TicketMail struct {
	Language string // "en" or "es"; English for any other
	Subject  string
	Title    string
	Lines    []string // one ticket each, the most pressing first
	More     int      // tickets that are not listed
	Program  string   // name and version: "Deskwatch 1.0"
}

// RenderTickets writes subject, text and HTML of a mail about tickets. Whoever queues it adds
// recipient, Message-ID and date.
func RenderTickets(data TicketMail) (core.Message, error) {
	failed := func(err error) (core.Message, error) {
		return core.Message{}, core.NewError(core.CodeInternal, "mail.render tickets", "The mail about tickets could not be written, so nothing was queued.", err)
	}
	parsed, err := templates()
	if err != nil {
		return failed(err)
	}
	lang := languageFor(data.Language).code
	set := parsed[lang]
	v := ticketView{Lang: lang, Title: oneLine(data.Title, maxSubject), More: data.More, Program: oneLine(data.Program, 100)}
	for _, line := range data.Lines {
		v.Lines = append(v.Lines, oneLine(line, maxTicketLine))
	}
	var text, html bytes.Buffer
	if err := set.text.ExecuteTemplate(&text, "ticket-text", v); err != nil {
		return failed(err)
	}
	if err := set.html.ExecuteTemplate(&html, "ticket-html", v); err != nil {
		return failed(err)
	}
	return core.Message{Subject: oneLine(data.Subject, maxSubject), Text: text.String(), HTML: html.String()}, nil
}

// ticketView is TicketMail as the templates see it.
type ticketView struct {
	Lang, Title, Program string
	Lines                []string
	More                 int
}
