package app

import (
	"context"
	"time"
)

// lookAtUsers is how often it is looked whether another process changed users or tokens.
const lookAtUsers = 500 * time.Millisecond

// followUsersJob names the following in the log.
const followUsersJob = "follow the users"

// followUsers keeps up with what other processes do to users and tokens, until ctx ends:
// somebody who was disabled elsewhere is signed out here within a second.
func (a *App) followUsers(ctx context.Context) {
	look := time.NewTicker(a.seat.lookEvery)
	defer look.Stop()
	var unread outage
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		now, err := a.users.Revision(ctx)
		if err == nil && now != a.seat.revision.Load() {
			err = a.usersChanged(ctx)
		}
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			unread.end()
		} else if unread.first() {
			a.jobFailed(followUsersJob, err)
		}
	}
}
