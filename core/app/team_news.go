package app

import (
	"sync"

	"deskwatch/core"
	"deskwatch/core/source"
)

// mostNamed is of how many tickets another desk is asked by name. More than that, and everything
// is fetched.
const mostNamed = 10_000

// teamNews gathers what another desk tells until it is fetched.
type teamNews struct {
	some chan struct{} // something is there

	mu      sync.Mutex
	seq     int64 // of the last ticket event that is known here
	loaded  bool  // the desk was read at least once
	head    int64 // of the last ticket event there when the stream began
	started bool
	news    gatheredNews
}

// gatheredNews is what is to be fetched.
type gatheredNews struct {
	began   bool                    // the stream
	whole   bool                    // every ticket
	tickets map[core.TicketKey]bool // by their keys there; true for those nobody is to be told of
	marks   bool
	seq     int64 // of the last ticket event that is known when all is fetched
}

func newTeamNews(seq int64, loaded bool) *teamNews {
	return &teamNews{some: make(chan struct{}, 1), seq: seq, loaded: loaded, news: gatheredNews{seq: seq}}
}

// began reports whether the stream did.
func (n *teamNews) began() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.started
}

// take returns what was gathered, and gathers anew.
func (n *teamNews) take() gatheredNews {
	n.mu.Lock()
	defer n.mu.Unlock()
	g := n.news
	n.news = gatheredNews{seq: g.seq}
	return g
}

// add gathers one thing that was told.
func (n *teamNews) add(d source.DeskNews) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	g := &n.news
	switch d.Kind {
	case "hello":
		n.started, n.head = true, d.Seq
		g.began, g.marks = true, true
		// Without a beginning to go on from, or where the other desk counts anew, everything is news.
		if !n.loaded || n.seq == 0 || d.Seq < n.seq {
			g.whole, g.seq = true, d.Seq
		}
	case "tickets":
		n.tickets(g, d)
	case "marks", "customers":
		g.marks = true
	default:
		return nil
	}
	select {
	case n.some <- struct{}{}:
	default:
	}
	return nil
}

func (n *teamNews) tickets(g *gatheredNews, d source.DeskNews) {
	switch {
	case d.Seq > 0:
		g.seq = d.Seq
	case d.Whole:
		g.seq = n.head
	}
	g.whole = g.whole || d.Whole
	if g.tickets == nil {
		g.tickets = map[core.TicketKey]bool{}
	}
	for _, e := range d.Tickets {
		key := core.TicketKey{Source: e.Source, ID: e.TicketID}
		silent, known := g.tickets[key]
		g.tickets[key] = e.Silent && (silent || !known)
	}
	if len(g.tickets) > mostNamed {
		g.whole, g.tickets = true, nil
	}
}
