package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"deskwatch/core"
	"deskwatch/core/auth"
)

// maxUsers bounds how many users a desk has.
const maxUsers = 1000

// Users lists the users by name, the disabled ones too.
func (a *App) Users(ctx context.Context) ([]core.User, error) {
	if err := a.allow(ctx, core.ReadUsers); err != nil {
		return nil, err
	}
	known, err := a.users.Credentials(ctx)
	if err != nil {
		return nil, err
	}
	return usersOf(known), nil
}

func usersOf(known []auth.Credential) []core.User {
	list := make([]core.User, len(known))
	for i, c := range known {
		list[i] = c.User
	}
	return list
}

// userWith finds a user by id; nil when there is none.
func userWith(known []auth.Credential, id int64) *auth.Credential {
	i := slices.IndexFunc(known, func(c auth.Credential) bool { return c.User.ID == id })
	if i < 0 {
		return nil
	}
	return &known[i]
}

// userNamed finds a user as people tell names apart; nil when there is none.
func userNamed(known []auth.Credential, name string) *auth.Credential {
	i := slices.IndexFunc(known, func(c auth.Credential) bool { return strings.EqualFold(c.User.Name, strings.TrimSpace(name)) })
	if i < 0 {
		return nil
	}
	return &known[i]
}

// somebodySignsIn reports whether any user has a password.
func somebodySignsIn(known []auth.Credential) bool {
	return slices.ContainsFunc(known, func(c auth.Credential) bool { return c.Hash != "" })
}

// SaveUser adds a user when the ID is 0 and replaces the one with it otherwise, and returns it as
// kept. A nil password leaves the stored one as it is; a zero one takes it away. The first user
// with a password must be an admin. When the person at this desk gets another name, the desk
// remembers the new one.
func (a *App) SaveUser(ctx context.Context, u core.User, password *core.Secret) (core.User, error) {
	const op = "app.save user"
	if err := a.allow(ctx, core.EditUsers); err != nil {
		return u, err
	}
	u = tidyUser(u)
	var given core.Secret
	if password != nil {
		given = *password
	}
	if problems := a.CheckUser(u, given); len(problems) > 0 {
		return u, core.NewError(core.CodeInvalid, op, problems[0].Message+" Nothing was changed.", nil)
	}
	known, err := a.users.Credentials(ctx)
	if err != nil {
		return u, err
	}
	if u.ID == 0 && len(known) >= maxUsers {
		return u, core.NewError(core.CodeInvalid, op, fmt.Sprintf("There are %d users already. Nothing was changed; remove somebody first.", len(known)), nil)
	}
	if !given.IsZero() && !somebodySignsIn(known) && (u.Role != core.RoleAdmin || !u.Active) {
		return u, core.NewError(core.CodeInvalid, op, "The first user with a password must be an active admin, or nobody could change users any more. Nothing was changed; add an admin first.", nil)
	}
	hash := ""
	if !given.IsZero() { // before anything is changed: hashing can fail, or be too much at once
		if hash, err = a.auth.Hash(ctx, given); err != nil {
			return u, err
		}
	}
	if u.ID == 0 {
		u.Created = a.now()
	}
	saved, err := a.users.SaveUser(ctx, u)
	if err != nil {
		return u, err
	}
	if password != nil && (hash != "" || saved.HasPassword) {
		if err = a.setPassword(ctx, saved.ID, hash); err != nil {
			err = core.NewError(core.ErrorCode(err), op, saved.Title()+" was saved, but the password stayed as it was. "+core.ErrorMessage(err), err)
		} else {
			saved.HasPassword = hash != ""
		}
	}
	what := "changed"
	if u.ID == 0 {
		what = "added"
	}
	a.log.Info("a user was "+what, "by", a.actor(ctx).Name, "user", saved.Name, "role", string(saved.Role), "active", saved.Active, "new_password", password != nil && err == nil)
	if old := userWith(known, saved.ID); old != nil {
		err = joinErrors(err, a.renamed(ctx, old.User.Name, saved.Name))
	}
	return saved, joinErrors(err, a.usersChanged(ctx))
}

// renamed keeps who sits at this desk where the settings name them.
func (a *App) renamed(ctx context.Context, from, to string) error {
	if me := a.settings.Current().Notify.Me; me == "" || me == to || !strings.EqualFold(me, from) {
		return nil
	}
	return a.changeSettings(ctx, func(s core.Settings) (core.Settings, error) {
		s.Notify.Me = to
		return s, nil
	})
}

// DeleteUser forgets a user and their tokens; what they were told stays.
func (a *App) DeleteUser(ctx context.Context, id int64) error {
	if err := a.allow(ctx, core.EditUsers); err != nil {
		return err
	}
	known, err := a.users.Credentials(ctx)
	if err != nil {
		return err
	}
	if err := a.users.DeleteUser(ctx, id); err != nil {
		return err
	}
	name := "" // another process was quicker to add them than this one to read
	if c := userWith(known, id); c != nil {
		name = c.User.Name
	}
	a.log.Info("a user was removed", "by", a.actor(ctx).Name, "user", name, "id", id)
	return a.usersChanged(ctx)
}

// ChangePassword gives who asks a new password, when old is the one they have. Everybody may.
func (a *App) ChangePassword(ctx context.Context, old, password core.Secret) error {
	const op = "app.change password"
	who, err := a.whoAsks(ctx)
	if err != nil {
		return err
	}
	known, err := a.users.Credentials(ctx)
	if err != nil {
		return err
	}
	c := userWith(known, who.UserID)
	if c == nil || c.Hash == "" {
		return core.NewError(core.CodeInvalid, op, "Nobody with a password is signed in here. Nothing was changed; sign in first.", nil)
	}
	if problem := a.auth.CheckPassword(c.User, password); problem != "" {
		return core.NewError(core.CodeInvalid, op, problem+" Nothing was changed.", nil)
	}
	if _, err := a.auth.SignIn(ctx, c.User.Name, old, ""); err != nil {
		return err
	}
	hash, err := a.auth.Hash(ctx, password)
	if err != nil {
		return err
	}
	if err := a.setPassword(ctx, c.User.ID, hash); err != nil {
		return err
	}
	a.log.Info("a user changed their own password", "user", c.User.Name)
	return a.usersChanged(ctx)
}

// usersChanged does what follows from a change of users or tokens, by this process or another.
func (a *App) usersChanged(ctx context.Context) error {
	err := a.seeUsers(ctx)
	a.bus.Publish(core.UsersChanged{})
	return err
}

// openAuth wires who is who. The settings are loaded, the vault is open.
func (a *App) openAuth() {
	a.auth = auth.New(auth.Options{
		Users: a.users, Key: a.tokenKey, Now: a.now, Log: a.log,
		TokenSeconds: func() int { return a.settings.Current().Server.TokenSeconds },
	})
	a.onStop("sign-ins", func() error {
		ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
		defer cancel()
		return a.auth.Close(ctx)
	})
}
