package settings

import (
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// outcome is how something ended, in a sentence; the zero outcome says nothing.
type outcome struct {
	Text string
	Tone kit.Tone
}

// bookState is what the form shows of the database besides its settings.
type bookState struct {
	Note     string // below the connection string; "" its hint
	Test     outcome
	Facts    string // what answered the test; "" when nothing did
	Findings []core.Finding
	Missing  []string // indexes, in words

	Unsaved   bool // what is in the form is not what is in use
	CanIndex  bool
	CanCopy   bool
	Copy      outcome
	Compared  []core.Finding
	CanRemove bool
}

// bookWork is what was found out about the database, and what is being done to it.
type bookWork struct {
	note   string
	tested core.OrderBookSettings // what test is about
	secret *core.Secret           // the new password it was made with; nil: the stored one
	test   outcome
	report *core.BookReport
	copied outcome
	differ []core.Finding
	old    bool // the file holds nothing that the database in use has not
	busy   bool // indexes, a copy or a removal is under way
}

// bookSaved takes over that the settings, and the password secret, are stored now.
func (p *presenter) bookSaved(secret *core.Secret) {
	p.book.note = ""
	if p.book.secret == secret {
		p.book.secret = nil
	}
}

func (p *presenter) bookState() bookState {
	b, set := &p.book, p.draft.OrderBook
	secret := p.passwords[core.SecretOrderBook].draft
	s := bookState{Note: b.note, Copy: b.copied, Compared: b.differ}
	s.Unsaved = set != p.saved.OrderBook || secret != nil || p.bookProblem()
	idle := !s.Unsaved && !b.busy && set.Kind == core.BookMongoDB && p.host.May(core.EditServer)
	s.CanCopy, s.CanRemove = idle, idle && b.old
	if b.tested != set || b.secret != secret {
		return s // the test is about something else
	}
	s.Test = b.test
	if r := b.report; r != nil {
		s.Facts, s.Findings, s.Missing = reportFacts(*r), r.Findings, r.Missing
		s.CanIndex = idle && len(r.Missing) > 0
	}
	return s
}

// bookProblem reports whether something in the form of the order book cannot be used.
func (p *presenter) bookProblem() bool {
	for name := range p.form().Problems {
		if isOfBook(name) {
			return true
		}
	}
	return false
}

// isOfBook reports whether a setting is one of the order book.
func isOfBook(name string) bool { return strings.HasPrefix(name, "order_book.") }

// reportFacts says what answered a test; a server may keep its version to itself.
func reportFacts(r core.BookReport) string {
	facts := []string{r.Server}
	if r.Version != "" {
		facts = append(facts, kit.T("Version %s", r.Version))
	}
	return strings.Join(append(facts,
		kit.T("Answers in %s ms", milliseconds(r.Latency)),
		kit.T("Order documents: %s. Client documents: %s.", kit.Number(r.Orders), kit.Number(r.Clients))), "\n")
}

// milliseconds writes a short time, with a decimal where it matters.
func milliseconds(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	if ms < 10 {
		return kit.Decimal(ms, 1)
	}
	return kit.Decimal(ms, 0)
}

// setBookKind chooses what keeps the orders. What was typed for MongoDB stays while the file is
// chosen, unless it cannot be used: nobody would see what stops Save.
func (p *presenter) setBookKind(kind core.OrderBookKind) {
	p.draft.OrderBook.Kind = kind
	if kind == core.BookSQLite && p.bookProblem() {
		for name := range p.typed {
			if isOfBook(name) {
				delete(p.typed, name)
			}
		}
		if p.bookProblem() {
			p.draft.OrderBook = p.saved.OrderBook
			p.draft.OrderBook.Kind = kind
		}
		p.view.showSettings(p.draft)
	}
	p.tell()
}

// defaultNames fills in the field names Deskwatch starts with.
func (p *presenter) defaultNames() {
	b, d := &p.draft.OrderBook, core.DefaultSettings().OrderBook
	b.OrderID, b.Date, b.Status, b.Customer = d.OrderID, d.Date, d.Status, d.Customer
	b.ClientCustomer, b.ClientEmail, b.ClientIdentification = d.ClientCustomer, d.ClientEmail, d.ClientIdentification
	p.view.showSettings(p.draft)
	p.tell()
}

// setBookURI takes a connection string; a password in it goes to its own field at once. What has
// none stays as it is typed.
func (p *presenter) setBookURI(text string) {
	text = strings.TrimSpace(text)
	a := core.ParseMongoAddress(text)
	if !a.HasPassword {
		p.draft.OrderBook.URI = text
		p.tell()
		return
	}
	p.draft.OrderBook.URI = a.String()
	p.book.note = kit.T("The place for the password was taken out: write the password into its own field below.")
	if !a.Password.IsZero() {
		p.book.note = kit.T("The password was moved to its own field below. It is stored when you save, and never shown.")
		p.takePassword(core.SecretOrderBook, a.Password.Reveal(), true)
	}
	p.view.showSettings(p.draft)
	p.tell()
}
