package mail

import (
	"bytes"
	htmltemplate "html/template"
	"strings"
	"sync"
	texttemplate "text/template"
	"unicode/utf8"

	"deskwatch/assets"
	"deskwatch/core"
)

// maxListed bounds the orders an alert mail lists.
const maxListed = 1000

// AlertMail is what an alert mail tells.
type AlertMail struct {
	Language string // "en" or "es"; English for any other
	Rule     string // the rule's name
	Customer string // the identity
	Client   string // the client's name; "" when there is none
	Period   core.Month
	Days     int      // of the rule's window; 0 for a calendar month
	From, To core.Day // the window's first and last day with such an order; unused for a month
	Count    int      // distinct matching orders
	Previous int      // the count when it was last mailed; 0 when it never was
	Statuses core.StatusSet
	Orders   []core.Order // in the order to list them; the first 1,000 are listed
	Program  string       // name and version: "Deskwatch 1.0"
}

// RenderAlert writes subject, text and HTML of an alert mail. Whoever queues it adds
// recipient, Message-ID and date. The same data always gives the same message.
func RenderAlert(data AlertMail) (core.Message, error) {
	failed := func(err error) (core.Message, error) {
		return core.Message{}, core.NewError(core.CodeInternal, "mail.render", "The alert mail could not be written, so nothing was queued.", err)
	}
	parsed, err := templates()
	if err != nil {
		return failed(err)
	}
	set := parsed["en"]
	if s, ok := parsed[data.Language]; ok {
		set = s
	}
	v := newAlertView(data)
	var subject, text, html bytes.Buffer
	if err := set.text.ExecuteTemplate(&subject, "subject", v); err != nil {
		return failed(err)
	}
	if err := set.text.ExecuteTemplate(&text, "text", v); err != nil {
		return failed(err)
	}
	if err := set.html.ExecuteTemplate(&html, "html", v); err != nil {
		return failed(err)
	}
	return core.Message{Subject: oneLine(subject.String(), maxSubject), Text: text.String(), HTML: html.String()}, nil
}

// alertView is AlertMail in the words of one language.
type alertView struct {
	Lang, Who, Customer, Client string
	Rule, Program               string
	Period, Statuses            string
	Span                        string // "12 April to 8 May 2023"; "" for a calendar month
	Count, Previous, More, Days int
	Rows                        []alertRow
	Table                       []string // the rows as lines of the text part, one order each
}

type alertRow struct{ Day, OrderID, Status, Raw string }

func newAlertView(d AlertMail) alertView {
	lang := languageFor(d.Language)
	v := alertView{
		Lang: lang.code, Customer: oneLine(d.Customer, 100), Client: oneLine(d.Client, 100),
		Rule: oneLine(d.Rule, 200), Program: oneLine(d.Program, 100),
		Period: lang.month(d.Period), Statuses: lang.statuses(d.Statuses, d.Count), Count: d.Count, Previous: d.Previous,
	}
	if d.Days > 0 {
		v.Days, v.Span = d.Days, lang.span(d.From, d.To)
	}
	if v.Client == v.Customer {
		v.Client = ""
	}
	v.Who = v.Client
	if v.Who == "" {
		v.Who = v.Customer
	}
	listed := d.Orders[:min(len(d.Orders), maxListed)]
	v.More = max(d.Count, len(d.Orders)) - len(listed)
	for _, o := range listed {
		row := alertRow{Day: o.Day.String(), OrderID: oneLine(o.OrderID, 200), Raw: oneLine(o.RawStatus, 100)}
		// An order of several lines is in the mail for the lines the rule asks for.
		of := o.Statuses & d.Statuses
		if of == 0 {
			of = core.NewStatusSet(o.Status)
		}
		row.Status = lang.statuses(of, 1)
		if strings.EqualFold(row.Raw, row.Status) {
			row.Raw = ""
		}
		v.Rows = append(v.Rows, row)
	}
	v.Table = textTable(v.Rows)
	return v
}

// textTable lines the rows up: what can be long stands last.
func textTable(rows []alertRow) []string {
	width := 0
	for _, r := range rows {
		width = max(width, utf8.RuneCountInString(r.Status))
	}
	lines := make([]string, 0, len(rows))
	for _, r := range rows {
		line := r.Day + "  " + r.Status + strings.Repeat(" ", width-utf8.RuneCountInString(r.Status)) + "  " + r.OrderID
		if r.Raw != "" {
			line += " (" + r.Raw + ")"
		}
		lines = append(lines, line)
	}
	return lines
}

// templateSet is one language's templates. Both are safe for concurrent use.
type templateSet struct {
	text *texttemplate.Template
	html *htmltemplate.Template
}

// templates parses the embedded templates once; they never change.
var templates = sync.OnceValues(func() (map[string]templateSet, error) {
	sets := map[string]templateSet{}
	for _, code := range []string{"en", "es"} {
		words := "mail/words." + code + ".tmpl"
		text, err := texttemplate.ParseFS(assets.MailTemplates, "mail/alert.txt.tmpl", "mail/ticket.txt.tmpl", words)
		if err != nil {
			return nil, err
		}
		html, err := htmltemplate.ParseFS(assets.MailTemplates, "mail/alert.html.tmpl", "mail/ticket.html.tmpl", words)
		if err != nil {
			return nil, err
		}
		sets[code] = templateSet{text: text, html: html}
	}
	return sets, nil
})
