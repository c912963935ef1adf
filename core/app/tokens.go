package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"deskwatch/core"
	"deskwatch/core/auth"
)

// maxTokens bounds how many tokens are kept at a time, the revoked and expired ones not counted.
const maxTokens = 1000

// Tokens lists the long-lived tokens of all users, newest first, the revoked ones too.
func (a *App) Tokens(ctx context.Context) ([]core.Token, error) {
	if err := a.allow(ctx, core.ReadUsers); err != nil {
		return nil, err
	}
	kept, err := a.users.Tokens(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]core.Token, len(kept))
	for i, t := range kept {
		list[i] = t.Token
	}
	return list, nil
}

// CreateToken makes a token of an active user. Its text is in no other answer ever again.
func (a *App) CreateToken(ctx context.Context, n core.NewToken) (core.Token, core.Secret, error) {
	const op = "app.create token"
	if err := a.allow(ctx, core.EditUsers); err != nil {
		return core.Token{}, core.Secret{}, err
	}
	n.Name = strings.TrimSpace(n.Name)
	known, err := a.users.Credentials(ctx)
	if err != nil {
		return core.Token{}, core.Secret{}, err
	}
	c := userNamed(known, n.User)
	if c == nil {
		return core.Token{}, core.Secret{}, core.NewError(core.CodeNotFound, op, fmt.Sprintf("Nobody on this desk is called %q. No token was made; add the user first.", n.User), nil)
	}
	if problem := a.checkToken(n, c.User); problem != "" {
		return core.Token{}, core.Secret{}, core.NewError(core.CodeInvalid, op, problem+" No token was made.", nil)
	}
	kept, err := a.users.Tokens(ctx)
	if err != nil {
		return core.Token{}, core.Secret{}, err
	}
	now := a.now()
	kept = slices.DeleteFunc(kept, func(t auth.KeptToken) bool {
		return !t.Revoked.IsZero() || !t.Expires.IsZero() && !t.Expires.After(now)
	})
	if len(kept) >= maxTokens {
		return core.Token{}, core.Secret{}, core.NewError(core.CodeInvalid, op, fmt.Sprintf("There are %d tokens in use already. No token was made; revoke some first.", len(kept)), nil)
	}
	text, start, hash, err := a.auth.NewTokenText()
	if err != nil {
		return core.Token{}, core.Secret{}, err
	}
	slices.Sort(n.Scopes)
	t, err := a.users.AddToken(ctx, auth.KeptToken{
		Token: core.Token{UserID: c.User.ID, Name: n.Name, Start: start, Scopes: slices.Compact(n.Scopes), Created: now, Expires: n.Expires}, Hash: hash,
	})
	if err != nil {
		return core.Token{}, core.Secret{}, err
	}
	a.log.Info("a token was made", "by", a.actor(ctx).Name, "user", t.UserName, "token", t.ID, "name", t.Name)
	return t, text, a.usersChanged(ctx)
}

// checkToken says what is wrong with a token to be made, for people.
func (a *App) checkToken(n core.NewToken, u core.User) string {
	switch {
	case !u.Active:
		return u.Title() + " is disabled."
	case n.Name == "":
		return `Say what the token is for, such as "collector in Madrid".`
	case utf8.RuneCountInString(n.Name) > maxUserName || hasControl(n.Name):
		return fmt.Sprintf("What the token is for is longer than %d characters or has a control character in it. Correct it.", maxUserName)
	case len(n.Scopes) == 0:
		return "Say what the token may be used for: upload, read, work or all."
	case !n.Expires.IsZero() && !n.Expires.After(a.now()):
		return "The token would have expired already. Choose a later day."
	}
	for _, s := range n.Scopes {
		if !slices.Contains(core.Scopes(), s) {
			return fmt.Sprintf("%q is nothing a token can be used for. Use upload, read, work or all.", s)
		}
	}
	return ""
}

// RevokeToken ends a token for good.
func (a *App) RevokeToken(ctx context.Context, id int64) error {
	if err := a.allow(ctx, core.EditUsers); err != nil {
		return err
	}
	if err := a.users.RevokeToken(ctx, id, a.now()); err != nil {
		return err
	}
	a.log.Info("a token was revoked", "by", a.actor(ctx).Name, "token", id)
	return a.usersChanged(ctx)
}
