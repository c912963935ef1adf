package orders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"deskwatch/core"
)

const (
	seedPage   = 10_000
	maxSkipped = 1000
)

// Seed creates a client for every recognised customer that has none, and says which
// unrecognised ones it left out (the first 1,000, all counted). It invents nothing: the name is the one
// inside the identity ("my-shop" of my-shop_123), or else the one the orders file carried, or
// else the identity itself; the e-mail is the one the orders file carried, or none. Doing it again creates
// nothing. Clients made before a cancel stay, and the error says how many.
func Seed(ctx context.Context, book OrderBook, ids *Identities, progress *core.Progress, now time.Time) (core.SeedResult, error) {
	result := core.SeedResult{Skipped: []core.SkippedEntry{}}
	if progress == nil {
		progress = new(core.Progress)
	}
	progress.SetPhase("Creating clients")
	// Customers that have a client are paged through as well: a filter on what this loop
	// changes would move the pages under it.
	yes, no := true, false
	query := core.CustomerQuery{Recognised: &yes, Limit: seedPage}
	for {
		page, err := book.Customers(ctx, query)
		if err != nil {
			return result, seedStopped(err, result.Created)
		}
		progress.SetTotal(page.Total)
		added, err := seedCustomers(ctx, book, ids, page.Customers, now)
		if err != nil {
			return result, seedStopped(err, result.Created)
		}
		result.Created += added
		result.Existing += int64(len(page.Customers)) - added
		progress.Add(int64(len(page.Customers)))
		if page.Next == "" {
			break
		}
		query.After = page.Next
	}

	strangers, err := book.Customers(ctx, core.CustomerQuery{Recognised: &no, Limit: maxSkipped})
	if err != nil {
		return result, seedStopped(err, result.Created)
	}
	result.SkippedN = strangers.Total
	for _, c := range strangers.Customers {
		result.Skipped = append(result.Skipped, core.SkippedEntry{Name: c.Customer, Reason: "its value matches no customer pattern"})
	}
	return result, nil
}

// seedCustomers adds clients for those of one page that have none, and returns how many.
func seedCustomers(ctx context.Context, book OrderBook, ids *Identities, customers []core.Customer, now time.Time) (int64, error) {
	var clients []core.Client
	for _, c := range customers {
		if c.HasClient {
			continue
		}
		clients = append(clients, core.Client{
			Customer: c.Customer, Name: clientName(c, ids), Email: c.Email, Origin: core.OriginSeed, CreatedAt: now,
		})
	}
	if len(clients) == 0 {
		return 0, nil
	}
	return book.AddClients(ctx, clients)
}

func clientName(c core.Customer, ids *Identities) string {
	if name, _ := ids.Match(c.Customer); name != "" {
		return name
	}
	if c.Name != "" {
		return c.Name
	}
	return c.Customer
}

// seedStopped tells what was kept. The book's own sentence is about one of its calls, and
// would say that nothing was changed.
func seedStopped(err error, created int64) error {
	if core.ErrorCode(err) == core.CodeCanceled {
		return core.NewError(core.CodeCanceled, "orders.seed", fmt.Sprintf("Creating clients was stopped as you asked. %s Seed again to add the rest.", kept(created)), err)
	}
	var e *core.Error
	if errors.As(err, &e) && created == 0 {
		return err
	}
	return core.NewError(core.ErrorCode(err), "orders.seed", fmt.Sprintf("Creating clients did not end well. %s Seed again to add the rest.", kept(created)), err)
}

func kept(created int64) string {
	switch created {
	case 0:
		return "No client was created."
	case 1:
		return "1 client was created and stays."
	}
	return fmt.Sprintf("%d clients were created and stay.", created)
}
