package app

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"deskwatch/core"
)

// What other programs ask of this desk beyond what its window does: by keys, for the numbers of
// tickets are this desk's own.

// MarkByKey acknowledges or snoozes tickets, or takes that back: all of them, or none.
func (a *App) MarkByKey(ctx context.Context, m core.MarkRequest) error {
	if err := a.allow(ctx, core.MarkTickets); err != nil {
		return err
	}
	if m.Kind != core.Acknowledge && m.Kind != core.Snooze {
		return core.NewError(core.CodeInvalid, "app.mark", fmt.Sprintf("%q is not something to do about a ticket. Use ack or snooze. Nothing was changed.", m.Kind), nil)
	}
	nos, err := a.numbersOf(ctx, m.Tickets)
	if err != nil {
		return err
	}
	if m.Remove {
		return a.UnmarkTickets(ctx, m.Kind, nos)
	}
	return a.MarkTickets(ctx, m.Kind, nos, m.Comment, m.Until)
}

// AssignByKey gives tickets an owner on the desk, "" takes it back: all of them, or none.
func (a *App) AssignByKey(ctx context.Context, keys []core.TicketKey, owner string) error {
	if err := a.allow(ctx, core.MarkTickets); err != nil {
		return err
	}
	nos, err := a.numbersOf(ctx, keys)
	if err != nil {
		return err
	}
	return a.AssignTickets(ctx, nos, owner)
}

// numbersOf returns the tickets' numbers, in the order of keys. It fails when one is unknown.
func (a *App) numbersOf(ctx context.Context, keys []core.TicketKey) ([]uint32, error) {
	known, err := a.pool.Nos(ctx, keys)
	if err != nil {
		return nil, err
	}
	nos := make([]uint32, len(keys))
	for i, k := range keys {
		if nos[i] = known[k]; nos[i] == 0 {
			return nil, core.NewError(core.CodeNotFound, "app.tickets", fmt.Sprintf("There is no ticket %q here. Nothing was changed.", k.String()), nil)
		}
	}
	return nos, nil
}

// SharedMarks is what people said of tickets and customers and still holds, in an order that does
// not change by itself.
func (a *App) SharedMarks(ctx context.Context) (core.SharedMarks, error) {
	m := core.SharedMarks{Attention: []core.Attention{}, Flags: []core.ToughFlag{}}
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return m, err
	}
	attention, err := a.marks.Attention(ctx)
	if err != nil {
		return m, err
	}
	flags, err := a.marks.Flags(ctx)
	if err != nil {
		return m, err
	}
	now := a.now()
	for _, at := range attention {
		if at.Holds(now) {
			m.Attention = append(m.Attention, at)
		}
	}
	for _, f := range flags {
		if f.Holds(now) {
			m.Flags = append(m.Flags, f)
		}
	}
	slices.SortFunc(m.Attention, func(x, y core.Attention) int {
		return cmp.Or(cmp.Compare(x.Key.Source, y.Key.Source), cmp.Compare(x.Key.ID, y.Key.ID), cmp.Compare(x.Kind, y.Kind))
	})
	slices.SortFunc(m.Flags, func(x, y core.ToughFlag) int {
		return cmp.Or(cmp.Compare(x.Customer.Source, y.Customer.Source), cmp.Compare(x.Customer.ID, y.Customer.ID))
	})
	return m, nil
}

// ReadLog selects lines of the live log.
func (a *App) ReadLog(ctx context.Context, q core.LogQuery) ([]core.LogLine, error) {
	if err := a.allow(ctx, core.ReadLogs); err != nil {
		return nil, err
	}
	return a.logs.Lines(q), nil
}

// NamedSettings lists every setting by its dotted name, in the form SetSettings takes.
func (a *App) NamedSettings(ctx context.Context) (map[string]string, error) {
	if err := a.allow(ctx, core.ReadSettings); err != nil {
		return nil, err
	}
	named := map[string]string{}
	for _, e := range a.SettingsList() {
		named[e.Name] = e.Value
	}
	return named, nil
}

// DisplayName is how the user for whom ctx works is called.
func (a *App) DisplayName(ctx context.Context) (string, error) {
	if err := a.allow(ctx, core.ReadOwnSelf); err != nil {
		return "", err
	}
	actor := a.actor(ctx)
	u, err := a.auth.User(ctx, actor.UserID)
	if core.ErrorCode(err) == core.CodeSignIn { // such as the owner of the folder, who is no user
		return actor.Name, nil
	}
	return u.Title(), err
}

// Ready fails while this desk cannot answer: a database of its own does not, or its tickets are
// not in memory yet.
func (a *App) Ready(ctx context.Context) error {
	if _, err := a.users.Revision(ctx); err != nil {
		return err
	}
	if _, err := a.pool.Revision(ctx); err != nil {
		return err
	}
	if !a.index.Ready() {
		return &core.Error{Code: core.CodeUnavailable, Op: "app.ready", Message: "The tickets are being read into memory. Ask again in a moment.", RetryAfter: time.Second}
	}
	return nil
}

// Figures are what a monitoring system may want to know of the desk.
func (a *App) Figures(ctx context.Context) ([]core.Figure, error) {
	if err := a.allow(ctx, core.ReadSettings); err != nil {
		return nil, err
	}
	s := a.index.Standing(1, 1, 0)
	list := []core.Figure{
		{Name: "tickets", Value: float64(s.Tickets)}, {Name: "tickets_open", Value: float64(s.Open)},
		{Name: "tickets_overdue", Value: float64(s.Red)}, {Name: "tickets_unowned", Value: float64(s.Unowned)},
	}
	out, err := a.queue.Counts(ctx)
	if err != nil {
		return nil, err
	}
	for _, state := range slices.Sorted(maps.Keys(out)) {
		list = append(list, core.Figure{Name: fmt.Sprintf("mails{state=%q}", state), Value: float64(out[state])})
	}
	figures, err := a.modelFigures(ctx)
	if err != nil {
		return nil, err
	}
	list = append(list, figures...)
	inside, waiting := a.uploads.queue.length()
	return append(list, core.Figure{Name: "uploads_arriving", Value: float64(inside)}, core.Figure{Name: "uploads_waiting", Value: float64(waiting)}), nil
}

// modelFigures are of the model in force: its version, 0 while the rules predict, and its AUC on
// tickets it had not seen when it was trained.
func (a *App) modelFigures(ctx context.Context) ([]core.Figure, error) {
	m, _ := a.modelInForce()
	if m == nil {
		return []core.Figure{{Name: "model_version"}}, nil
	}
	list := []core.Figure{{Name: "model_version", Value: float64(m.Version())}}
	measured, err := a.backtest(ctx)
	if err != nil || measured == nil {
		return list, err
	}
	return append(list, core.Figure{Name: "model_auc", Value: measured.AUC}), nil
}

// length is how many posts are here, and how many of them wait for their turn.
func (q *uploadQueue) length() (inside, waiting int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.inside, q.waiting
}
