package tickets

import "slices"

// sortList is the tickets a filter found, to be sorted by key and number.
type sortList struct {
	by    sortBy
	found []uint64    // key and number in one, where keys have 32 bits
	wide  []sortPlace // where they have more
	none  []uint32    // without a key, which come last
}

func (s *sortList) grow(n int) {
	if s.by.wide() {
		s.wide = make([]sortPlace, 0, n)
	} else {
		s.found = make([]uint64, 0, n)
	}
}

func (s *sortList) add(key uint64, no uint32) {
	switch {
	case key == noKey:
		s.none = append(s.none, no)
	case s.by.wide():
		s.wide = append(s.wide, sortPlace{key, no})
	default:
		s.found = append(s.found, key<<32|uint64(no))
	}
}

// sorted returns the tickets' numbers in order; those without a key come last, whichever way
// round.
func (s *sortList) sorted() []uint32 {
	nos := make([]uint32, 0, len(s.found)+len(s.wide)+len(s.none))
	if s.by.wide() {
		for _, p := range radixSort(s.wide, func(p sortPlace) uint64 { return p.key }) {
			nos = append(nos, p.no)
		}
	} else {
		for _, p := range radixSort(s.found, func(p uint64) uint64 { return p >> 32 }) {
			nos = append(nos, uint32(p))
		}
	}
	keyed := len(nos)
	nos = append(nos, s.none...)
	if s.by.down {
		slices.Reverse(nos[:keyed])
		slices.Reverse(nos[keyed:])
	}
	return nos
}

// radixSort sorts by key, and keeps the order of those with the same: it distributes by a part
// of the key at a time, the lowest first, which for a million is ten times as quick as comparing
// (Knuth, The Art of Computer Programming 3, 5.2.5). list is used up.
func radixSort[T any](list []T, key func(T) uint64) []T {
	const digit = 11 // bits: the counts of a digit stay in the nearest cache
	if len(list) < 2 {
		return list
	}
	differ, first := uint64(0), key(list[0])
	for _, p := range list {
		differ |= key(p) ^ first
	}
	next := make([]T, len(list))
	for shift := 0; shift < 64; shift += digit {
		if differ>>shift&(1<<digit-1) == 0 {
			continue
		}
		var from [1<<digit + 1]uint32
		for _, p := range list {
			from[key(p)>>shift&(1<<digit-1)+1]++
		}
		for d := range from[1:] {
			from[d+1] += from[d]
		}
		for _, p := range list {
			d := key(p) >> shift & (1<<digit - 1)
			next[from[d]] = p
			from[d]++
		}
		list, next = next, list
	}
	return list
}
