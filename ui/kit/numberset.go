package kit

import "math/bits"

// numberSet is a set of row numbers as bits: a million rows selected are 125 kB.
type numberSet struct {
	words []uint64
	count int
}

func (s *numberSet) has(no uint32) bool {
	w := int(no / 64)
	return w < len(s.words) && s.words[w]&(1<<(no%64)) != 0
}

func (s *numberSet) add(no uint32) {
	w := int(no / 64)
	if w >= len(s.words) {
		s.words = append(s.words, make([]uint64, w+1-len(s.words))...)
	}
	if s.words[w]&(1<<(no%64)) == 0 {
		s.words[w] |= 1 << (no % 64)
		s.count++
	}
}

func (s *numberSet) toggle(no uint32) {
	if !s.has(no) {
		s.add(no)
		return
	}
	s.words[no/64] &^= 1 << (no % 64)
	s.count--
}

func (s *numberSet) clear() {
	clear(s.words)
	s.count = 0
}

// keep takes out what is not in nos and reports whether that was anything.
func (s *numberSet) keep(nos []uint32) (lost bool) {
	if s.count == 0 {
		return false
	}
	there := make([]uint64, len(s.words))
	for _, no := range nos {
		if w := int(no / 64); w < len(there) {
			there[w] |= 1 << (no % 64)
		}
	}
	before := s.count
	s.count = 0
	for i := range s.words {
		s.words[i] &= there[i]
		s.count += bits.OnesCount64(s.words[i])
	}
	return s.count != before
}
