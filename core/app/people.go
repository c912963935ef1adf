package app

import (
	"context"

	"deskwatch/core"
)

// People lists who is told of tickets, by name.
func (a *App) People(ctx context.Context) ([]core.Person, error) {
	if err := a.allow(ctx, core.ReadUsers); err != nil {
		return nil, err
	}
	return a.people.People(ctx)
}

// SavePerson adds a user without a password, or replaces one.
func (a *App) SavePerson(ctx context.Context, p core.Person) (core.Person, error) {
	if err := a.allow(ctx, core.EditUsers); err != nil {
		return p, err
	}
	saved, err := a.SaveUser(ctx, core.User{Person: p, Active: true}, nil)
	return saved.Person, err
}

// DeletePerson removes a user.
func (a *App) DeletePerson(ctx context.Context, id int64) error {
	if err := a.allow(ctx, core.EditUsers); err != nil {
		return err
	}
	return a.DeleteUser(ctx, id)
}
