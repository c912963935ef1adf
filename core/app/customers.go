package app

import (
	"context"
	"hash/maphash"

	"strings"
	"sync"
	"time"

	"deskwatch/core"
)

const (
	// joinAnew is how long the customers' joins are trusted when nothing tells of a change:
	// another process may have changed a client.
	joinAnew = time.Hour
	// breachMonths is how far back order breaches are looked for.
	breachMonths = 12
	// shortestRest is how long the customers are left alone after a refresh, at least; a
	// refresh that took longer is followed by three times its own time.
	shortestRest = 200 * time.Millisecond
)

// customers is what the desk knows of its customers beside their tickets: which of the orders'
// customers they are, and what the orders say of them. It is told anew by refreshCustomers.
type customers struct {
	turn    turns
	showing sync.Mutex // one handing over to the index at a time, so that the last one has the last word
	mu      sync.Mutex // guards what follows, up to the empty line
	asked   int64      // calls of refreshCustomers
	begun   int64      // the calls that the last refresh to end answered
	runs    int64      // refreshes that were begun
	ended   error      // how it ended
	changes int64      // of the orders that this process was told of
	links   map[core.CustomerKey][]core.CustomerLink
	callers map[string][]core.CustomerKey // whose link with an order customer counts
	flags   map[core.CustomerKey]core.ToughFlag
	orders  orderFacts
	shown   core.Month    // the month whose bad orders the index has
	met     uint32        // the last customer of the tickets that was joined
	took    time.Duration // joining them the last time

	// Of the refresh whose turn it is.
	seed          maphash.Seed
	joined, known customersMark
}

// orderFacts is what the order book said last.
type orderFacts struct {
	rule     core.Rule // whose breaches they are
	month    core.Month
	bad      map[string]int          // cancelled or returned this month, by order customer; nil: never answered
	months   map[string][]core.Month // of breaches, by order customer
	breaches []core.Breach           // of the last twelve months, newest first
	trouble  error                   // why the last question was not answered
}

// customersMark is what an answer was made from. The same mark means the same answer, for as
// long as nobody changes what no mark shows.
type customersMark struct {
	at       time.Time // when
	tickets  uint64    // a hash of the tickets' customers; 0 where they do not matter
	month    core.Month
	rule     ruleMark
	newest   int64 // import, and its state: it may be undone
	state    core.ImportState
	patterns string
	book     *openBook
	changes  int64
}

// ruleMark is what of a rule makes its breaches.
type ruleMark struct {
	id              int64
	statuses        core.StatusSet
	threshold, days int
}

// holds reports whether an answer made from before is still the one for m.
func (m customersMark) holds(before customersMark) bool {
	age := m.at.Sub(before.at)
	before.at = m.at
	return age >= 0 && age < joinAnew && m == before
}

// refreshCustomers tells anew who is who and what the orders say of them, and hands it to the
// index. Calls that come while one runs share the next one. While the order book is away
// it keeps what it knew, does the rest and returns the book's error.
func (a *App) refreshCustomers(ctx context.Context) error {
	c := &a.customers
	c.mu.Lock()
	c.asked++
	mine := c.asked
	c.mu.Unlock()
	ctx, end, err := c.turn.begin(ctx)
	if err != nil {
		return ctx.Err()
	}
	defer end()
	c.mu.Lock()
	if c.begun >= mine { // a refresh that began after this call has ended
		defer c.mu.Unlock()
		return c.ended
	}
	begun := c.asked
	c.runs++
	c.mu.Unlock()
	err = a.tellCustomers(ctx)
	if ctx.Err() == nil {
		c.mu.Lock()
		c.begun, c.ended = begun, err
		c.mu.Unlock()
	}
	return err
}

// tellCustomers is one refresh. It asks only what may have another answer than the last time.
func (a *App) tellCustomers(ctx context.Context) error {
	c := &a.customers
	c.mu.Lock()
	first, turned := c.links == nil, c.shown != core.MonthOf(a.now())
	c.mu.Unlock()
	joined, asked, bookErr := a.tellOrders(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	c.mu.Lock()
	c.orders.trouble = bookErr
	c.mu.Unlock()
	flagged, err := a.readFlags(ctx)
	if err == nil && (first || joined) {
		err = a.readLinks(ctx)
	}
	if err == nil && (first || turned || joined || asked || flagged) {
		a.showCustomers()
	}
	return joinErrors(err, bookErr)
}

// tellOrders does what needs the order book.
func (a *App) tellOrders(ctx context.Context) (joined, asked bool, err error) {
	if err := a.bookAway(); err != nil {
		return false, false, err
	}
	rule, err := a.breachRule(ctx)
	if err != nil {
		return false, false, err
	}
	mark, err := a.customersMark(ctx)
	if err != nil {
		return false, false, err
	}
	c := &a.customers
	asking := mark
	asking.month, asking.rule = core.MonthOf(mark.at), ruleMark{rule.ID, rule.Statuses, rule.Threshold, rule.Days}
	if !asking.holds(c.known) {
		if err := a.askOrders(ctx, rule, asking.month); err != nil {
			return false, false, err
		}
		c.known, asked = asking, true
	}
	mark.tickets = a.hashCustomers()
	if !mark.holds(c.joined) {
		if err := a.joinCustomers(ctx, mark.at); err != nil {
			return false, asked, err
		}
		c.joined, joined = mark, true
	}
	return joined, asked, nil
}

// customersMark is what the order side of an answer is made from now.
func (a *App) customersMark(ctx context.Context) (customersMark, error) {
	m := customersMark{at: a.now(), book: a.book.now(), patterns: strings.Join(a.settings.Current().Orders.CustomerPatterns, "\n")}
	a.customers.mu.Lock()
	m.changes = a.customers.changes
	a.customers.mu.Unlock()
	newest, err := a.book.Imports(ctx, 1)
	if err == nil && len(newest) > 0 {
		m.newest, m.state = newest[0].ID, newest[0].State
	}
	return m, err
}
