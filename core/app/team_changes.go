package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"deskwatch/core"
)

// byDesk says whose tickets keys are: those of each desk that is worked with, by its name, and
// those that are only here.
func (a *App) byDesk(ctx context.Context, keys []core.TicketKey) (desks []deskTickets, here []core.TicketKey, err error) {
	sources, err := a.teamSources(ctx)
	if err != nil || len(sources) == 0 {
		return nil, keys, err
	}
	at := map[string]int{}
	for _, k := range keys {
		s, ok := sources[k.Source]
		if !ok {
			here = append(here, k)
			continue
		}
		i, ok := at[s.Name]
		if !ok {
			i = len(desks)
			at[s.Name] = i
			desks = append(desks, deskTickets{source: s})
		}
		desks[i].keys = append(desks[i].keys, k)
	}
	return desks, here, nil
}

// deskTickets are tickets of one desk that is worked with, by the keys they have here.
type deskTickets struct {
	source core.Source
	keys   []core.TicketKey
}

// tellWithin bounds how long a person waits for another desk to take a change.
const tellWithin = 20 * time.Second

// onDesks changes tickets where they are: on the other desks first, with there, and then here,
// with here. kept does here what there has done on that desk. What could not be done on one desk is not
// done on those after it, nor here.
func (a *App) onDesks(ctx context.Context, keys []core.TicketKey, there func(context.Context, *teamDesk, []core.TicketKey) (int, error), kept func(context.Context, []core.TicketKey) error) error {
	desks, here, err := a.byDesk(ctx, keys)
	if err != nil {
		return err
	}
	done := 0
	for _, of := range desks {
		n, err := a.onDesk(ctx, of, there, kept)
		if done += n; err != nil {
			return partly(err, done, len(keys))
		}
	}
	if len(here) == 0 {
		return nil
	}
	if err := kept(ctx, here); err != nil {
		return partly(err, done, len(keys))
	}
	return nil
}

func (a *App) onDesk(ctx context.Context, of deskTickets, there func(context.Context, *teamDesk, []core.TicketKey) (int, error), kept func(context.Context, []core.TicketKey) error) (done int, err error) {
	d, err := a.deskOf(ctx, of.source)
	if err != nil {
		return 0, err
	}
	telling, cancel := context.WithTimeout(ctx, tellWithin)
	defer cancel()
	d.marking.Lock()
	defer d.marking.Unlock()
	done, err = there(telling, d, of.keys)
	if done > 0 {
		err = joinErrors(err, kept(context.WithoutCancel(ctx), of.keys[:done]))
	}
	return done, err
}

// partly says how much of a change was made before it failed.
func partly(err error, done, all int) error {
	if done == 0 {
		return err
	}
	why := strings.ReplaceAll(core.ErrorMessage(err), " Nothing was changed.", "")
	return core.NewError(core.ErrorCode(err), "app.team", fmt.Sprintf("%d of %d tickets were changed, and the others are as they were. %s", done, all, why), err)
}
