package store

import (
	"context"

	"deskwatch/core/tickets"
)

// Try says what Commit would have said, from inside the transaction that is then rolled back.
func (k *poolTake) Try(ctx context.Context) (tickets.Taken, error) {
	err := k.during(ctx, func() error {
		if err := k.settleAll(ctx); err != nil || !k.start.Full || k.late {
			return err
		}
		return k.sweep(ctx)
	})
	if err != nil {
		return tickets.Taken{}, err
	}
	return k.taken, k.Rollback()
}
