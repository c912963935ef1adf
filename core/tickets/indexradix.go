package tickets

import (
	"cmp"
	"slices"
)

// sorted returns the tickets' numbers in order. Few are compared with each other; many are
// distributed by a part of their keys at a time, the lowest first, which for a million is ten
// times as quick (least significant digit radix sort; Knuth, The Art of Computer Programming 3, 5.2.5).
func (s *sortList) sorted(by sortBy) []uint32 {
	const few = 2000
	order := make([]uint32, len(s.nos))
	for i := range order {
		order[i] = uint32(i)
	}
	if by.down { // what was added last has the lowest number of those turned round
		slices.Reverse(order)
	}
	if len(order) < few {
		slices.SortStableFunc(order, func(a, b uint32) int { return cmp.Compare(s.keys[a], s.keys[b]) })
	} else {
		order = s.distributed(order)
	}
	for i, at := range order {
		order[i] = by.turned(s.nos[at])
	}
	return order
}

func (s *sortList) distributed(order []uint32) []uint32 {
	const digit = 11 // bits: the counts of a digit stay in the nearest cache
	differ := uint64(0)
	for _, k := range s.keys {
		differ |= k ^ s.keys[0]
	}
	next := make([]uint32, len(order))
	for shift := 0; shift < 64; shift += digit {
		if differ>>shift&(1<<digit-1) == 0 {
			continue
		}
		var from [1<<digit + 1]uint32
		for _, k := range s.keys {
			from[k>>shift&(1<<digit-1)+1]++
		}
		for d := range from[1:] {
			from[d+1] += from[d]
		}
		for _, at := range order {
			d := s.keys[at] >> shift & (1<<digit - 1)
			next[from[d]] = at
			from[d]++
		}
		order, next = next, order
	}
	return order
}
