// Package tickets is the Tickets tab: the filter, the grid of every ticket, and the pane of one
// with its clock and its customer's card.
package tickets

import (
	"context"
	"time"

	"deskwatch/core"
)

// Desk is what this tab needs of the core. Methods block and are never called on the UI
// goroutine, but for CheckQuery, CompleteQuery, Settings and Now, which read memory.
type Desk interface {
	// TicketOrder filters and sorts; TicketViews reads the rows in sight.
	TicketOrder(ctx context.Context, q core.TicketQuery) (core.TicketOrder, error)
	TicketViews(ctx context.Context, nos []uint32) ([]core.TicketView, error)
	TicketDetail(ctx context.Context, no uint32) (core.TicketDetail, error)
	// CheckQuery says what is wrong with a filter; nil when nothing is.
	CheckQuery(text string) *core.QueryProblem
	CompleteQuery(text string, cursor int) []core.Completion
	// PoolReady reports whether the tickets are in memory; TicketsChanged is published when they are.
	PoolReady() bool

	Filters(ctx context.Context) ([]core.SavedFilter, error)
	SaveFilter(ctx context.Context, f core.SavedFilter) error
	DeleteFilter(ctx context.Context, name string) error

	MarkTickets(ctx context.Context, kind core.AttentionKind, nos []uint32, comment string, until time.Time) error
	UnmarkTickets(ctx context.Context, kind core.AttentionKind, nos []uint32) error
	AssignTickets(ctx context.Context, nos []uint32, owner string) error
	// Owners lists the owners tickets have, the busiest first, at most 200.
	Owners(ctx context.Context) ([]string, error)

	// RiskList says from which risk on a ticket is on the day's list, ModelState what predicts.
	RiskList(ctx context.Context) (core.RiskList, error)
	ModelState(ctx context.Context) (core.ModelState, error)

	CustomerCard(ctx context.Context, key core.CustomerKey) (core.CustomerCard, error)
	SaveFlag(ctx context.Context, f core.ToughFlag) error
	DeleteFlag(ctx context.Context, customer core.CustomerKey) error
	LinkCustomer(ctx context.Context, customer core.CustomerKey, order string) error
	UnlinkCustomer(ctx context.Context, customer core.CustomerKey, order string) error
	// FindOrderCustomers lists order customers whose identity, name or e-mail contains text, to link with.
	FindOrderCustomers(ctx context.Context, text string) ([]core.Client, error)

	PreviewTickets(ctx context.Context, req core.TicketImportRequest) (core.TicketPreview, error)
	ImportTickets(ctx context.Context, req core.TicketImportRequest, p *core.Progress) (core.TicketImportResult, error)
	// LoadSampleTickets takes sample tickets whose customers are those of the sample orders.
	LoadSampleTickets(ctx context.Context, p *core.Progress) (core.TicketImportResult, error)
	// ExportTickets writes the tickets of a query, in its order, as CSV, and returns how many.
	ExportTickets(ctx context.Context, q core.TicketQuery, path string, p *core.Progress) (int, error)

	Settings() core.Settings
	Subscribe(buffer int) (events <-chan core.Event, cancel func())
	Now() time.Time
}
