package app

import (
	"context"

	"deskwatch/core"
	"deskwatch/core/orders"
	"deskwatch/core/tickets"
)

// LoadSampleTickets takes sample tickets whose customers are those of the sample orders. Where
// they are already it changes nothing. Nobody is told of them.
func (a *App) LoadSampleTickets(ctx context.Context, p *core.Progress) (core.TicketImportResult, error) {
	if err := a.allow(ctx, core.ImportFiles); err != nil {
		return core.TicketImportResult{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.TicketImportResult{}, err
	}
	defer end()
	if p == nil {
		p = new(core.Progress)
	}
	p.SetPhase("Loading sample data")
	started := a.now()
	res := core.TicketImportResult{Source: tickets.SampleSource, Format: sampleFormat}
	kept, err := a.pool.CountBySource(ctx)
	if err != nil {
		return res, err
	}
	there, err := a.hasSampleTickets(ctx)
	if err != nil {
		return res, err
	}
	if there {
		res.Tickets, res.Unchanged = kept[tickets.SampleSource], kept[tickets.SampleSource]
		return res, nil
	}
	states := tickets.Sample(orders.SampleClients(started), started)
	p.SetTotal(int64(len(states)))
	start := tickets.TakeStart{Source: tickets.SampleSource, At: started, Replay: true}
	taken, err := a.takeStream(ctx, start, &heldTickets{states, sampleFormat}, takeOptions{}, p)
	if err != nil {
		return res, err
	}
	res.Rows, res.SnapshotCounts, res.Baseline = taken.Rows, taken.SnapshotCounts, taken.Baseline
	res.Seconds = a.now().Sub(started).Seconds()
	a.log.Info("sample tickets loaded", "tickets", res.New)
	return res, nil
}

const sampleFormat = "Sample tickets"

// hasSampleTickets reports whether the sample tickets are in the pool and not gone.
func (a *App) hasSampleTickets(ctx context.Context) (bool, error) {
	nos, err := a.pool.Find(ctx, tickets.SampleFirst().String())
	if err != nil {
		return false, err
	}
	list, err := a.pool.Tickets(ctx, nos)
	for _, t := range list {
		if t.Key() == tickets.SampleFirst() && !t.Gone {
			return true, nil
		}
	}
	return false, err
}

// addSampleTickets brings the sample tickets to a pool without tickets of another source, and says
// how many came.
func (a *App) addSampleTickets(ctx context.Context, p *core.Progress) (int64, error) {
	kept, err := a.pool.CountBySource(ctx)
	if err != nil {
		return 0, err
	}
	for source, n := range kept {
		if source != tickets.SampleSource && n > 0 {
			return 0, nil
		}
	}
	res, err := a.LoadSampleTickets(ctx, p)
	if err != nil || res.New+res.Changed == 0 {
		return 0, err
	}
	kept, err = a.pool.CountBySource(ctx)
	return kept[tickets.SampleSource], err
}

// RemoveSampleTickets takes the sample tickets out of sight. The pool forgets no ticket: they are
// kept as gone, and what they said of their customers stays.
func (a *App) RemoveSampleTickets(ctx context.Context) (core.SnapshotCounts, error) {
	if err := a.allow(ctx, core.ImportFiles); err != nil {
		return core.SnapshotCounts{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.SnapshotCounts{}, err
	}
	defer end()
	there, err := a.hasSampleTickets(ctx)
	if err != nil || !there {
		return core.SnapshotCounts{}, err
	}
	start := tickets.TakeStart{Source: tickets.SampleSource, At: a.now(), Full: true, Silent: true}
	taken, err := a.takeStream(ctx, start, &heldTickets{format: sampleFormat}, takeOptions{}, nil)
	if err == nil {
		a.log.Info("sample tickets taken out of sight", "tickets", taken.Gone)
		err = joinErrors(a.predictions.Forget(ctx, tickets.SampleSource), a.forgetSampleModel(ctx))
	}
	return taken.SnapshotCounts, err
}
