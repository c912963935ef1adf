package app

import (
	"context"

	"deskwatch/core"
)

// whoAsks is for whom ctx works. Where it names nobody it is whoever sits at this process: the
// user who signed in at the window, or the owner of the data folder. It fails while the desk is
// locked.
func (a *App) whoAsks(ctx context.Context) (core.Actor, error) {
	if actor, ok := core.ActorOf(ctx); ok {
		return actor, nil
	}
	return a.sitting()
}

// actor is whoAsks for the log.
func (a *App) actor(ctx context.Context) core.Actor {
	actor, err := a.whoAsks(ctx)
	if err != nil {
		return core.Actor{Name: "nobody"} // the desk was locked meanwhile
	}
	return actor
}

// allow fails when who asks may not do p. Every operation the window, the REST server and the
// commands can call asks it first; what runs by itself calls what is behind.
func (a *App) allow(ctx context.Context, p core.Permission) error {
	actor, err := a.whoAsks(ctx)
	if err != nil {
		return err
	}
	if actor.May(p) {
		return nil
	}
	return core.NewError(core.CodeForbidden, "app.allow", "Your role, "+string(actor.Role)+", may not "+string(p)+". Nothing was changed. Ask an admin of this desk.", nil)
}
