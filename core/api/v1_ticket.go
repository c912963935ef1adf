package api

import (
	"context"
	"net/http"

	"deskwatch/core"
)

func (s *Server) ticketRoutes() []*route {
	list := operation(http.MethodGet, v1+"/tickets", core.ReadTickets, ticketTag, "Find tickets", s.tickets)
	list.text = "Pages are followed with next. The query language is the one of the Tickets tab: `status:open due:<1h product:spark`, and any word."
	one := operation(http.MethodGet, v1+"/tickets/{key}", core.ReadTickets, ticketTag, "Everything about one ticket", s.ticket)
	one.text = "409 when several tickets have the number: the answer names their keys."
	return []*route{
		list, one,
		operation(http.MethodGet, v1+"/tickets/{key}/events", core.ReadTickets, ticketTag, "What happened to a ticket, oldest first", s.ticketEvents),
	}
}

type ticketsIn struct {
	Query string `query:"query" maxLength:"2000" doc:"In the query language; empty finds all" example:"status:open due:<1h"`
	Sort  string `query:"sort" maxLength:"20" doc:"A field, with - in front for descending: number, subject, status, priority, product, customer, owner, created, updated, closed, due, risk, tough, orders, rating" example:"-updated"`
	Texts bool   `query:"texts" doc:"With the descriptions, which are left out otherwise"`
	Paged
}

func (s *Server) tickets(ctx context.Context, in *ticketsIn) (*body[core.TicketPage], error) {
	return answerWith(s.Desk.Tickets(ctx, core.TicketQuery{Text: in.Query, Sort: in.Sort, Limit: in.limit(), After: in.After, Texts: in.Texts}))
}

// TicketIn names a ticket.
type TicketIn struct {
	Key string `path:"key" maxLength:"500" doc:"source:id, an id, or a number" example:"salesforce:5001g000009TXIm"`
}

func (s *Server) ticket(ctx context.Context, in *TicketIn) (*body[core.TicketDetail], error) {
	no, err := s.Desk.FindTicket(ctx, in.Key)
	if err != nil {
		return nil, err
	}
	return answerWith(s.Desk.TicketDetail(ctx, no))
}

type ticketEventsIn struct {
	TicketIn
	Paged
}

// TicketEventPage is one page of ticket events.
type ticketEventPage struct {
	Items []core.TicketEvent `json:"items"`
	Next  string             `json:"next" doc:"empty on the last page"`
}

func (s *Server) ticketEvents(ctx context.Context, in *ticketEventsIn) (*body[ticketEventPage], error) {
	after, err := in.number()
	if err != nil {
		return nil, err
	}
	no, err := s.Desk.FindTicket(ctx, in.Key)
	if err != nil {
		return nil, err
	}
	list, err := s.Desk.TicketEvents(ctx, core.TicketEventQuery{No: no, After: after, Limit: in.limit()})
	return answerWith(ticketEventPage{orEmpty(list), nextNumber(list, in.limit(), func(e core.TicketEvent) int64 { return e.Seq })}, err)
}
