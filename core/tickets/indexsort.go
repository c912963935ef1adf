package tickets

import (
	"fmt"
	"slices"
	"strings"

	"deskwatch/core"
)

// noKey is the key of a ticket without the value that is sorted by. It comes last, whichever
// way round.
const noKey = ^uint64(0)

// sortBy is what tickets are sorted by.
type sortBy struct {
	field string
	down  bool
}

func readSort(text string) (sortBy, error) {
	if text == "" {
		text = "-updated"
	}
	field, down := strings.CutPrefix(text, "-")
	if !slices.Contains(core.TicketSorts(), field) {
		return sortBy{}, core.NewError(core.CodeInvalid, "tickets.sort",
			fmt.Sprintf("Tickets cannot be sorted by %q. Use one of: %s; with - in front for the other way round.", text, strings.Join(core.TicketSorts(), ", ")), nil)
	}
	return sortBy{field, down}, nil
}

func (b sortBy) String() string {
	if b.down {
		return "-" + b.field
	}
	return b.field
}

// turned turns a ticket's number round for a descending sort, and back.
func (b sortBy) turned(no uint32) uint32 {
	if b.down {
		return ^no
	}
	return no
}

// turnedKey does the same to a key; none stays none.
func (b sortBy) turnedKey(key uint64) uint64 {
	if key == noKey {
		return key
	}
	return noKey - 1 - key
}

// place is where a ticket stands.
func (b sortBy) place(key uint64, no uint32) sortPlace {
	if b.down {
		return sortPlace{b.turnedKey(key), b.turned(no)}
	}
	return sortPlace{key, no}
}

// ranked reports whether the sort is by names.
func (b sortBy) ranked() bool {
	return b.field == "product" || b.field == "owner" || b.field == "customer"
}

// wide reports whether the keys may need more than 32 bits.
func (b sortBy) wide() bool { return b.field == "subject" || b.field == "number" }

// sortKey returns what gives a ticket its key. The caller holds mu for as long as it is used.
func (x *Index) sortKey(b sortBy) func(c *chunk, i int) uint64 {
	people := &x.cols.people
	switch b.field {
	case "number":
		return func(c *chunk, i int) uint64 { return orNoKey(c.number.at(i)) }
	case "subject":
		return func(c *chunk, i int) uint64 { return orNoKey(c.subject[i]) }
	case "status":
		return x.classKey(func(k *class) uint64 { return uint64(k.status) })
	case "priority":
		return x.classKey(func(k *class) uint64 { return orNoKey(uint64(k.priority)) })
	case "product":
		ranks := x.ranking(b.field)
		return x.classKey(func(k *class) uint64 { return ranks.rank(k.product) })
	case "owner":
		ranks := x.ranking(b.field)
		return func(c *chunk, i int) uint64 { return ranks.rank(c.owner.at(i)) }
	case "customer":
		ranks := x.ranking(b.field)
		return func(c *chunk, i int) uint64 { return ranks.rank(c.customer.at(i)) }
	case "created":
		return func(c *chunk, i int) uint64 { return orNoKey(uint64(c.created[i])) }
	case "closed":
		return func(c *chunk, i int) uint64 { return orNoKey(uint64(c.closed[i])) }
	case "due":
		return func(c *chunk, i int) uint64 {
			if s := c.clock(i); s != clockRuns && s != clockStopped {
				return noKey // of an answered ticket nothing is due
			}
			return orNoKey(uint64(c.deadlines.at(i).due))
		}
	case "risk":
		return func(c *chunk, i int) uint64 {
			if c.done(i) {
				return noKey
			}
			return uint64(c.risk[i])
		}
	case "satisfaction":
		return func(c *chunk, i int) uint64 {
			if c.done(i) {
				return noKey
			}
			return uint64(100 - min(c.risk[i], 100))
		}
	case "tough":
		return customerKey(people.tough)
	case "orders":
		return customerKey(people.orders)
	case "rating":
		return func(c *chunk, i int) uint64 { return orNoKey(uint64(c.rating(i))) }
	}
	return func(c *chunk, i int) uint64 { return orNoKey(uint64(c.updated[i])) }
}

// classKey asks for a key once for each class.
func (x *Index) classKey(key func(k *class) uint64) func(c *chunk, i int) uint64 {
	table := make([]uint64, len(x.cols.classes))
	for i := range table {
		table[i] = key(&x.cols.classes[i])
	}
	return func(c *chunk, i int) uint64 { return table[c.class.at(i)] }
}

func customerKey[T uint8 | uint16](values []T) func(c *chunk, i int) uint64 {
	return func(c *chunk, i int) uint64 {
		if no := c.customer.at(i); no != 0 && int(no) < len(values) {
			return uint64(values[no])
		}
		return noKey
	}
}

func orNoKey(v uint64) uint64 {
	if v == 0 {
		return noKey
	}
	return v
}
