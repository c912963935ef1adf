package api

import (
	"context"
	"net/http"
	"time"

	"deskwatch/core"
)

func (s *Server) alertRoutes() []*route {
	return []*route{
		operation(http.MethodGet, v1+"/rules", core.ReadOrders, orderTag, "The alert rules", s.rules),
		operation(http.MethodGet, v1+"/alerts", core.ReadOrders, orderTag, "What was decided about breaches, and why, newest first", s.alerts),
		operation(http.MethodGet, v1+"/deliveries", core.WorkMail, orderTag, "The mails, newest first", s.deliveries),
		operation(http.MethodGet, v1+"/deliveries/{id}", core.WorkMail, orderTag, "One mail with its content", s.delivery),
	}
}

type ruleList struct {
	Items []core.Rule `json:"items"`
}

func (s *Server) rules(ctx context.Context, _ *struct{}) (*body[ruleList], error) {
	list, err := s.Desk.Rules(ctx)
	return answerWith(ruleList{orEmpty(list)}, err)
}

type alertsIn struct {
	Rule     int64  `query:"rule" minimum:"0" doc:"Only of this rule"`
	Customer string `query:"customer" maxLength:"500" doc:"Only of this identity"`
	Paged
}

type decisionPage struct {
	Items []core.Decision `json:"items"`
	Next  string          `json:"next" doc:"empty on the last page"`
}

func (s *Server) alerts(ctx context.Context, in *alertsIn) (*body[decisionPage], error) {
	before, err := in.number()
	if err != nil {
		return nil, err
	}
	list, err := s.Desk.Decisions(ctx, core.DecisionQuery{RuleID: in.Rule, Customer: in.Customer, Limit: in.limit(), Before: before})
	return answerWith(decisionPage{orEmpty(list), nextNumber(list, in.limit(), func(d core.Decision) int64 { return d.ID })}, err)
}

type deliveriesIn struct {
	State core.DeliveryState `query:"state" enum:"queued,sending,sent,failed,held,dead" doc:"Only those in this state"`
	Text  string             `query:"text" maxLength:"500" doc:"In customer, recipient or subject"`
	Paged
}

type deliveryPage struct {
	Items []core.Delivery `json:"items"`
	Next  string          `json:"next" doc:"empty on the last page"`
}

func (s *Server) deliveries(ctx context.Context, in *deliveriesIn) (*body[deliveryPage], error) {
	before, err := in.number()
	if err != nil {
		return nil, err
	}
	list, err := s.Desk.Deliveries(ctx, core.DeliveryQuery{State: in.State, Text: in.Text, Limit: in.limit(), Before: before})
	return answerWith(deliveryPage{orEmpty(list), nextNumber(list, in.limit(), func(d core.Delivery) int64 { return d.ID })}, err)
}

// IDIn names one by its id. (huma reads parameters of exported types only.)
type IDIn struct {
	ID int64 `path:"id" minimum:"1"`
}

type deliveryDetail struct {
	core.Delivery
	Message mailText `json:"message"`
}

type mailText struct {
	From string    `json:"from" doc:"empty: taken from the settings when it is sent"`
	To   string    `json:"to"`
	Text string    `json:"text"`
	HTML string    `json:"html"`
	Date time.Time `json:"date,omitzero"`
}

func (s *Server) delivery(ctx context.Context, in *IDIn) (*body[deliveryDetail], error) {
	d, err := s.Desk.Delivery(ctx, in.ID)
	m := d.Message
	return answerWith(deliveryDetail{d.Delivery, mailText{m.From, m.To, m.Text, m.HTML, m.Date}}, err)
}
