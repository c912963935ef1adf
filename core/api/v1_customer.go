package api

import (
	"context"
	"net/http"
	"time"

	"deskwatch/core"
)

func (s *Server) customerRoutes() []*route {
	flag := operation(http.MethodPut, v1+"/customers/{source}/{id}/flag", core.MarkTickets, customerTag, "Say that a customer is tough, or is not", s.saveFlag)
	flag.text = "It wins over the score until it ends or is taken back."
	return []*route{
		operation(http.MethodGet, v1+"/customers", core.ReadTickets, customerTag, "Customers of the tickets, the toughest first", s.customers),
		operation(http.MethodGet, v1+"/customers/{source}/{id}", core.ReadTickets, customerTag, "One customer: tickets, orders, timeline", s.customer),
		flag,
		operation(http.MethodDelete, v1+"/customers/{source}/{id}/flag", core.MarkTickets, customerTag, "Take the flag of a customer back", s.deleteFlag),
	}
}

type customersIn struct {
	Text     string `query:"text" maxLength:"500" doc:"In key, name or e-mail"`
	Proposed bool   `query:"proposed" doc:"Only those that may be the same as a customer of the orders, and wait for a person to say so"`
	Paged
}

func (s *Server) customers(ctx context.Context, in *customersIn) (*body[core.CardPage], error) {
	return answerWith(s.Desk.CustomerCards(ctx, core.CardQuery{Text: in.Text, Proposed: in.Proposed, Limit: in.limit(), After: in.After}))
}

// CustomerIn names a customer.
type CustomerIn struct {
	Source string `path:"source" maxLength:"200" doc:"The ticket source, or orders" example:"salesforce"`
	ID     string `path:"id" maxLength:"500" doc:"The customer's id there"`
}

func (in CustomerIn) key() core.CustomerKey { return core.CustomerKey{Source: in.Source, ID: in.ID} }

func (s *Server) customer(ctx context.Context, in *CustomerIn) (*body[core.CustomerCard], error) {
	return answerWith(s.Desk.CustomerCard(ctx, in.key()))
}

type flagIn struct {
	CustomerIn
	Body struct {
		Tough    bool              `json:"tough" doc:"false: not tough, whatever the score says"`
		Note     string            `json:"note,omitempty" maxLength:"2000"`
		Until    time.Time         `json:"until,omitzero" doc:"left out: until it is taken back"`
		Customer *core.CustomerKey `json:"customer,omitempty" doc:"when sent, the one of the address"`
		At       time.Time         `json:"at,omitzero" doc:"not used: the desk notes when it learns of it, and of whom"`
		By       string            `json:"by,omitempty" maxLength:"200" doc:"not used"`
	}
}

func (s *Server) saveFlag(ctx context.Context, in *flagIn) (*nothing, error) {
	if c := in.Body.Customer; c != nil && *c != in.key() {
		return nil, core.NewError(core.CodeInvalid, "api.flag", "The body is about another customer than the address. Nothing was changed.", nil)
	}
	return done(s.Desk.SaveFlag(ctx, core.ToughFlag{Customer: in.key(), Tough: in.Body.Tough, Note: in.Body.Note, Until: in.Body.Until}))
}

func (s *Server) deleteFlag(ctx context.Context, in *CustomerIn) (*nothing, error) {
	return done(s.Desk.DeleteFlag(ctx, in.key()))
}
