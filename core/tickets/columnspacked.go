package tickets

import "math/bits"

// numbers is a column of numbers that mostly fit into 16 bits; the upper halves are kept from the
// first one on that does not.
type numbers struct {
	upper *[chunkSize]uint16
	lower [chunkSize]uint16
}

func (s *numbers) at(i int) uint32 {
	n := uint32(s.lower[i])
	if s.upper != nil {
		n |= uint32(s.upper[i]) << 16
	}
	return n
}

func (s *numbers) set(i int, n uint32) {
	if n > 0xffff && s.upper == nil {
		s.upper = new([chunkSize]uint16)
	}
	s.lower[i] = uint16(n)
	if s.upper != nil {
		s.upper[i] = uint16(n >> 16)
	}
}

// packedKeys is a column of keys whose upper halves are mostly the same, as those of the numbers a
// source counts its tickets by; they are kept one by one from the first other one on.
type packedKeys struct {
	uppers *[chunkSize]uint32
	upper  uint32
	known  bool // upper is somebody's
	lower  [chunkSize]uint32
}

func (s *packedKeys) at(i int) uint64 {
	if s.uppers != nil {
		return uint64(s.uppers[i])<<32 | uint64(s.lower[i])
	}
	return uint64(s.upper)<<32 | uint64(s.lower[i])
}

func (s *packedKeys) set(i int, key uint64) {
	upper := uint32(key >> 32)
	if !s.known {
		s.known, s.upper = true, upper
	}
	if upper != s.upper && s.uppers == nil {
		s.uppers = new([chunkSize]uint32)
		for n := range s.uppers {
			s.uppers[n] = s.upper
		}
	}
	s.lower[i] = uint32(key)
	if s.uppers != nil {
		s.uppers[i] = upper
	}
}

func (m *mask) has(i int) bool { return m[i>>6]>>(i&63)&1 == 1 }

func (m *mask) set(i int, on bool) {
	if on {
		m[i>>6] |= 1 << (i & 63)
	} else {
		m[i>>6] &^= 1 << (i & 63)
	}
}

// deadline is when an answer is due, and from when on that is soon.
type deadline struct{ due, amber uint32 }

// deadlines is a column of which few tickets have a value: those that wait for an answer.
type deadlines struct {
	list   []deadline // of the tickets that have one, by number
	have   mask
	before [maskWords]uint16 // how many have one in front of each word of have
}

// place is where in the list a ticket's is, or would be.
func (s *deadlines) place(i int) int {
	return int(s.before[i>>6]) + bits.OnesCount64(s.have[i>>6]&(1<<(i&63)-1))
}

func (s *deadlines) at(i int) deadline {
	if !s.have.has(i) {
		return deadline{}
	}
	return s.list[s.place(i)]
}

func (s *deadlines) set(i int, d deadline) {
	at, had, has := s.place(i), s.have.has(i), d != deadline{}
	switch {
	case had && has:
		s.list[at] = d
	case had:
		s.list = append(s.list[:at], s.list[at+1:]...)
		for w := i>>6 + 1; w < maskWords; w++ {
			s.before[w]--
		}
	case has:
		if len(s.list) == cap(s.list) { // a quarter more, where append would double
			s.list = append(make([]deadline, 0, len(s.list)+len(s.list)/4+16), s.list...)
		}
		s.list = append(s.list, deadline{})
		copy(s.list[at+1:], s.list[at:])
		s.list[at] = d
		for w := i>>6 + 1; w < maskWords; w++ {
			s.before[w]++
		}
	}
	s.have.set(i, has)
}

// each calls f for every ticket that has a deadline.
func (s *deadlines) each(f func(i int, d deadline)) {
	at := 0
	s.have.each(func(i int) {
		f(i, s.list[at])
		at++
	})
}
