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

// chunkKeys are the keys of a chunk's tickets.
type chunkKeys [chunkSize]uint64

// sortKeys returns what gives the tickets of a chunk their keys. The caller holds mu for as long
// as it is used.
func (x *Index) sortKeys(b sortBy) func(c *chunk, keys *chunkKeys) {
	cols := &x.cols
	switch b.field {
	case "number":
		return func(c *chunk, keys *chunkKeys) {
			for i, v := range c.number {
				keys[i] = orNoKey(v)
			}
		}
	case "subject":
		return func(c *chunk, keys *chunkKeys) {
			for i, v := range c.subject {
				keys[i] = orNoKey(v)
			}
		}
	case "status":
		return x.classKeys(func(k *class) uint64 { return uint64(k.status) })
	case "priority":
		return x.classKeys(func(k *class) uint64 { return orNoKey(uint64(k.priority)) })
	case "product":
		ranks := x.ranking(b.field)
		return x.classKeys(func(k *class) uint64 { return ranks.rank(k.product) })
	case "owner":
		ranks := x.ranking(b.field)
		return func(c *chunk, keys *chunkKeys) {
			for i, v := range c.owner {
				keys[i] = ranks.rank(v)
			}
		}
	case "customer":
		ranks := x.ranking(b.field)
		return func(c *chunk, keys *chunkKeys) {
			for i, v := range c.customer {
				keys[i] = ranks.rank(v)
			}
		}
	case "created":
		return timeKeys(func(c *chunk) *[chunkSize]uint32 { return &c.created })
	case "closed":
		return timeKeys(func(c *chunk) *[chunkSize]uint32 { return &c.closed })
	case "due":
		return func(c *chunk, keys *chunkKeys) {
			for i, v := range c.due {
				keys[i] = noKey // of an answered ticket nothing is due
				if s := c.clock(i); s == clockRuns || s == clockStopped {
					keys[i] = orNoKey(uint64(v))
				}
			}
		}
	case "risk":
		done := x.doneClasses()
		return func(c *chunk, keys *chunkKeys) {
			for i, v := range c.risk {
				keys[i] = uint64(v)
				if done[c.class[i]] || c.bits[i]&bitGone != 0 {
					keys[i] = noKey
				}
			}
		}
	case "tough":
		return customerKeys(cols.people.tough)
	case "orders":
		return customerKeys(cols.people.orders)
	case "rating":
		return func(c *chunk, keys *chunkKeys) {
			for i := range c.bits {
				keys[i] = orNoKey(uint64(c.rating(i)))
			}
		}
	}
	return timeKeys(func(c *chunk) *[chunkSize]uint32 { return &c.updated })
}

func timeKeys(column func(c *chunk) *[chunkSize]uint32) func(c *chunk, keys *chunkKeys) {
	return func(c *chunk, keys *chunkKeys) {
		for i, v := range column(c) {
			keys[i] = orNoKey(uint64(v))
		}
	}
}

// classKeys asks for a key once for each class.
func (x *Index) classKeys(key func(k *class) uint64) func(c *chunk, keys *chunkKeys) {
	table := make([]uint64, len(x.cols.classes))
	for i := range table {
		table[i] = key(&x.cols.classes[i])
	}
	return func(c *chunk, keys *chunkKeys) {
		for i, v := range c.class {
			keys[i] = table[v]
		}
	}
}

func customerKeys[T uint8 | uint16](values []T) func(c *chunk, keys *chunkKeys) {
	return func(c *chunk, keys *chunkKeys) {
		for i, no := range c.customer {
			keys[i] = noKey
			if no != 0 && int(no) < len(values) {
				keys[i] = uint64(values[no])
			}
		}
	}
}

func orNoKey(v uint64) uint64 {
	if v == 0 {
		return noKey
	}
	return v
}
