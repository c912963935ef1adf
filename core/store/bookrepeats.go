package store

import (
	"hash/maphash"
	"math/bits"
)

// rowSet is a set of orders.id, one bit each.
type rowSet struct {
	bits []uint64
	n    int64
}

func (r *rowSet) add(id int64) {
	for int64(len(r.bits)) <= id/64 {
		r.bits = append(r.bits, make([]uint64, max(1, int64(len(r.bits))/2, id/64-int64(len(r.bits))+1))...)
	}
	if r.bits[id/64]&(1<<(id%64)) == 0 {
		r.bits[id/64] |= 1 << (id % 64)
		r.n++
	}
}

func (r *rowSet) remove(id int64) {
	if id/64 < int64(len(r.bits)) && r.bits[id/64]&(1<<(id%64)) != 0 {
		r.bits[id/64] &^= 1 << (id % 64)
		r.n--
	}
}

// repeatFilter finds the rows that may repeat an order id of the same import, without
// keeping the ids: it is a Bloom filter of three bits an id (B. Bloom, 1970, blocked by
// words). It misses no repeat, and even of ten million rows suspects only a few in a
// thousand that are none.
type repeatFilter struct {
	seed     maphash.Seed
	table    []uint64
	suspects []int64 // orders.id
	knows    bool    // every repeat is among the suspects
}

const (
	maxFilterBytes = 16 << 20
	maxSuspects    = 1 << 20
)

// newRepeatFilter makes a filter for a file of that size.
func newRepeatFilter(fileBytes int64) repeatFilter {
	// Four bits a byte are some two hundred bits a row.
	bytes := min(max(fileBytes/2, 1<<16), maxFilterBytes)
	return repeatFilter{knows: true, seed: maphash.MakeSeed(), table: make([]uint64, 1<<(bits.Len64(uint64(bytes-1))-3))}
}

// add takes the next order id and its row. A zero filter takes nothing.
func (f *repeatFilter) add(orderID string, row int64) {
	if f.table == nil {
		return
	}
	h := maphash.String(f.seed, orderID)
	// The three bits are in one word, which costs one access to memory instead of three.
	word, mask := &f.table[h>>18%uint64(len(f.table))], uint64(1)<<(h&63)|1<<(h>>6&63)|1<<(h>>12&63)
	if *word&mask != mask {
		*word |= mask
		return
	}
	if len(f.suspects) == maxSuspects {
		*f = repeatFilter{} // too many to look up one by one
		return
	}
	f.suspects = append(f.suspects, row)
}
