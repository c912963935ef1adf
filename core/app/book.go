package app

import (
	"context"
	"encoding/json"
	"time"

	"deskwatch/core"
)

// openOrderBook puts the order book of the settings, or of the override, in use.
func (a *App) openOrderBook(ctx context.Context, cfg Config) error {
	var err error
	if a.override, err = readOverride(cfg.OrdersURI); err != nil {
		return err
	}
	if a.openRemote = cfg.openRemote; a.openRemote == nil {
		a.openRemote = a.openMongo
	}
	a.book = &shelf{closed: func(err error) {
		if err != nil {
			a.log.Warn("closing the order book that was in use before", "err", err)
		}
	}}
	first, err := a.prepare(ctx, a.bookSettings(a.settings.Current()))
	if err != nil {
		return err
	}
	a.book.put(first)
	a.onStop("order book", a.book.Close)
	return nil
}

// BookSettings are the settings of the order book this process uses.
func (a *App) BookSettings() core.OrderBookSettings {
	return a.bookSettings(a.settings.Current()).OrderBook
}

// useBook puts next in the place of the order book in use. Operations under way end on the old
// one; an alert check is stopped and made up for on the new one.
func (a *App) useBook(ctx context.Context, next *openBook) error {
	resume := a.checks.hold()
	before := a.book.now().place
	a.book.put(next)
	a.outage.end()
	a.counted.forget()
	resume()
	a.log.Info("order book in use", "kind", string(next.place.kind), "place", next.place.name)
	var err error
	if next.place.mark != before.mark {
		err = a.beginAnewElsewhere(ctx)
	}
	a.bus.Publish(core.OrdersChanged{})
	a.bus.Publish(core.AlertsChanged{})
	a.bus.Publish(core.StatusChanged{})
	a.recoverSoon()
	return joinErrors(err, a.planJobs(ctx))
}

// placeGroup is where the data folder keeps, beside its settings, which book the baselines of
// its rules belong to.
const placeGroup = "baselines"

type baselines struct {
	Place string `json:"place"`
}

// elsewhere reports whether the rules took their baselines from another book than the one in
// use: from one before it in the settings, or one another process was told to use.
func (a *App) elsewhere(ctx context.Context) (bool, error) {
	groups, err := a.groups.LoadSettings(ctx)
	if err != nil {
		return false, err
	}
	kept := baselines{Place: string(core.BookSQLite)} // the only place there was before this was kept
	if text, ok := groups[placeGroup]; ok {
		if err := json.Unmarshal(text, &kept); err != nil {
			return false, a.damagedDesk(err)
		}
	}
	return kept.Place != a.book.now().place.mark, nil
}

// beginAnewElsewhere gives every rule a new baseline when the book in use is another one than
// theirs, so that nobody is mailed about all it has.
func (a *App) beginAnewElsewhere(ctx context.Context) error {
	moved, err := a.elsewhere(ctx)
	if err != nil || !moved {
		return err
	}
	if err := a.beginAnew(ctx); err != nil {
		return err
	}
	text, err := json.Marshal(baselines{a.book.now().place.mark})
	if err != nil {
		return err
	}
	return a.groups.SaveSettings(ctx, map[string][]byte{placeGroup: text})
}

// beginAnew lets the next run of every rule be its baseline.
func (a *App) beginAnew(ctx context.Context) error {
	rules, err := a.ledger.Rules(ctx)
	if err != nil {
		return err
	}
	for _, r := range rules {
		if r.BaselineAt == nil {
			continue
		}
		r.BaselineAt = nil
		if _, err := a.ledger.SaveRule(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// recoverSoon clears up in the background what an import that was cut off left on the server.
func (a *App) recoverSoon() {
	if !a.watching() {
		return
	}
	a.background(a.recoverBook)
}

// recoverBook clears up once what an import that was cut off left on the server.
func (a *App) recoverBook(ctx context.Context) {
	if r := a.book.now().remote; r != nil {
		r.recover(ctx)
	}
}

const (
	// pingJob is the name of the job that notices that the order database went away.
	pingJob = "order database"
	// pingEvery is how often it asks.
	pingEvery = 15 * time.Second
)

// pingBook asks the order database whether it is there.
func (a *App) pingBook(ctx context.Context) error {
	if r := a.book.now().remote; r != nil {
		// What it says is in the status line and the log; a job that fails would say it again.
		_ = r.ping(ctx)
	}
	return nil
}

// pingSoon asks in the background, until the server is there again or another book is in use.
func (a *App) pingSoon(r *remoteBook) {
	if !r.pinging.CompareAndSwap(false, true) {
		return
	}
	a.background(func(ctx context.Context) {
		defer r.pinging.Store(false)
		tick := time.NewTicker(a.pingEvery)
		defer tick.Stop()
		for a.book.now().remote == r {
			if _ = r.ping(ctx); ctx.Err() != nil {
				return
			}
			if since, _ := r.trouble(); since.IsZero() {
				return
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
}

// bookTurned tells that the order database went away, or is back. Then what waited is made up for.
func (a *App) bookTurned(r *remoteBook, p place, err error) {
	if a.book.now().remote != r {
		return // it is not in use any more
	}
	if err != nil {
		a.log.Warn("the order database does not answer; alerts wait, mails go on", "place", p.name, "err", err)
		if a.outage.first() {
			a.bus.Publish(core.JobFailed{Job: pingJob, Message: core.ErrorMessage(err), BookDown: true, Denied: core.ErrorCode(err) == core.CodeDenied})
		}
		a.bus.Publish(core.StatusChanged{})
		a.pingSoon(r)
		return
	}
	a.log.Info("the order database answers again", "place", p.name)
	a.outage.end()
	a.counted.again()
	a.bus.Publish(core.StatusChanged{})
	a.recoverSoon()
	a.tryOwedChecks()
}

// tryOwedChecks makes up for the checks that failed while the order book was away.
func (a *App) tryOwedChecks() {
	a.watch.mu.Lock()
	runner := a.watch.runner
	a.watch.mu.Unlock()
	if runner != nil {
		runner.TryNow()
		a.checkSoon()
	}
}

// bookAway is the trouble with the order database, as the error of what cannot be done without
// it; nil when there is none.
func (a *App) bookAway() error {
	r := a.book.now().remote
	if r == nil {
		return nil
	}
	since, why := r.trouble()
	if since.IsZero() {
		return nil
	}
	return why
}
