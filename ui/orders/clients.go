package orders

import (
	"context"
	netmail "net/mail"
	"strings"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// clientsPage is how many clients one load brings.
const clientsPage = 500

// The fields of the client form.
const (
	clientName  = "name"
	clientEmail = "email"
	clientIdent = "identification"
)

// clientsState is all the view shows.
type clientsState struct {
	Loading bool
	Err     error
	Rows    []core.Client
	Edition int // grows when Rows or Strangers changes
	Total   int64
	More    bool
	Text    string // filter
	Status  core.DeskStatus

	Unrecognised      bool // the list of unrecognised customers is shown instead
	Strangers         []core.Customer
	StrangersTotal    int64
	StrangersErr      error
	StrangersSearched bool

	Selected *core.Client
	Texts    map[string]string
	Problem  string // of the e-mail
	Dirty    bool
	Form     int // grows when the form must be filled anew

	Busy bool
	Seed *core.SeedResult // of the last seeding, until it is put away
}

// clients is the presenter of the Clients sub-tab.
type clients struct {
	*bench
	sample  *sample
	changed func()
	state   clientsState
	load    *async.Loader[clientsLoad]
	strange *async.Loader[core.CustomerPage]
	next    string
}

type clientsLoad struct {
	page   core.ClientPage
	status core.DeskStatus
}

func newClients(b *bench, s *sample) *clients {
	return &clients{bench: b, sample: s, changed: func() {},
		load: async.NewLoader[clientsLoad](b.ui), strange: async.NewLoader[core.CustomerPage](b.ui)}
}

// State is what the view shows now.
func (p *clients) State() clientsState { return p.state }

// Load reads the clients, and the unrecognised customers when they are shown, anew.
func (p *clients) Load() {
	p.fetch("", nil)
	if p.state.Unrecognised {
		p.loadStrangers()
	}
}

// More loads the next page.
func (p *clients) More() {
	if p.state.More {
		p.fetch(p.next, p.state.Rows)
	}
}

func (p *clients) fetch(after string, head []core.Client) {
	p.state.Loading = true
	p.changed()
	q := core.ClientQuery{Text: p.state.Text, Limit: clientsPage, After: after}
	if after == "" {
		q.Limit = min(1000, max(clientsPage, len(p.state.Rows)))
	}
	p.load.Load(func(ctx context.Context) (l clientsLoad, err error) {
		if l.page, err = p.desk.Clients(ctx, q); err == nil {
			l.status, err = p.desk.Status(ctx)
		}
		return l, err
	}, func(l clientsLoad, err error) {
		p.state.Loading, p.state.Err = false, err
		if err == nil {
			p.state.Rows = append(append([]core.Client(nil), head...), l.page.Clients...)
			p.state.Edition++
			p.state.Total, p.next, p.state.More, p.state.Status = l.page.Total, l.page.Next, l.page.Next != "", l.status
			p.reselect()
		}
		p.changed()
	})
}

// reselect keeps the open client over a reload; what was typed into its form stays.
func (p *clients) reselect() {
	if p.state.Selected == nil || p.state.Dirty {
		return
	}
	for i := range p.state.Rows {
		if c := p.state.Rows[i]; c.Customer == p.state.Selected.Customer {
			if c != *p.state.Selected {
				p.edit(&c)
			}
			return
		}
	}
	p.edit(nil)
}

// Filter keeps clients whose identity, name or e-mail contains text.
func (p *clients) Filter(text string) {
	if text = strings.TrimSpace(text); text != p.state.Text {
		p.state.Text, p.state.Rows = text, nil
		p.fetch("", nil)
	}
}

// ShowUnrecognised turns between the clients and the unrecognised customers.
func (p *clients) ShowUnrecognised(on bool) {
	p.state.Unrecognised = on
	if on {
		p.loadStrangers()
	}
	p.changed()
}

func (p *clients) loadStrangers() {
	no := false
	p.strange.Load(func(ctx context.Context) (core.CustomerPage, error) {
		return p.desk.Customers(ctx, core.CustomerQuery{Recognised: &no, Limit: 10_000})
	}, func(page core.CustomerPage, err error) {
		p.state.StrangersErr, p.state.StrangersSearched = err, true
		if err == nil {
			p.state.Edition++
			p.state.Strangers, p.state.StrangersTotal = page.Customers, page.Total
		}
		p.changed()
	})
}

// Select opens a client; "" none.
func (p *clients) Select(customer string) {
	if p.state.Selected == nil && customer == "" || p.state.Selected != nil && p.state.Selected.Customer == customer {
		return
	}
	var found *core.Client
	for i := range p.state.Rows {
		if p.state.Rows[i].Customer == customer {
			c := p.state.Rows[i]
			found = &c
		}
	}
	p.edit(found)
	p.changed()
}

func (p *clients) edit(c *core.Client) {
	p.state.Selected, p.state.Dirty, p.state.Problem = c, false, ""
	p.state.Form++
	p.state.Texts = map[string]string{}
	if c != nil {
		p.state.Texts = map[string]string{clientName: c.Name, clientEmail: c.Email, clientIdent: c.Identification}
	}
}

// Type takes what was typed into a field of the form.
func (p *clients) Type(field, text string) {
	if p.state.Selected == nil || p.state.Texts[field] == text {
		return
	}
	p.state.Texts[field] = text
	c := p.state.Selected
	p.state.Dirty = p.text(clientName) != c.Name || p.text(clientEmail) != c.Email || p.text(clientIdent) != c.Identification
	p.state.Problem = checkEmail(p.text(clientEmail))
	p.changed()
}

func (p *clients) text(field string) string { return strings.TrimSpace(p.state.Texts[field]) }

// checkEmail says what is wrong with an address; none at all is right.
func checkEmail(text string) string {
	if text == "" {
		return ""
	}
	a, err := netmail.ParseAddress(text)
	if err != nil || a.Address != text || !strings.Contains(text[strings.LastIndex(text, "@"):], ".") {
		return kit.T("Write one address, such as name@company.com.")
	}
	return ""
}

// CanSave reports whether the form holds something new and right.
func (p *clients) CanSave() bool {
	return p.state.Selected != nil && p.state.Dirty && p.state.Problem == "" && !p.state.Busy
}

// Save stores what the form changed.
func (p *clients) Save() {
	if !p.CanSave() {
		return
	}
	c := *p.state.Selected
	var patch core.ClientPatch
	set := func(into **string, field, old string) {
		if text := p.text(field); text != old {
			*into = &text
		}
	}
	set(&patch.Name, clientName, c.Name)
	set(&patch.Email, clientEmail, c.Email)
	set(&patch.Identification, clientIdent, c.Identification)
	p.state.Busy = true
	p.changed()
	do(p.bench, func(ctx context.Context) (core.Client, error) { return p.desk.UpdateClient(ctx, c.Customer, patch) },
		func(saved core.Client, err error) {
			p.state.Busy = false
			if err == nil {
				saved.Orders = c.Orders
				p.edit(&saved)
				p.say(kit.T("The client %s is saved.", saved.Customer))
				p.Load()
			}
			p.changed()
		})
}

// Revert takes back what was typed.
func (p *clients) Revert() {
	p.edit(p.state.Selected)
	p.changed()
}

// SeedClients makes a client of every recognised customer that has none.
func (p *clients) SeedClients() {
	if p.state.Busy {
		return
	}
	p.state.Busy, p.state.Unrecognised = true, false
	p.changed()
	long(p.bench, kit.T("Seeding clients"), p.desk.SeedClients, func(r core.SeedResult, err error) {
		p.state.Busy = false
		if err == nil {
			p.state.Seed = &r
			p.say(seedText(r))
		}
		p.changed()
		p.Load()
	})
}

// PutSeedAway closes the result of the last seeding.
func (p *clients) PutSeedAway() {
	p.state.Seed = nil
	p.changed()
}

func seedText(r core.SeedResult) string {
	return kit.T("%s made, %s there already, %s skipped.",
		kit.N("%s client", "%s clients", r.Created), kit.Number(r.Existing), kit.Number(r.SkippedN))
}

// Close ends what is loading.
func (p *clients) Close() { p.load.Close(); p.strange.Close() }
