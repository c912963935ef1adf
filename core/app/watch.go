package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"deskwatch/core"
	"deskwatch/core/instance"
	"deskwatch/core/schedule"
)

// watch is the state of watching: the lock, and the schedules that run under it.
type watch struct {
	mu     sync.Mutex
	runner *schedule.Runner // nil while another process watches
	note   string           // why this process does not watch, for people
}

// retryLock is how often a desk that does not watch asks for the lock again.
const retryLock = 15 * time.Second

// sendJob is the name of the job that sends what is queued.
const sendJob = "send mail"

// StartWatching takes the watch lock and starts the schedules. It fails with
// core.CodeConflict while another process holds the lock.
func (a *App) StartWatching(ctx context.Context) error {
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	lock, ok, holder, err := instance.TryLock(a.dataDir)
	if err != nil {
		return err
	}
	if !ok {
		return core.NewError(core.CodeConflict, "app.watch", fmt.Sprintf("Another Deskwatch (%s) watches this data folder and sends its mail. Close it first, or use another folder.", holder), nil)
	}
	if err := a.startSchedules(ctx); err != nil {
		stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
		defer cancel()
		return errors.Join(err, a.stopSchedules(stopCtx), lock.Unlock())
	}
	a.onStop("watch lock", lock.Unlock)
	a.FollowTickets()
	a.background(a.keepPredicting)
	a.serveAsWanted(ctx) // at once, so that who asked for it learns at once that it cannot run
	a.background(a.keepServing)
	a.bus.Publish(core.StatusChanged{})
	// What happened while nobody watched is not left for the jobs' first turn.
	a.recoverSoon()
	a.checkSoon()
	a.sendSoon()
	return nil
}

// startSchedules starts what runs by itself. The watch lock is held.
func (a *App) startSchedules(ctx context.Context) error {
	released, err := a.queue.ReleaseAll(ctx)
	if err != nil {
		return err
	}
	if released > 0 {
		a.log.Warn("mails were being sent when Deskwatch ended the last time; they will be tried again with the same Message-ID", "count", released)
	}
	runner, err := schedule.New(schedule.Options{Memory: a.memory, Report: a.jobFailed})
	if err != nil {
		return err
	}
	a.watch.mu.Lock()
	a.watch.runner, a.watch.note = runner, ""
	a.watch.mu.Unlock()
	if err := a.planJobs(ctx); err != nil {
		return err
	}
	runner.Start()
	return nil
}

// stopSchedules ends what runs by itself and waits for it until ctx ends.
func (a *App) stopSchedules(ctx context.Context) error {
	a.watch.mu.Lock()
	runner := a.watch.runner
	a.watch.runner = nil
	a.watch.mu.Unlock()
	if runner == nil {
		return nil
	}
	return runner.Stop(ctx)
}

// WatchWhenFree watches as soon as no other process does: at once, or after the other one
// ended. It is what the window calls; the wait ends with Stop.
func (a *App) WatchWhenFree(ctx context.Context) error {
	err := a.StartWatching(ctx)
	if core.ErrorCode(err) != core.CodeConflict {
		return err
	}
	a.noteWatcher(err)
	a.FollowTickets()
	a.log.Info("another process watches", "note", core.ErrorMessage(err))
	a.background(func(ctx context.Context) {
		tick := time.NewTicker(a.retryLock)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			err := a.StartWatching(ctx)
			switch {
			case err == nil || ctx.Err() != nil:
				return
			case core.ErrorCode(err) == core.CodeConflict:
				a.noteWatcher(err)
			default:
				a.jobFailed("watch", err)
			}
		}
	})
	return nil
}

// noteWatcher keeps for the status line who watches instead of this process.
func (a *App) noteWatcher(err error) {
	a.watch.mu.Lock()
	defer a.watch.mu.Unlock()
	a.watch.note = core.ErrorMessage(err)
}
