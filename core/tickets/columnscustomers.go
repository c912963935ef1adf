package tickets

import (
	"cmp"
	"hash/maphash"
	"strings"

	"deskwatch/core"
)

// customerColumns are the customers of the tickets, by number. Their texts lie in blocks of
// bytes, so that hundreds of thousands of them are not as many objects.
type customerColumns struct {
	rows   []customerRow
	blocks [][]byte
	count  int
	rev    int // grows when a customer is added or changed

	seed maphash.Seed
	find []uint32 // open addressing by key; 0 is free
	used int

	tough  []uint8  // the score, without the flag
	orders []uint16 // cancelled or returned this month
}

// customerRow says where a customer's texts are: its source, id, name and e-mail, one behind the
// other. A row without an id is no customer.
type customerRow struct {
	block, at               uint32
	source, id, name, email uint16
}

const (
	textBlock = 1 << 18
	mostText  = 1 << 12 // bytes of one text; longer ones are cut
)

func newCustomerColumns() customerColumns { return customerColumns{seed: maphash.MakeSeed()} }

func (s *customerColumns) set(f *CustomerFact) {
	no := f.No
	if no == 0 || no >= mostNumber {
		return
	}
	for int(no) >= len(s.rows) {
		s.rows, s.tough, s.orders = append(s.rows, customerRow{}), append(s.tough, 0), append(s.orders, 0)
	}
	if old, ok := s.get(no); ok {
		if old == f.TicketCustomer {
			return
		}
	} else {
		s.count++
	}
	s.rev++
	var row customerRow
	texts := [...]struct {
		text string
		size *uint16
	}{{f.Key.Source, &row.source}, {f.Key.ID, &row.id}, {f.Name, &row.name}, {f.Email, &row.email}}
	total := 0
	for i := range texts {
		texts[i].text = texts[i].text[:min(len(texts[i].text), mostText)]
		*texts[i].size = uint16(len(texts[i].text))
		total += len(texts[i].text)
	}
	if n := len(s.blocks); n == 0 || cap(s.blocks[n-1])-len(s.blocks[n-1]) < total {
		s.blocks = append(s.blocks, make([]byte, 0, textBlock))
	}
	last := &s.blocks[len(s.blocks)-1]
	row.block, row.at = uint32(len(s.blocks)-1), uint32(len(*last))
	for _, t := range texts {
		*last = append(*last, t.text...)
	}
	s.rows[no] = row
	s.remember(f.Key, no)
}

// texts are a customer's bytes: its key's id, name and e-mail.
func (s *customerColumns) texts(no int) []byte {
	r := s.rows[no]
	from := int(r.at) + int(r.source)
	return s.blocks[r.block][from : from+int(r.id)+int(r.name)+int(r.email)]
}

func (s *customerColumns) has(no uint32) bool {
	return int(no) < len(s.rows) && s.rows[no] != customerRow{}
}

func (s *customerColumns) get(no uint32) (core.TicketCustomer, bool) {
	if !s.has(no) {
		return core.TicketCustomer{}, false
	}
	r := s.rows[no]
	all := string(s.blocks[r.block][r.at : int(r.at)+int(r.source)+int(r.id)+int(r.name)+int(r.email)])
	source, all := all[:r.source], all[r.source:]
	id, all := all[:r.id], all[r.id:]
	return core.TicketCustomer{No: no, Key: core.CustomerKey{Source: source, ID: id}, Name: all[:r.name], Email: all[r.name:]}, true
}

// shownName is what a customer is called: its name, or else its e-mail, or else its id.
func (s *customerColumns) shownName(no uint32) string {
	c, _ := s.get(no)
	return cmp.Or(c.Name, c.Email, c.Key.ID)
}

// byKey finds a customer's number, 0 for none.
func (s *customerColumns) byKey(key core.CustomerKey) uint32 {
	if len(s.find) == 0 {
		return 0
	}
	for at := s.place(key); s.find[at] != 0; at = (at + 1) % uint64(len(s.find)) {
		if c, _ := s.get(s.find[at]); c.Key == key {
			return c.No
		}
	}
	return 0
}

func (s *customerColumns) place(key core.CustomerKey) uint64 {
	return maphash.Comparable(s.seed, key) % uint64(len(s.find))
}

// remember lets byKey find a customer. A customer whose key changed is found by both; byKey
// compares the key.
func (s *customerColumns) remember(key core.CustomerKey, no uint32) {
	if s.byKey(key) == no {
		return
	}
	if (s.used+1)*2 > len(s.find) {
		s.find = make([]uint32, max(1024, 2*len(s.find)))
		s.used = 0
		for n := range s.rows {
			if c, ok := s.get(uint32(n)); ok && uint32(n) != no {
				s.insert(c.Key, uint32(n))
			}
		}
	}
	s.insert(key, no)
}

func (s *customerColumns) insert(key core.CustomerKey, no uint32) {
	at := s.place(key)
	for s.find[at] != 0 {
		at = (at + 1) % uint64(len(s.find))
	}
	s.find[at] = no
	s.used++
}

// containing marks the customers whose key, name or e-mail contains a text, without case.
func (s *customerColumns) containing(text string) []bool {
	marks := make([]bool, len(s.rows))
	needle := strings.ToLower(text)
	for no := range s.rows {
		if no == 0 || !s.has(uint32(no)) {
			continue
		}
		b := s.texts(no)
		if !containsFolded(b, needle) {
			continue
		}
		r := s.rows[no] // it may lie across two of the texts
		id, name, email := b[:r.id], b[r.id:r.id+r.name], b[r.id+r.name:]
		marks[no] = containsFolded(id, needle) || containsFolded(name, needle) || containsFolded(email, needle)
	}
	return marks
}

// containsFolded reports whether text contains needle, which is in lower case, without case.
func containsFolded(text []byte, needle string) bool {
	if needle == "" {
		return true
	}
	first := needle[0]
	if first >= 0x80 || strings.ContainsFunc(needle, func(r rune) bool { return r >= 0x80 }) {
		return strings.Contains(strings.ToLower(string(text)), needle)
	}
	other := first // in upper case
	if first >= 'a' && first <= 'z' {
		other -= 'a' - 'A'
	}
	for at := range max(len(text)-len(needle)+1, 0) {
		if b := text[at]; b != first && b != other {
			continue
		}
		i := 1
		for i < len(needle) && lowered(text[at+i]) == needle[i] {
			i++
		}
		if i == len(needle) {
			return true
		}
	}
	return false
}

func lowered(b byte) byte {
	if b >= 'A' && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}
