package app

import (
	"context"

	"deskwatch/core"
)

// allow fails when the one ctx works for may not do p. Where ctx names nobody it is whoever sits
// at this process: the user who signed in at the window, or the owner of the data folder. Every
// operation the window, the REST server and the commands can call asks it first; what runs by
// itself calls what is behind.
func (a *App) allow(ctx context.Context, p core.Permission) error {
	actor, ok := core.ActorOf(ctx)
	if !ok {
		var err error
		if actor, err = a.sitting(); err != nil {
			return err
		}
	}
	if actor.May(p) {
		return nil
	}
	return core.NewError(core.CodeForbidden, "app.allow", "Your role, "+string(actor.Role)+", may not "+string(p)+". Nothing was changed. Ask an admin of this desk.", nil)
}
