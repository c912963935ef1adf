package api

import (
	"context"

	"deskwatch/core"
)

// Desk is what the server asks for and does. Every method that takes a ctx works for the actor in
// it (core.WithActor) and fails with core.CodeForbidden when they may not; other errors are
// *core.Error, too. Lists are clamped to what their queries say.
type Desk interface {
	Collecting

	Subscribe(buffer int) (events <-chan core.Event, cancel func())
	PoolReady() bool
	// Ready fails while the desk cannot answer: a database, or tickets that are not read yet.
	Ready(ctx context.Context) error
	// Figures are what /metrics tells of the desk.
	Figures(ctx context.Context) ([]core.Figure, error)
	// DisplayName is how the user an actor is calls themselves; "" for nobody known.
	DisplayName(ctx context.Context) (string, error)

	Overview(ctx context.Context) (core.Overview, error)
	Tickets(ctx context.Context, q core.TicketQuery) (core.TicketPage, error)
	FindTicket(ctx context.Context, text string) (uint32, error)
	TicketDetail(ctx context.Context, no uint32) (core.TicketDetail, error)
	TicketEvents(ctx context.Context, q core.TicketEventQuery) ([]core.TicketEvent, error)
	LastTicketEvent(ctx context.Context) (int64, error)

	// PredictTickets lists the open tickets a query finds by the risk that they end badly, the highest
	// first.
	PredictTickets(ctx context.Context, q core.TicketQuery) (core.Predictions, error)
	// RiskList is what needs to be looked after today.
	RiskList(ctx context.Context) (core.RiskList, error)
	PredictionReport(ctx context.Context) (core.PredictionReport, error)
	ModelState(ctx context.Context) (core.ModelState, error)
	// TrainModel fails with core.CodeConflict while another training runs.
	TrainModel(ctx context.Context, p *core.Progress) (core.TrainingResult, error)

	// MarkByKey acknowledges or snoozes tickets, or takes that back. A key nobody knows fails with
	// core.CodeNotFound and changes nothing.
	MarkByKey(ctx context.Context, m core.MarkRequest) error
	AssignByKey(ctx context.Context, keys []core.TicketKey, owner string) error
	SharedMarks(ctx context.Context) (core.SharedMarks, error)

	CustomerCards(ctx context.Context, q core.CardQuery) (core.CardPage, error)
	CustomerCard(ctx context.Context, key core.CustomerKey) (core.CustomerCard, error)
	SaveFlag(ctx context.Context, f core.ToughFlag) error
	DeleteFlag(ctx context.Context, customer core.CustomerKey) error

	Orders(ctx context.Context, q core.OrderQuery) (core.OrderPage, error)
	Clients(ctx context.Context, q core.ClientQuery) (core.ClientPage, error)
	Breaches(ctx context.Context, q core.BreachQuery) ([]core.Breach, error)

	Rules(ctx context.Context) ([]core.Rule, error)
	Decisions(ctx context.Context, q core.DecisionQuery) ([]core.Decision, error)
	Deliveries(ctx context.Context, q core.DeliveryQuery) ([]core.Delivery, error)
	Delivery(ctx context.Context, id int64) (core.DeliveryDetail, error)

	Users(ctx context.Context) ([]core.User, error)
	SaveUser(ctx context.Context, u core.User, password *core.Secret) (core.User, error)
	DeleteUser(ctx context.Context, id int64) error
	Tokens(ctx context.Context) ([]core.Token, error)
	CreateToken(ctx context.Context, t core.NewToken) (core.Token, core.Secret, error)
	RevokeToken(ctx context.Context, id int64) error

	Sources(ctx context.Context) ([]core.SourceReport, error)
	// ReadLog selects lines of the live log.
	ReadLog(ctx context.Context, q core.LogQuery) ([]core.LogLine, error)
	// NamedSettings lists every setting by its dotted name, in the form SetSettings takes.
	NamedSettings(ctx context.Context) (map[string]string, error)
	// SetSettings changes settings given as "mail.host=mail.example.org", all or none. notes say
	// what else was done, for people.
	SetSettings(ctx context.Context, pairs []string) (notes []string, err error)
}
