package app

import (
	"context"
	"fmt"

	"deskwatch/core"
	"deskwatch/core/instance"
)

// Deliveries lists mails, newest first.
func (a *App) Deliveries(ctx context.Context, q core.DeliveryQuery) ([]core.Delivery, error) {
	if err := a.allow(ctx, core.WorkMail); err != nil {
		return nil, err
	}
	return a.queue.Deliveries(ctx, q)
}

// Delivery returns one mail with its content.
func (a *App) Delivery(ctx context.Context, id int64) (core.DeliveryDetail, error) {
	if err := a.allow(ctx, core.WorkMail); err != nil {
		return core.DeliveryDetail{}, err
	}
	return a.queue.Delivery(ctx, id)
}

// OutboxCounts counts the mails by state.
func (a *App) OutboxCounts(ctx context.Context) (core.DeliveryCounts, error) {
	if err := a.allow(ctx, core.WorkMail); err != nil {
		return core.DeliveryCounts{}, err
	}
	return a.queue.Counts(ctx)
}

// Requeue makes held, failed and given-up mails due now.
func (a *App) Requeue(ctx context.Context, ids []int64) (int64, error) {
	if err := a.allow(ctx, core.WorkMail); err != nil {
		return 0, err
	}
	n, err := a.queue.Requeue(ctx, ids, a.now())
	if err == nil && n > 0 {
		a.worker.Resume()
		a.bus.Publish(core.OutboxChanged{})
		a.sendSoon()
	}
	return n, err
}

// Discard gives mails up that were not sent.
func (a *App) Discard(ctx context.Context, ids []int64) (int64, error) {
	if err := a.allow(ctx, core.WorkMail); err != nil {
		return 0, err
	}
	n, err := a.queue.Discard(ctx, ids, "Discarded by hand; it was not sent.")
	if err == nil && n > 0 {
		a.bus.Publish(core.OutboxChanged{})
	}
	return n, err
}

// SendNow sends what is due, without waiting for the sender's turn. Only the process that
// watches sends.
func (a *App) SendNow(ctx context.Context) (core.SendResult, error) {
	if err := a.allow(ctx, core.WorkMail); err != nil {
		return core.SendResult{}, err
	}
	if !a.watching() {
		return core.SendResult{}, core.NewError(core.CodeConflict, "app.send", "Another Deskwatch watches this data folder and sends its mail by itself. Nothing was done here.", nil)
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.SendResult{}, err
	}
	defer end()
	a.worker.Resume()
	return a.worker.SendDue(ctx)
}

// SendOnce takes the watch lock for one pass over the outbox, as a command does.
func (a *App) SendOnce(ctx context.Context) (res core.SendResult, err error) {
	if err := a.allow(ctx, core.WorkMail); err != nil {
		return res, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return res, err
	}
	defer end()
	lock, ok, holder, err := instance.TryLock(a.dataDir)
	if err != nil {
		return res, err
	}
	if !ok {
		return res, core.NewError(core.CodeConflict, "app.send", fmt.Sprintf("Another Deskwatch (%s) watches this data folder and sends its mail by itself. Nothing was done here.", holder), nil)
	}
	defer func() {
		if unlockErr := lock.Unlock(); err == nil {
			err = unlockErr
		}
	}()
	if _, err := a.queue.ReleaseAll(ctx); err != nil {
		return res, err
	}
	return a.worker.SendDue(ctx)
}
