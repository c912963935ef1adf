package ui

import (
	"context"

	"deskwatch/core"
)

// Seat of the fake is whatever the test says.
func (d *fakeDesk) Seat() core.Seat {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.seatNow
}

func (d *fakeDesk) seatIs(s core.Seat) {
	d.mu.Lock()
	d.seatNow = s
	d.mu.Unlock()
	d.publish(core.SeatChanged{Seat: s})
}

func (d *fakeDesk) Lock(context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.locks++
	if d.lockBy == nil {
		d.seatNow.Locked = true
	}
	return d.lockBy
}

func (d *fakeDesk) SignOut(context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seatNow.Locked, d.seatNow.Actor, d.seatNow.Title = true, core.Actor{}, ""
	return nil
}

func (d *fakeDesk) SignIn(context.Context, string, core.Secret) error { return nil }

func (d *fakeDesk) PutOffFirstAdmin(context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.putOff, d.seatNow.FirstStart = true, false
	return nil
}

func (d *fakeDesk) CheckUser(core.User, core.Secret) []core.SettingProblem { return nil }
