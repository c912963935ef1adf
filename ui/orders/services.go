// Package orders is the Order alerts tab: breaches, rules, mail, import and clients.
package orders

import (
	"context"
	"time"

	"deskwatch/core"
)

// Desk is what this tab needs of the core. Methods block and are never called on the UI goroutine.
type Desk interface {
	// BreachViews lists the breaches of every enabled rule with what a run would decide now,
	// newest month first, at most 10,000.
	BreachViews(ctx context.Context) ([]core.BreachView, error)
	Orders(ctx context.Context, q core.OrderQuery) (core.OrderPage, error)
	RunCheck(ctx context.Context, req core.CheckRequest) (core.CheckResult, error)
	Decisions(ctx context.Context, q core.DecisionQuery) ([]core.Decision, error)
	Mutes(ctx context.Context) ([]core.Mute, error)
	SaveMute(ctx context.Context, m core.Mute) error
	DeleteMute(ctx context.Context, customer string) error

	Rules(ctx context.Context) ([]core.Rule, error)
	// CheckRule lists what is wrong with a rule, by field name ("threshold", "to_fixed", …).
	CheckRule(r core.Rule) []core.SettingProblem
	// BackTest counts what a rule, saved or not, finds in the last months of the orders.
	BackTest(ctx context.Context, r core.Rule) (core.BackTest, error)
	SaveRule(ctx context.Context, r core.Rule) (core.Rule, error)
	DeleteRule(ctx context.Context, id int64) error

	PreviewImport(ctx context.Context, req core.ImportRequest) (core.ImportPreview, error)
	ForecastImport(ctx context.Context, req core.ImportRequest, p *core.Progress) (core.ImportForecast, error)
	Import(ctx context.Context, req core.ImportRequest, p *core.Progress) (core.ImportResult, error)
	Imports(ctx context.Context) ([]core.ImportRecord, error)
	UndoImport(ctx context.Context, id int64, p *core.Progress) (core.UndoResult, error)

	Clients(ctx context.Context, q core.ClientQuery) (core.ClientPage, error)
	UpdateClient(ctx context.Context, customer string, patch core.ClientPatch) (core.Client, error)
	SeedClients(ctx context.Context, p *core.Progress) (core.SeedResult, error)
	Customers(ctx context.Context, q core.CustomerQuery) (core.CustomerPage, error)
	LoadSample(ctx context.Context, p *core.Progress) (core.ImportResult, error)
	RemoveSample(ctx context.Context) (core.UndoResult, error)

	Deliveries(ctx context.Context, q core.DeliveryQuery) ([]core.Delivery, error)
	Delivery(ctx context.Context, id int64) (core.DeliveryDetail, error)
	OutboxCounts(ctx context.Context) (core.DeliveryCounts, error)
	Requeue(ctx context.Context, ids []int64) (int64, error)
	Discard(ctx context.Context, ids []int64) (int64, error)
	SendNow(ctx context.Context) (core.SendResult, error)

	Settings() core.Settings
	SaveSettings(ctx context.Context, s core.Settings) error
	Status(ctx context.Context) (core.DeskStatus, error)
	Subscribe(buffer int) (events <-chan core.Event, cancel func())
	Now() time.Time
}
