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

// ranked reports whether the sort is by names.
func (b sortBy) ranked() bool {
	return b.field == "product" || b.field == "owner" || b.field == "customer"
}

// sortKey returns what gives a ticket its key. The caller holds mu for as long as it is used.
func (x *Index) sortKey(b sortBy) func(c *chunk, i int) uint64 {
	cols := &x.cols
	switch b.field {
	case "number":
		return func(c *chunk, i int) uint64 { return orNoKey(c.number[i]) }
	case "subject":
		return func(c *chunk, i int) uint64 { return orNoKey(c.subject[i]) }
	case "status":
		return func(c *chunk, i int) uint64 { return uint64(cols.classes[c.class[i]].status) }
	case "priority":
		return func(c *chunk, i int) uint64 { return orNoKey(uint64(cols.classes[c.class[i]].priority)) }
	case "product":
		ranks := x.ranking(b.field)
		return func(c *chunk, i int) uint64 { return ranks.rank(cols.classes[c.class[i]].product) }
	case "owner":
		ranks := x.ranking(b.field)
		return func(c *chunk, i int) uint64 { return ranks.rank(c.owner[i]) }
	case "customer":
		ranks := x.ranking(b.field)
		return func(c *chunk, i int) uint64 { return ranks.rank(c.customer[i]) }
	case "created":
		return func(c *chunk, i int) uint64 { return orNoKey(uint64(c.created[i])) }
	case "closed":
		return func(c *chunk, i int) uint64 { return orNoKey(uint64(c.closed[i])) }
	case "due": // of an answered ticket nothing is due
		return func(c *chunk, i int) uint64 {
			if s := c.clock(i); s != clockRuns && s != clockStopped {
				return noKey
			}
			return orNoKey(uint64(c.due[i]))
		}
	case "risk":
		return func(c *chunk, i int) uint64 {
			if cols.done(c, i) {
				return noKey
			}
			return uint64(c.risk[i])
		}
	case "tough":
		return func(c *chunk, i int) uint64 { return x.ofCustomer(c.customer[i], x.toughScore) }
	case "orders":
		return func(c *chunk, i int) uint64 {
			return x.ofCustomer(c.customer[i], func(no uint32) int64 { return int64(x.orderCount(no)) })
		}
	case "rating":
		return func(c *chunk, i int) uint64 { return orNoKey(uint64(c.rating(i))) }
	}
	return func(c *chunk, i int) uint64 { return orNoKey(uint64(c.updated[i])) }
}

func orNoKey(v uint64) uint64 {
	if v == 0 {
		return noKey
	}
	return v
}

func (x *Index) ofCustomer(no uint32, value func(uint32) int64) uint64 {
	if no == 0 {
		return noKey
	}
	return uint64(value(no))
}

// sortList is tickets to be sorted by key, and by the order they were added in.
type sortList struct {
	keys []uint64
	nos  []uint32
}

func (s *sortList) grow(n int) {
	s.keys, s.nos = make([]uint64, 0, n), make([]uint32, 0, n)
}

func (s *sortList) add(key uint64, no uint32) {
	s.keys, s.nos = append(s.keys, key), append(s.nos, no)
}
