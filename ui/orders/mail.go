package orders

import (
	"context"
	"strings"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// mailPage is how many deliveries one load brings.
const mailPage = 500

// mailState is all the view shows.
type mailState struct {
	Loading bool
	Err     error
	Rows    []core.Delivery // newest first
	Edition int             // grows when Rows changes
	More    bool            // older ones can be loaded
	Counts  core.DeliveryCounts
	Sandbox bool
	State   core.DeliveryState // filter
	Text    string             // filter
	Busy    bool               // sending or changing now

	Selected      int64 // id; 0 none
	Detail        core.DeliveryDetail
	DetailLoading bool
	DetailErr     error
}

// mail is the presenter of the Mail sub-tab.
type mail struct {
	*bench
	changed func()
	state   mailState
	load    *async.Loader[mailLoad]
	detail  *async.Loader[core.DeliveryDetail]
	newest  bool // to be opened once it is loaded
}

type mailLoad struct {
	rows   []core.Delivery
	counts core.DeliveryCounts
	more   bool
}

func newMail(b *bench) *mail {
	return &mail{bench: b, changed: func() {},
		load: async.NewLoader[mailLoad](b.ui), detail: async.NewLoader[core.DeliveryDetail](b.ui)}
}

// State is what the view shows now.
func (p *mail) State() mailState { return p.state }

// Load reads the newest deliveries anew, as many as are shown now.
func (p *mail) Load() { p.fetch(0, nil) }

// Older loads the page after the last row.
func (p *mail) Older() {
	if n := len(p.state.Rows); n > 0 && p.state.More {
		p.fetch(p.state.Rows[n-1].ID, p.state.Rows)
	}
}

func (p *mail) fetch(before int64, head []core.Delivery) {
	p.state.Loading = true
	p.changed()
	limit := mailPage
	if before == 0 {
		limit = min(1000, max(limit, len(p.state.Rows)))
	}
	q := core.DeliveryQuery{State: p.state.State, Text: p.state.Text, Limit: limit, Before: before}
	p.load.Load(func(ctx context.Context) (mailLoad, error) {
		rows, err := p.desk.Deliveries(ctx, q)
		if err != nil {
			return mailLoad{}, err
		}
		counts, err := p.desk.OutboxCounts(ctx)
		return mailLoad{rows, counts, len(rows) == q.Limit}, err
	}, func(l mailLoad, err error) {
		p.state.Loading, p.state.Err = false, err
		if err == nil {
			p.state.Rows = append(append([]core.Delivery(nil), head...), l.rows...)
			p.state.Edition++
			p.state.Counts, p.state.More = l.counts, l.more
			p.state.Sandbox = p.desk.Settings().Mail.Mode == core.MailSandbox
			if p.newest && len(l.rows) > 0 && p.state.Selected == 0 {
				p.state.Selected = l.rows[0].ID
			}
			p.newest = false
			if p.state.Selected != 0 {
				p.open(p.state.Selected)
			}
		}
		p.changed()
	})
}

// FilterState keeps deliveries of one state; "" all.
func (p *mail) FilterState(s core.DeliveryState) {
	if p.state.State != s {
		p.state.State, p.state.Rows = s, nil
		p.Load()
	}
}

// FilterText keeps deliveries whose customer, recipient or subject contains text.
func (p *mail) FilterText(text string) {
	if text = strings.TrimSpace(text); p.state.Text != text {
		p.state.Text, p.state.Rows = text, nil
		p.Load()
	}
}

// ShowCustomer lists every delivery about one customer and opens the newest.
func (p *mail) ShowCustomer(customer string) {
	p.newest = true
	p.state.State, p.state.Text, p.state.Rows, p.state.Selected = "", customer, nil, 0
	p.Load()
}

// Select opens a delivery; 0 none.
func (p *mail) Select(id int64) {
	if id == p.state.Selected {
		return
	}
	if id == 0 {
		p.state.Selected, p.state.Detail, p.state.DetailErr = 0, core.DeliveryDetail{}, nil
		p.detail.Cancel()
	} else {
		p.open(id)
	}
	p.changed()
}

func (p *mail) open(id int64) {
	p.state.Selected, p.state.DetailLoading = id, true
	p.detail.Load(func(ctx context.Context) (core.DeliveryDetail, error) { return p.desk.Delivery(ctx, id) },
		func(d core.DeliveryDetail, err error) {
			p.state.Detail, p.state.DetailErr, p.state.DetailLoading = d, err, false
			p.changed()
		})
}

// CanRetry reports whether the open delivery can be made due now.
func (p *mail) CanRetry() bool {
	switch p.state.Detail.State {
	case core.DeliveryFailed, core.DeliveryHeld, core.DeliveryDead:
		return p.opened()
	}
	return false
}

// CanDiscard reports whether the open delivery can be given up.
func (p *mail) CanDiscard() bool {
	switch p.state.Detail.State {
	case core.DeliveryQueued, core.DeliveryFailed, core.DeliveryHeld:
		return p.opened()
	}
	return false
}

func (p *mail) opened() bool {
	return p.state.Selected != 0 && p.state.Detail.ID == p.state.Selected && !p.state.Busy
}

// Retry makes the open delivery due and sends what is due.
func (p *mail) Retry() {
	if !p.CanRetry() {
		return
	}
	id := p.state.Selected
	p.act(func(ctx context.Context) (string, error) {
		if _, err := p.desk.Requeue(ctx, []int64{id}); err != nil {
			return "", err
		}
		r, err := p.desk.SendNow(ctx)
		return sendText(r), err
	})
}

// Discard gives the open delivery up, after asking.
func (p *mail) Discard() {
	if !p.CanDiscard() {
		return
	}
	id := p.state.Selected
	p.host.Confirm(kit.Question{
		Title: kit.T("Discard this mail?"),
		Text:  kit.T("The mail to %s is not sent. It stays in this list as given up, and can be tried again.", p.state.Detail.Recipient),
		Yes:   kit.T("Discard"), Danger: true,
	}, func() {
		p.act(func(ctx context.Context) (string, error) {
			_, err := p.desk.Discard(ctx, []int64{id})
			return kit.T("The mail is given up. It stays in this list."), err
		})
	})
}

// SendDue sends what is due now.
func (p *mail) SendDue() {
	p.act(func(ctx context.Context) (string, error) {
		r, err := p.desk.SendNow(ctx)
		return sendText(r), err
	})
}

func (p *mail) act(work func(context.Context) (string, error)) {
	if p.state.Busy {
		return
	}
	p.state.Busy = true
	p.changed()
	do(p.bench, work, func(text string, err error) {
		p.state.Busy = false
		if err == nil {
			p.say(text)
		}
		p.Load()
	})
}

// Waiting is how many deliveries wait to be sent.
func (s mailState) Waiting() int64 {
	return s.Counts[core.DeliveryQueued] + s.Counts[core.DeliveryFailed] + s.Counts[core.DeliverySending]
}

// Empty reports whether the outbox never held anything.
func (s mailState) Empty() bool {
	for _, n := range s.Counts {
		if n > 0 {
			return false
		}
	}
	return true
}

func sendText(r core.SendResult) string {
	if r == (core.SendResult{}) {
		return kit.T("Nothing was due.")
	}
	var parts []string
	add := func(n int, text string) {
		if n > 0 {
			parts = append(parts, text)
		}
	}
	add(r.Sent, kit.N("%s mail sent", "%s mails sent", int64(r.Sent)))
	add(r.Failed, kit.N("%s failed and is tried again", "%s failed and are tried again", int64(r.Failed)))
	add(r.Held, kit.N("%s held", "%s are held", int64(r.Held)))
	add(r.Dead, kit.N("%s given up", "%s are given up", int64(r.Dead)))
	add(r.Left, kit.N("%s waits for later", "%s wait for later", int64(r.Left)))
	return strings.Join(parts, ", ") + "."
}

// Close ends what is loading.
func (p *mail) Close() { p.load.Close(); p.detail.Close() }
