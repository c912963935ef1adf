package tickets

import (
	"sync"
	"sync/atomic"
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
	pool  Pool
	opt   IndexOptions
	ready atomic.Bool
	texts textMatches
	ranks rankings
	kept  keptOrders

	// writing lets one goroutine at a time change the columns. It works out what changes while
	// others read, and holds mu only to store a batch of it.
	writing   sync.Mutex
	rev       int64     // up to which the pool's changes are here
	clock     Clock     // that the clocks were told by
	stale     bool      // the clocks were told by another one: all facts have to be read again
	scored    time.Time // when the scores of all customers were told
	slots     []uint16  // by customer: where in a list of tallies, plus one
	histories histories

	mu        sync.RWMutex // what follows
	cols      columns
	changes   changeLog
	attention map[uint32][]core.Attention
	flags     map[uint32]core.ToughFlag
	orders    map[uint32]OrderFacts
}

// NewIndex returns an empty index; Sync fills it.
func NewIndex(pool Pool, opt IndexOptions) *Index {
	x := &Index{pool: pool, opt: opt, cols: newColumns(), histories: newHistories()}
	x.texts.pool, x.kept.from = pool, fewTickets
	return x
}

// Ready reports whether the first Sync has ended.
func (x *Index) Ready() bool { return x.ready.Load() }

// SetAttention makes these the acknowledgements and snoozes that count, by ticket. The map is
// the index's from then on.
func (x *Index) SetAttention(list map[uint32][]core.Attention) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.attention = list
}

// CustomerOf is the customer of a ticket, 0 for none.
func (x *Index) CustomerOf(no uint32) uint32 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if c, i, ok := x.cols.at(no); ok {
		return c.customer.at(i)
	}
	return 0
}

// Customer returns a customer of the tickets by its number.
func (x *Index) Customer(no uint32) (core.TicketCustomer, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.cols.people.get(no)
}

// CustomerByKey returns a customer of the tickets by its key.
func (x *Index) CustomerByKey(key core.CustomerKey) (core.TicketCustomer, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.cols.people.get(x.cols.people.byKey(key))
}

// Customers calls each for every customer of the tickets, by number, until it returns false. It
// reads in blocks, so each may take its time.
func (x *Index) Customers(each func(core.TicketCustomer) bool) {
	const block = 1000
	list := make([]core.TicketCustomer, 0, block)
	for from, all := 1, 2; from < all; from += block {
		list = list[:0]
		x.mu.RLock()
		all = len(x.cols.people.rows)
		for no := from; no < min(from+block, all); no++ {
			if c, ok := x.cols.people.get(uint32(no)); ok {
				list = append(list, c)
			}
		}
		x.mu.RUnlock()
		for _, c := range list {
			if !each(c) {
				return
			}
		}
	}
}
