package tickets

import (
	"context"
	"reflect"
	"time"

	"deskwatch/core"
	"deskwatch/ui/async"
)

// detailState is what the pane of one ticket shows.
type detailState struct {
	No      uint32 // 0: none
	Loading bool
	Err     error
	Detail  *core.TicketDetail // of No; nil until it was read
	Edition int                // grows when Detail changes
}

// detail is the presenter of the pane of one ticket.
type detail struct {
	*bench
	changed func()
	state   detailState
	load    *async.Loader[core.TicketDetail]
	pace    *pace
	stop    func() // of a show that waits for the keyboard to rest
}

func newDetail(b *bench) *detail {
	p := &detail{bench: b, changed: func() {}, stop: func() {}, load: async.NewLoader[core.TicketDetail](b.ui)}
	p.pace = newPace(b, p.read)
	return p
}

// State is what the pane shows now.
func (p *detail) State() detailState { return p.state }

// Show shows a ticket; 0 none. rest says to wait a moment first, for somebody who walks over
// the rows with the arrow keys.
func (p *detail) Show(no uint32, rest time.Duration) {
	p.stop()
	if no == p.state.No && no != 0 {
		return
	}
	p.load.Cancel()
	p.pace.busy = false
	p.state = detailState{No: no, Edition: p.state.Edition + 1}
	if no != 0 {
		p.state.Loading = true
		if rest > 0 {
			p.stop = p.wait(rest, p.read)
		} else {
			p.read()
		}
	}
	p.changed()
}

// Refresh reads the ticket anew, because something changed.
func (p *detail) Refresh() {
	if p.state.No != 0 {
		p.pace.Ask()
	}
}

func (p *detail) read() {
	no := p.state.No
	if no == 0 {
		return
	}
	p.pace.Begin()
	p.load.Load(func(ctx context.Context) (core.TicketDetail, error) { return p.desk.TicketDetail(ctx, no) },
		func(d core.TicketDetail, err error) {
			p.pace.End()
			p.state.Loading = false
			switch {
			case err != nil:
				p.state.Err = err
				p.state.Edition++
			case p.state.Err != nil || p.state.Detail == nil || !reflect.DeepEqual(*p.state.Detail, d):
				p.state.Detail, p.state.Err = &d, nil
				p.state.Edition++
			}
			p.changed()
		})
}

// Close ends what is loading.
func (p *detail) Close() {
	p.stop()
	p.pace.stopRest()
	p.load.Close()
}
