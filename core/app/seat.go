package app

import (
	"cmp"
	"context"
	"encoding/json"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"deskwatch/core"
	"deskwatch/core/auth"
)

// seatGroup is where it is kept who signed in here last, beside the settings groups.
const seatGroup = "seat"

// seat is who sits at this process.
type seat struct {
	window  bool // a person looks at it: commands never sign in
	foreign bool // the data folder belongs to another user of this machine

	changing sync.Mutex // one change of the session at a time; guards the two below
	session  *session   // nil: nobody is signed in
	last     int64      // who signed in last

	mu   sync.Mutex
	seat core.Seat

	revision  atomic.Int64  // of the users, as this process saw them last
	lookEvery time.Duration // is looked for what other processes do to users
}

// session is a sign-in at this workstation.
type session struct {
	user       core.User
	hash       string
	generation int64
	locked     bool // they are away; the next sign-in ends it
}

// still is the session under what is known of its user now; nil when it has ended: the user is
// gone or disabled, or has another password. A new role is taken.
func (s *session) still(known []auth.Credential) *session {
	if s == nil {
		return nil
	}
	c := userWith(known, s.user.ID)
	if c == nil || !c.User.Active || c.Hash == "" {
		return nil
	}
	if c.Generation != s.generation && (c.Hash != s.hash || c.User.Role == s.user.Role) {
		return nil
	}
	return &session{c.User, c.Hash, c.Generation, s.locked}
}

// admin reports whether an admin is signed in and there.
func (s *session) admin() bool { return s != nil && !s.locked && s.user.Role == core.RoleAdmin }

// openSeat finds out who sits here at the start: nobody, where somebody has to sign in.
func (a *App) openSeat(ctx context.Context, cfg Config) error {
	a.seat.lookEvery = lookAtUsers
	a.seat.window = cfg.Program != "deskwatchd"
	a.seat.foreign = ofAnotherUser(a.desk.Path())
	groups, err := a.groups.LoadSettings(ctx)
	if err != nil {
		return err
	}
	var kept struct {
		LastUser int64 `json:"last_user"`
	}
	if text := groups[seatGroup]; len(text) > 0 {
		if err := json.Unmarshal(text, &kept); err != nil {
			a.log.Warn("who signed in here last cannot be read", "err", err)
		}
	}
	a.seat.last = kept.LastUser
	return a.seeUsers(ctx)
}

// seatOf says who sits at a window of this desk. A desk that was closed before stays so when there
// is nobody to tell apart any more, until the admin who is left signs in: or whoever was disabled
// while they sat here, or stands before the locked window, would be the owner of the folder.
func seatOf(s core.SignInSettings, foreign, closed bool, known []auth.Credential, in *session, last int64) core.Seat {
	people := 0 // who can sign in here
	for _, c := range known {
		if c.User.Active && c.Hash != "" && c.User.Role != core.RoleCollector {
			people++
		}
	}
	seat := core.Seat{
		FirstStart: !s.Later && !somebodySignsIn(known),
		Required:   people > 0 && (s.Mode == core.SignInAlways || people > 1 || foreign || closed && !in.admin()),
		Actor:      core.FolderOwner(),
	}
	if c := userWith(known, last); c != nil && c.User.Active {
		seat.LastUser = c.User.Name
	}
	if in != nil {
		seat.Actor = core.Actor{UserID: in.user.ID, Name: in.user.Name, Role: in.user.Role}
		seat.Title = in.user.Title()
	}
	if seat.Required {
		seat.LockAfter = time.Duration(s.LockMinutes) * time.Minute
		if in == nil {
			seat.Locked, seat.Actor = true, core.Actor{}
		} else {
			seat.Locked = in.locked
		}
	}
	return seat
}

// seeUsers takes what became of the users.
func (a *App) seeUsers(ctx context.Context) error {
	now, err := a.users.Revision(ctx) // first: what changes from here on is seen the next time
	if err != nil {
		return err
	}
	a.auth.Changed()
	if err := a.reseat(ctx); err != nil {
		return err
	}
	a.seat.revision.Store(now)
	return nil
}

// reseat finds out anew who sits here, after users or settings changed.
func (a *App) reseat(ctx context.Context) error {
	return a.changeSeat(ctx, func(in *session, _ []auth.Credential) (*session, error) { return in, nil })
}

// changeSeat puts the session that change returns in force, and tells everybody when another one
// sits here now, or nobody, or with other rights.
func (a *App) changeSeat(ctx context.Context, change func(in *session, known []auth.Credential) (*session, error)) error {
	a.seat.changing.Lock()
	defer a.seat.changing.Unlock()
	known, err := a.users.Credentials(ctx)
	if err != nil {
		return err
	}
	in, err := change(a.seat.session.still(known), known)
	if err != nil {
		return err
	}
	a.seat.session = in
	before, next := a.Seat(), core.Seat{Actor: core.FolderOwner()}
	if a.seat.window {
		next = seatOf(a.settings.Current().SignIn, a.seat.foreign, before.Required, known, in, a.seat.last)
	}
	a.seat.mu.Lock()
	a.seat.seat = next
	a.seat.mu.Unlock()
	err = a.readMe(ctx)
	if reflect.DeepEqual(before, next) {
		return err
	}
	if before.Locked != next.Locked || before.Actor.UserID != next.Actor.UserID {
		a.log.Info("who sits here changed", "user", cmp.Or(next.Actor.Name, "nobody"), "locked", next.Locked)
	}
	if before.Actor.UserID != next.Actor.UserID && a.index.Ready() { // other tickets are theirs
		a.index.Recompute()
		a.bus.Publish(core.TicketsChanged{})
	}
	a.bus.Publish(core.SeatChanged{Seat: next})
	a.pokeFollower() // what waited for somebody to sit here is told
	return err
}

// Seat says who sits at this workstation.
func (a *App) Seat() core.Seat {
	a.seat.mu.Lock()
	defer a.seat.mu.Unlock()
	return a.seat.seat
}

// sitting is for whom work is done that names nobody. It fails while the desk is locked.
func (a *App) sitting() (core.Actor, error) {
	s := a.Seat()
	switch {
	case s.Locked:
		return core.Actor{}, core.NewError(core.CodeSignIn, "app.seat", "This desk is locked. Nothing was changed. Sign in first.", nil)
	case s.Required || s.Actor.UserID != 0:
		return s.Actor, nil
	}
	return core.FolderOwner(), nil
}

// vacant reports whether somebody has to sign in here and nobody is: not even somebody who is away.
func (a *App) vacant() bool {
	s := a.Seat()
	return s.Locked && s.Actor.UserID == 0
}

// me is the name of the person at this desk: who is signed in, else who the settings name.
func (a *App) me() string {
	if s := a.Seat(); s.Actor.UserID != 0 {
		return s.Actor.Name
	}
	return a.settings.Current().Notify.Me
}
