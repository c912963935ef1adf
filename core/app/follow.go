package app

import (
	"context"
	"time"

	"deskwatch/core"
)

const (
	// lookAtPool is how often the pool is asked whether another process changed it.
	lookAtPool = 500 * time.Millisecond
	// ageEvery is how often clocks, scores and risks are told anew because time went by.
	ageEvery = time.Minute
	// followJob names the following in the log.
	followJob = "follow the tickets"
)

// FollowTickets reads the tickets into memory in the background and keeps them up to date with
// what any process does, until Stop. A second call does nothing.
func (a *App) FollowTickets() {
	a.following.Do(func() {
		a.followed.Store(true)
		a.background(a.followUsers)
		a.background(func(ctx context.Context) {
			for !a.index.Ready() {
				err := a.readTickets(ctx)
				if ctx.Err() != nil {
					return
				}
				if err != nil {
					a.jobFailed(followJob, err)
					if !pause(ctx, ageEvery) {
						return
					}
				}
			}
			a.bus.Publish(core.TicketsChanged{})
			a.background(a.followCustomers)
			a.follow(ctx)
		})
	})
}

func (a *App) pokeFollower() {
	select {
	case a.poked <- struct{}{}:
	default: // it is awake already
	}
}

// follow looks at the pool until ctx ends.
func (a *App) follow(ctx context.Context) {
	events, cancel := a.bus.Subscribe(64)
	defer cancel()
	look, age := time.NewTicker(a.lookAtPool), time.NewTicker(ageEvery)
	defer look.Stop()
	defer age.Stop()
	a.tellNews(ctx)
	var unread outage // told once: a file that cannot be read is tried twice a second
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-a.poked:
			a.tellNews(ctx)
		case <-look.C:
			changed, failed := a.index.Sync(ctx)
			scored, unscored := a.followScores(ctx)
			if failed = joinErrors(failed, unscored); failed == nil {
				unread.end()
			} else if unread.first() {
				err = failed
			}
			if changed {
				a.bus.Publish(core.TicketsChanged{})
				a.tellNews(ctx)
			}
			if scored {
				a.bus.Publish(core.PredictionsChanged{})
			}
		case <-age.C:
			err = joinErrors(a.applyMarks(ctx), a.readMe(ctx))
			a.index.Recompute()
		case e := <-events:
			if _, ok := e.(core.SettingsChanged); ok {
				err = a.readMe(ctx)
				a.index.Recompute()
			}
		}
		if err != nil {
			a.jobFailed(followJob, err)
		}
	}
}

// tellNews has people told of what happened. That another process watches, and decides, is
// noticeNews' to see.
func (a *App) tellNews(ctx context.Context) {
	if err := a.noticeNews(ctx); err == nil {
		a.telling.outage.end()
	} else if a.telling.outage.first() {
		a.jobFailed(noticesJob, err)
	}
}

// pause waits for d, and reports false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
