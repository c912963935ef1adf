// Package outbox sends what the alert runs queued: it leases deliveries, hands them to a
// Sender, records each outcome and plans the next try.
package outbox

import (
	"context"
	"time"

	"deskwatch/core"
)

// Queue keeps the deliveries. Errors are *core.Error.
type Queue interface {
	// Lease marks up to n deliveries that are due at now (queued or failed with NextTry
	// passed, or with a lease that lapsed) as sending until the given time, oldest first,
	// and returns them with the NextTry and Attempts they had.
	Lease(ctx context.Context, n int, now, until time.Time) ([]core.DeliveryDetail, error)
	// ReleaseAll makes every leased delivery due again. Only the holder of the watch
	// lock may call it, before its first lease: what it finds leased was left by a crash.
	ReleaseAll(ctx context.Context) (int64, error)
	// Finish records the outcome of a leased delivery. One that is not leased any more fails
	// it with core.CodeConflict, unless the outcome is sent: that is always recorded. An
	// unknown one fails it with core.CodeNotFound.
	Finish(ctx context.Context, id int64, f Finish) error

	Deliveries(ctx context.Context, q core.DeliveryQuery) ([]core.Delivery, error)
	Delivery(ctx context.Context, id int64) (core.DeliveryDetail, error)
	Counts(ctx context.Context) (core.DeliveryCounts, error)
	// Requeue makes held, failed and dead deliveries due now; their Message-ID stays,
	// their Attempts begin anew.
	Requeue(ctx context.Context, ids []int64, now time.Time) (int64, error)
	// Discard turns queued, failed and held deliveries into dead ones.
	Discard(ctx context.Context, ids []int64, why string) (int64, error)
}

// Finish is how one try ended.
type Finish struct {
	State   core.DeliveryState
	Reply   string
	Via     string
	Raw     []byte
	At      time.Time
	NextTry time.Time // for failed
	Tried   bool      // false: the message was not tried (no service); Attempts stays
}

// Sender carries one message. It never returns an error: what happened is in the report.
// It returns within the deadline of ctx.
type Sender interface {
	Send(ctx context.Context, m core.Message) core.SendReport
}
