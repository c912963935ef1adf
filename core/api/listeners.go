package api

import (
	"sync"

	"deskwatch/core"
)

// sounds are kinds of events, one bit each.
type sounds uint16

const (
	ticketsChanged sounds = 1 << iota
	marksChanged
	customersChanged
	ordersChanged
	alertsChanged
	outboxChanged
	sourcesChanged
	usersChanged
	predictionsChanged
)

func (s sounds) has(one sounds) bool { return s&one != 0 }

// kind is one kind of event: how a stream calls it, and who may hear of it.
type kind struct {
	sound sounds
	name  string // "": told in another way
	who   core.Permission
}

func kinds() []kind {
	return []kind{
		{ticketsChanged, "", core.ReadTickets},
		{marksChanged, "marks", core.ReadTickets},
		{customersChanged, "customers", core.ReadTickets},
		{predictionsChanged, "predictions", core.ReadTickets},
		{ordersChanged, "orders", core.ReadOrders},
		{alertsChanged, "alerts", core.ReadOrders},
		{outboxChanged, "outbox", core.WorkMail},
		{sourcesChanged, "sources", core.ReadSettings},
		{usersChanged, "users", core.ReadUsers},
	}
}

// soundOf says what kind of event e is; 0 for one no stream tells of.
func soundOf(e core.Event) sounds {
	switch e.(type) {
	case core.TicketsChanged:
		return ticketsChanged
	case core.MarksChanged:
		return marksChanged
	case core.CustomersChanged:
		return customersChanged
	case core.OrdersChanged:
		return ordersChanged
	case core.AlertsChanged, core.AlertsChecked:
		return alertsChanged
	case core.OutboxChanged:
		return outboxChanged
	case core.SourcesChanged:
		return sourcesChanged
	case core.UsersChanged:
		return usersChanged
	case core.PredictionsChanged:
		return predictionsChanged
	}
	return 0
}

// listeners hands what happens on to every stream. It takes every event at once and keeps its
// kind only, so that nothing is lost for a stream that is slow.
type listeners struct {
	mu    sync.Mutex
	ears  map[*ear]bool
	begun bool
}

// ear is what one stream has heard and not told yet.
type ear struct {
	user  int64 // who listens
	mu    sync.Mutex
	heard sounds
	rang  chan struct{} // holds one when there is something to take
}

func newEar(user int64) *ear { return &ear{user: user, rang: make(chan struct{}, 1)} }

func (e *ear) hear(s sounds) {
	e.mu.Lock()
	e.heard |= s
	e.mu.Unlock()
	select {
	case e.rang <- struct{}{}:
	default: // it was rung for already
	}
}

func (e *ear) take() sounds {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.heard
	e.heard = 0
	return s
}

// join begins to listen for a user; the first one makes the server listen to the desk, until it
// stops. ok is false when the user listens as often as one may.
func (l *listeners) join(s *Server, user int64) (e *ear, leave func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	of := 0
	for other := range l.ears {
		if other.user == user {
			of++
		}
	}
	if of >= streamsOfOne {
		return nil, nil, false
	}
	e = newEar(user)
	if l.ears == nil {
		l.ears = map[*ear]bool{}
	}
	l.ears[e] = true
	if !l.begun && s.quit.Err() == nil {
		l.begun = true
		events, cancel := s.Desk.Subscribe(1024)
		go func() {
			defer cancel()
			for {
				select {
				case <-s.quit.Done():
					return
				case event, open := <-events:
					if !open {
						return
					}
					l.tell(soundOf(event))
				}
			}
		}()
	}
	return e, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.ears, e)
	}, true
}

func (l *listeners) tell(s sounds) {
	if s == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for e := range l.ears {
		e.hear(s)
	}
}
