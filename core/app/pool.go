package app

import (
	"context"
	"path/filepath"
	"strings"

	"deskwatch/core"
	"deskwatch/core/store"
	"deskwatch/core/tickets"
)

// openPool opens the tickets' file. The index over it is empty until somebody needs it.
func (a *App) openPool(ctx context.Context) error {
	db, err := store.Open(ctx, filepath.Join(a.dataDir, store.PoolFile), store.KindPool)
	if err != nil {
		return err
	}
	a.onStop("ticket pool", db.Close)
	a.pool = store.NewPool(db)
	a.checkPool = db.IntegrityCheck
	a.ownNames.Store(new([]string))
	a.index = a.newIndex()
	return nil
}

// newIndex returns the index over the pool, with the settings in force for its surroundings.
func (a *App) newIndex() *tickets.Index {
	return tickets.NewIndex(a.pool, tickets.IndexOptions{
		Now:      a.now,
		Location: a.clockZone,
		Clock:    a.clockNow,
		Me:       func() []string { return *a.ownNames.Load() },
		Tough:    func() int { return a.settings.Current().Notify.ToughFrom },
	})
}

// needTickets reads the tickets into memory when they are not there yet. A desk that follows
// them learns what the orders say of the customers by itself, so that nobody waits for an order
// database; a command waits for it here.
func (a *App) needTickets(ctx context.Context) error {
	if a.index.Ready() {
		return nil
	}
	if a.followed.Load() {
		return a.readTickets(ctx)
	}
	if err := a.readTickets(ctx); err != nil {
		return err
	}
	if err := a.refreshCustomers(ctx); err != nil {
		a.log.Warn("what the orders say of the customers is not known", "err", err)
	}
	return nil
}

// readTickets reads the tickets into memory, with what people said of them; others wait meanwhile.
func (a *App) readTickets(ctx context.Context) error {
	a.reading.Lock()
	defer a.reading.Unlock()
	if a.index.Ready() {
		return nil
	}
	if err := a.readMe(ctx); err != nil {
		return err
	}
	if _, err := a.index.Sync(ctx); err != nil {
		return err
	}
	return joinErrors(a.applyMarks(ctx), a.readScores(ctx))
}

// applyMarks tells the index what people said of tickets.
func (a *App) applyMarks(ctx context.Context) error {
	list, err := a.marks.Attention(ctx)
	if err != nil {
		return err
	}
	keys := make([]core.TicketKey, len(list))
	for i, m := range list {
		keys[i] = m.Key
	}
	nos, err := a.pool.Nos(ctx, keys)
	if err != nil {
		return err
	}
	byTicket := map[uint32][]core.Attention{}
	for _, m := range list {
		if no := nos[m.Key]; no != 0 {
			byTicket[no] = append(byTicket[no], m)
		}
	}
	a.index.SetAttention(byTicket)
	return nil
}

// ticketsTaken brings the index up to what a change of this process made, and tells everybody.
func (a *App) ticketsTaken(ctx context.Context, events []core.TicketEvent) error {
	if a.index.Ready() {
		if _, err := a.index.Sync(ctx); err != nil {
			return err
		}
	}
	a.bus.Publish(core.TicketsChanged{Events: events})
	a.pokeFollower()
	return nil
}

// readMe finds out under which owner names the person at this workstation works.
func (a *App) readMe(ctx context.Context) error {
	me := a.me()
	if me == "" {
		a.ownNames.Store(new([]string))
		return nil
	}
	names := []string{me}
	people, err := a.people.People(ctx)
	if err != nil {
		return err
	}
	for _, p := range people {
		if strings.EqualFold(p.Name, me) {
			names = append(names, p.OwnerNames...)
		}
	}
	a.ownNames.Store(&names)
	return nil
}
