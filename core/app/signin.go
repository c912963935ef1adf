package app

import (
	"context"
	"encoding/json"

	"deskwatch/core"
	"deskwatch/core/auth"
)

// SignIn signs a user in at this workstation.
func (a *App) SignIn(ctx context.Context, name string, password core.Secret) error {
	u, err := a.auth.SignIn(ctx, name, password, "")
	if err != nil {
		return err
	}
	if u.Role == core.RoleCollector {
		return core.NewError(core.CodeForbidden, "app.signin", "A collector is a program that posts tickets, and cannot sign in here. Sign in as somebody else.", nil)
	}
	return a.sitDown(ctx, u.ID)
}

// sitDown begins the session of a user who gave their password.
func (a *App) sitDown(ctx context.Context, id int64) error {
	err := a.changeSeat(ctx, func(_ *session, known []auth.Credential) (*session, error) {
		c := userWith(known, id)
		if c == nil || !c.User.Active || c.Hash == "" {
			return nil, core.NewError(core.CodeSignIn, "app.signin", "This user was disabled or removed just now. Sign in as somebody else.", nil)
		}
		a.seat.last = id
		return &session{user: c.User, hash: c.Hash, generation: c.Generation}, nil
	})
	if err != nil {
		return err
	}
	text, err := json.Marshal(map[string]int64{"last_user": id})
	if err == nil {
		err = a.groups.SaveSettings(ctx, map[string][]byte{seatGroup: text})
	}
	if err != nil { // a convenience that must not keep anybody out
		a.log.Warn("who signed in last is not remembered", "err", err)
	}
	return nil
}

// SignOut ends the sign-in of this workstation.
func (a *App) SignOut(ctx context.Context) error {
	return a.changeSeat(ctx, func(*session, []auth.Credential) (*session, error) { return nil, nil })
}

// Lock hides everything until somebody signs in; where nobody has to, it does nothing.
func (a *App) Lock(ctx context.Context) error {
	return a.changeSeat(ctx, func(in *session, _ []auth.Credential) (*session, error) {
		if in == nil || !a.Seat().Required {
			return in, nil
		}
		away := *in
		away.locked = true
		return &away, nil
	})
}

// setPassword replaces a user's hash. Who changes their own at this desk stays signed in.
func (a *App) setPassword(ctx context.Context, id int64, hash string) error {
	own := a.actor(ctx).UserID == id && a.Seat().Actor.UserID == id && !a.Seat().Locked
	a.seat.changing.Lock() // or the seat could see the new password before it is known whose it is
	err := a.users.SetPassword(ctx, id, hash)
	if err == nil && own && a.seat.session != nil {
		var known []auth.Credential
		if known, err = a.users.Credentials(ctx); err == nil {
			if c := userWith(known, id); c != nil {
				a.seat.session = &session{user: c.User, hash: c.Hash, generation: c.Generation}
			}
		}
	}
	a.seat.changing.Unlock()
	return err
}

// CreateFirstAdmin makes the first user who can sign in, and signs them in here; it fails with
// core.CodeConflict once there is one. A user of that name without a password becomes it.
func (a *App) CreateFirstAdmin(ctx context.Context, u core.User, password core.Secret) error {
	const op = "app.first admin"
	u.Role, u.Active, u.Created = core.RoleAdmin, true, a.now()
	u = tidyUser(u)
	problems := a.CheckUser(u, password)
	if password.IsZero() {
		problems = append(problems, core.SettingProblem{Name: "password", Message: "Choose a password."})
	}
	if len(problems) > 0 {
		return core.NewError(core.CodeInvalid, op, problems[0].Message+" Nothing was changed.", nil)
	}
	known, err := a.users.Credentials(ctx)
	if err != nil {
		return err
	}
	if c := userNamed(known, u.Name); c != nil {
		u = completed(u, c.User)
	}
	hash, err := a.auth.Hash(ctx, password)
	if err != nil {
		return err
	}
	saved, err := a.users.AddFirstAdmin(ctx, u, hash)
	if err != nil {
		return err
	}
	a.auth.Changed()
	a.log.Info("the first admin was added", "user", saved.Name)
	if err := a.users.SignedIn(ctx, saved.ID, a.now()); err != nil {
		a.log.Warn("when a user signed in is not noted", "err", err)
	}
	err = a.sitDown(ctx, saved.ID)
	a.bus.Publish(core.UsersChanged{})
	return err
}

// completed is u with what was said earlier of the same person and is not said now.
func completed(u, known core.User) core.User {
	if u.Email == "" {
		u.Email = known.Email
	}
	if len(u.Products) == 0 {
		u.Products = known.Products
	}
	if len(u.OwnerNames) == 0 {
		u.OwnerNames = known.OwnerNames
	}
	if len(u.Quiet) == 0 {
		u.Quiet = known.Quiet
	}
	u.Mail = u.Mail || known.Mail
	return u
}

// PutOffFirstAdmin stops the first start's question. Once a user can sign in there is none.
func (a *App) PutOffFirstAdmin(ctx context.Context) error {
	if !a.Seat().FirstStart {
		return nil
	}
	return a.changeSettings(ctx, func(s core.Settings) (core.Settings, error) {
		s.SignIn.Later = true
		return s, nil
	})
}
