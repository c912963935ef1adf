package store

import (
	"context"
	"time"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

// Pool is the ticket pool in SQLite.
type Pool struct {
	db *DB
}

var _ tickets.Pool = (*Pool)(nil)

// NewPool returns the ticket pool in db, which is of KindPool and stays the caller's to close.
func NewPool(db *DB) *Pool { return &Pool{db: db} }

func (p *Pool) Begin(ctx context.Context, start tickets.TakeStart) (tickets.Taking, error) {
	return nil, core.NewError(core.CodeInternal, "store.take", "The ticket pool cannot take snapshots yet. Nothing was changed.", nil)
}
func (p *Pool) Revision(ctx context.Context) (int64, error) { return 0, nil }
func (p *Pool) Facts(ctx context.Context, after int64, each func([]tickets.Fact) error) error {
	return nil
}
func (p *Pool) Customers(ctx context.Context, after int64) ([]tickets.CustomerFact, error) {
	return nil, nil
}
func (p *Pool) Names(ctx context.Context, after int64) ([]tickets.Name, error) { return nil, nil }
func (p *Pool) Match(ctx context.Context, match string, after uint32, each func(no uint32)) error {
	return nil
}
func (p *Pool) Tickets(ctx context.Context, nos []uint32) ([]core.Ticket, error) { return nil, nil }
func (p *Pool) Ticket(ctx context.Context, no uint32) (core.Ticket, []core.StatusStep, error) {
	return core.Ticket{}, nil, nil
}
func (p *Pool) Find(ctx context.Context, text string) ([]uint32, error) { return nil, nil }
func (p *Pool) Nos(ctx context.Context, keys []core.TicketKey) (map[core.TicketKey]uint32, error) {
	return nil, nil
}
func (p *Pool) Events(ctx context.Context, q core.TicketEventQuery) ([]core.TicketEvent, error) {
	return nil, nil
}
func (p *Pool) CountEvents(ctx context.Context, after int64) (map[core.TicketEventKind]int, error) {
	return nil, nil
}
func (p *Pool) LastEvent(ctx context.Context) (int64, error)                { return 0, nil }
func (p *Pool) EventAt(ctx context.Context, t time.Time) (int64, error)     { return 0, nil }
func (p *Pool) CountBySource(ctx context.Context) (map[string]int64, error) { return nil, nil }
func (p *Pool) Assign(ctx context.Context, nos []uint32, owner string, at time.Time) ([]core.TicketEvent, error) {
	return nil, nil
}
