package app

import (
	"context"
	"errors"
	"slices"

	"deskwatch/core"
)

// ticketOnly and orderOnly are the fields that tell a file of tickets from one of orders: the
// others, such as an id, a customer, a status or a channel, both have.
var (
	ticketOnly = []core.Field{core.FieldSubject, core.FieldDescription, core.FieldPriority, core.FieldOwner,
		core.FieldClosed, core.FieldFirstReply, core.FieldEscalated, core.FieldReopened, core.FieldRating}
	orderOnly = []core.Field{core.FieldAmount, core.FieldLine}
)

// HoldsTickets guesses whether a file is one of tickets rather than of orders: JSON is, and a
// table is by the columns it has. The import's preview shows what the guess led to.
func (a *App) HoldsTickets(ctx context.Context, path string) (bool, error) {
	if err := a.allow(ctx, core.ImportFiles); err != nil {
		return false, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return false, err
	}
	defer end()
	t, err := a.openTicketFile(ctx, core.TicketImportRequest{Path: path}, new(core.Progress))
	if err != nil {
		return false, err
	}
	if t.sheet == nil || t.unpacked != "" {
		return true, t.Close() // orders are read from plain tables only
	}
	o, err := a.openOrders(ctx, core.ImportRequest{Path: path})
	if err != nil {
		return false, errors.Join(err, t.Close())
	}
	tickets := among(t.columns, ticketOnly) > among(o.columns, orderOnly)
	return tickets, errors.Join(t.Close(), o.Close())
}

// among counts the columns found for the given fields.
func among(columns []core.ColumnChoice, fields []core.Field) (n int) {
	for _, c := range columns {
		if slices.Contains(fields, c.Field) {
			n++
		}
	}
	return n
}
