package app

import (
	"context"
	"time"

	"deskwatch/core"
)

// lookAtUsers is how often it is looked whether another process changed users or tokens.
const lookAtUsers = 500 * time.Millisecond

// followUsersJob names the following in the log.
const followUsersJob = "follow the users"

// followUsers keeps up with what other processes do to users, and with the settings of signing
// in, until ctx ends: somebody who was disabled elsewhere is signed out here within a second.
func (a *App) followUsers(ctx context.Context) {
	events, cancel := a.bus.Subscribe(64)
	defer cancel()
	look := time.NewTicker(lookAtUsers)
	defer look.Stop()
	var seen int64
	var unread outage
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			var now int64
			if now, err = a.users.Revision(ctx); err != nil || now == seen {
				break
			}
			if err = a.usersChanged(ctx); err == nil {
				seen = now
			}
		case e := <-events:
			if _, ok := e.(core.SettingsChanged); !ok {
				continue
			}
			err = a.reseat(ctx)
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
