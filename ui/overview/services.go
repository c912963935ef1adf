// Package overview is the first tab: what needs me now, what happened since I left, and how
// the days go.
package overview

import (
	"context"
	"time"

	"deskwatch/core"
)

// Desk is what this tab needs of the core. Overview blocks and is never called on the UI
// goroutine.
type Desk interface {
	Overview(ctx context.Context) (core.Overview, error)
	// PredictionReport says how good predictions have been; it blocks as Overview does.
	PredictionReport(ctx context.Context) (core.PredictionReport, error)
	// RiskList is what needs to be looked after today, ModelState says what predicts that.
	RiskList(ctx context.Context) (core.RiskList, error)
	ModelState(ctx context.Context) (core.ModelState, error)
	// Looked says that somebody looks at the desk now: what happened before is no longer news
	// once they leave again.
	Looked(ctx context.Context) error
	LoadSampleTickets(ctx context.Context, p *core.Progress) (core.TicketImportResult, error)
	LoadSample(ctx context.Context, p *core.Progress) (core.ImportResult, error)
	RunSource(ctx context.Context, name string) error
	Settings() core.Settings
	Subscribe(buffer int) (events <-chan core.Event, cancel func())
	Now() time.Time
}
