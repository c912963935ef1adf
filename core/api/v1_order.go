package api

import (
	"context"
	"net/http"

	"deskwatch/core"
)

func (s *Server) orderRoutes() []*route {
	orders := operation(http.MethodGet, v1+"/orders", core.ReadOrders, orderTag, "The orders of one customer, newest first", s.orders)
	breaches := operation(http.MethodGet, v1+"/breaches", core.ReadOrders, orderTag, "Customers with too many bad orders", s.breaches)
	breaches.text = "Distinct orders in one of the statuses, counted by customer and calendar month, or within any so many days in a row. What a rule looks for can be asked for by naming the rule."
	return []*route{
		orders,
		operation(http.MethodGet, v1+"/clients", core.ReadOrders, orderTag, "The customers of the orders, by identity", s.clients),
		breaches,
	}
}

type ordersIn struct {
	Customer string `query:"customer" required:"true" maxLength:"500" doc:"The identity its orders carry"`
	From     string `query:"from" maxLength:"10" doc:"The first day" example:"2026-03-01"`
	To       string `query:"to" maxLength:"10" doc:"The last day" example:"2026-03-31"`
	Status   string `query:"status" maxLength:"200" doc:"Only these, with commas between: placed, shipped, delivered, cancelled, returned, other" example:"cancelled,returned"`
	Paged
}

type orderPage struct {
	Total int64        `json:"total"`
	Items []core.Order `json:"items"`
	Next  string       `json:"next" doc:"empty on the last page"`
}

func (s *Server) orders(ctx context.Context, in *ordersIn) (*body[orderPage], error) {
	q := core.OrderQuery{Customer: in.Customer, Limit: in.limit(), After: in.After}
	var err error
	if q.From, err = dayIn("from", in.From); err != nil {
		return nil, err
	}
	if q.To, err = dayIn("to", in.To); err != nil {
		return nil, err
	}
	if q.Statuses, err = statusesIn(in.Status); err != nil {
		return nil, err
	}
	page, err := s.Desk.Orders(ctx, q)
	return answerWith(orderPage{page.Total, orEmpty(page.Orders), page.Next}, err)
}

type clientsIn struct {
	Text string `query:"text" maxLength:"500" doc:"In identity, name or e-mail"`
	Paged
}

type clientPage struct {
	Total int64         `json:"total"`
	Items []core.Client `json:"items"`
	Next  string        `json:"next" doc:"empty on the last page"`
}

func (s *Server) clients(ctx context.Context, in *clientsIn) (*body[clientPage], error) {
	page, err := s.Desk.Clients(ctx, core.ClientQuery{Text: in.Text, Limit: in.limit(), After: in.After})
	return answerWith(clientPage{page.Total, orEmpty(page.Clients), page.Next}, err)
}

type breachesIn struct {
	Rule      int64  `query:"rule" minimum:"0" doc:"What this rule looks for; the other conditions then are not used"`
	Status    string `query:"status" maxLength:"200" default:"cancelled,returned" doc:"Of these, with commas between"`
	Threshold int    `query:"threshold" minimum:"1" maximum:"1000000" default:"3" doc:"So many distinct orders, or more"`
	Days      int    `query:"days" minimum:"0" maximum:"366" default:"0" doc:"0: in a calendar month; else in so many days in a row"`
	From      string `query:"from" maxLength:"7" doc:"The first month" example:"2026-01"`
	To        string `query:"to" maxLength:"7" doc:"The last month" example:"2026-03"`
	Customer  string `query:"customer" maxLength:"500" doc:"Only of this identity"`
	Limit     int    `query:"limit" default:"100" doc:"How many at most, 1 to 1000; more and less are taken for these"`
}

type breachList struct {
	Total int           `json:"total" doc:"how many there are"`
	Items []core.Breach `json:"items" doc:"the first of them"`
}

// shownOrders is how many order ids a breach names.
const shownOrders = 100

func (s *Server) breaches(ctx context.Context, in *breachesIn) (*body[breachList], error) {
	q := core.BreachQuery{Threshold: in.Threshold, Days: in.Days, OrderIDs: shownOrders}
	var err error
	if q.Statuses, err = statusesIn(in.Status); err != nil {
		return nil, err
	}
	if q.From, err = monthIn(in.From); err != nil {
		return nil, err
	}
	if q.To, err = monthIn(in.To); err != nil {
		return nil, err
	}
	if in.Customer != "" {
		q.Customers = []string{in.Customer}
	}
	if in.Rule != 0 {
		r, err := s.rule(ctx, in.Rule)
		if err != nil {
			return nil, err
		}
		q.Statuses, q.Threshold, q.Days = r.Statuses, r.Threshold, r.Days
	}
	list, err := s.Desk.Breaches(ctx, q)
	limit := Paged{Limit: in.Limit}.limit()
	return answerWith(breachList{len(list), orEmpty(list[:min(len(list), limit)])}, err)
}

func (s *Server) rule(ctx context.Context, id int64) (core.Rule, error) {
	rules, err := s.Desk.Rules(ctx)
	if err != nil {
		return core.Rule{}, err
	}
	for _, r := range rules {
		if r.ID == id {
			return r, nil
		}
	}
	return core.Rule{}, core.NewError(core.CodeNotFound, "api.rule", "There is no rule with this number. The rules are listed at /api/v1/rules.", nil)
}
