package tickets

import (
	"context"
	"time"

	"deskwatch/core"
)

// IndexOptions are what the index asks of its surroundings. Every function only reads memory.
type IndexOptions struct {
	Now      func() time.Time
	Location func() *time.Location // of dates in filters, and of the days of Stats
	Clock    func() Clock          // of the settings in force; never nil
	Me       func() []string       // the owner names of the person at the desk
	Tough    func() int            // a customer is tough from this score on
}

// OrderFacts is what the order book says of one customer of the tickets.
type OrderFacts struct {
	BadOrders int          // cancelled or returned this month
	Breaches  []core.Month // of the last twelve months
}

// Index holds the facts of every ticket in memory and answers filters from there. Its methods
// may be called from several goroutines.
type Index struct {
	pool Pool
	opt  IndexOptions
}

// NewIndex returns an empty index; Sync fills it.
func NewIndex(pool Pool, opt IndexOptions) *Index { return &Index{pool: pool, opt: opt} }

// Sync reads what changed in the pool since the last call, whichever process changed it, and
// reports whether anything did. The first call reads everything.
func (x *Index) Sync(ctx context.Context) (changed bool, err error) { return false, nil }

// Ready reports whether the first Sync has ended.
func (x *Index) Ready() bool { return false }

// SetAttention makes these the acknowledgements and snoozes that count, by ticket.
func (x *Index) SetAttention(list map[uint32][]core.Attention) {}

// SetFlags makes these the flags that count, by customer.
func (x *Index) SetFlags(flags map[uint32]core.ToughFlag) {}

// SetOrders makes these what the orders say, by customer of the tickets.
func (x *Index) SetOrders(orders map[uint32]OrderFacts) {}

// Recompute has clocks, scores and risks told anew: the settings changed, or time went by.
func (x *Index) Recompute() {}

// Order filters and sorts. A filter that cannot be understood fails with core.CodeInvalid.
func (x *Index) Order(ctx context.Context, q core.TicketQuery) (core.TicketOrder, error) {
	return core.TicketOrder{}, nil
}

// Page is one page of what Order finds, with the cursor of the next one.
func (x *Index) Page(ctx context.Context, q core.TicketQuery) (nos []uint32, total int64, next string, err error) {
	return nil, 0, "", nil
}

// View adds to a ticket what the desk knows about it.
func (x *Index) View(t core.Ticket) core.TicketView { return core.TicketView{Ticket: t} }

// Risk is how likely a ticket ends badly, and why.
func (x *Index) Risk(no uint32) (int, []core.NamedReason) { return 0, nil }

// CustomerOf is the customer of a ticket, 0 for none.
func (x *Index) CustomerOf(no uint32) uint32 { return 0 }

// Customer returns a customer of the tickets by its number, or by its key.
func (x *Index) Customer(no uint32) (core.TicketCustomer, bool) { return core.TicketCustomer{}, false }

// CustomerByKey returns a customer of the tickets by its key.
func (x *Index) CustomerByKey(key core.CustomerKey) (core.TicketCustomer, bool) {
	return core.TicketCustomer{}, false
}

// Customers calls each for every customer of the tickets, by number, until it returns false.
func (x *Index) Customers(each func(core.TicketCustomer) bool) {}

// Account is what the index knows of one customer.
type Account struct {
	Tickets, Open int
	Ratings       [6]int // by rating; [0] unrated
	History       History
	Tough         int // 0..100, without the flag
	IsTough       bool
	Reasons       []core.NamedReason
	Flag          *core.ToughFlag
	Orders        OrderFacts
	First         time.Time
}

// Account sums a customer up; several numbers are one customer whose records were joined.
func (x *Index) Account(customers ...uint32) Account { return Account{} }

// TicketsOf lists the tickets of customers, newest first, at most limit.
func (x *Index) TicketsOf(limit int, customers ...uint32) []uint32 { return nil }

// Standing counts the open tickets by what they need now.
type Standing struct {
	Tickets                          int64
	Open, Red, Amber, Unowned, Tough int
	Due                              []uint32 // unanswered, the most pressing first
	AtRisk                           []uint32 // the riskiest first
	Days                             []core.TicketDay
}

// Standing sums the pool up. due and atRisk say how many tickets to list, days how many days.
// Acknowledged and snoozed tickets are counted and not listed.
func (x *Index) Standing(due, atRisk, days int) Standing { return Standing{} }

// DueSoon lists unanswered open tickets whose clock turned amber or red by now, the most
// pressing first, at most limit, without acknowledged and snoozed ones.
func (x *Index) DueSoon(limit int) []uint32 { return nil }

// Risky lists open tickets with a risk of from or more, without acknowledged and snoozed ones.
func (x *Index) Risky(from, limit int) []uint32 { return nil }

// Owners lists the owners tickets have, those of the most open tickets first.
func (x *Index) Owners(limit int) []string { return nil }
