package tickets

import "iter"

// orderSide is what joining looks customers of the orders up in.
type orderSide struct {
	list                        []OrderCustomer
	ids, emails, domains, names chains
}

func newOrderSide(orders iter.Seq[OrderCustomer]) *orderSide {
	s := &orderSide{}
	for o := range orders {
		if o.ID == "" {
			continue
		}
		s.list = append(s.list, o)
	}
	for _, c := range []*chains{&s.ids, &s.emails, &s.domains, &s.names} {
		c.heads, c.next = map[string]int32{}, make([]int32, len(s.list))
	}
	for i := len(s.list) - 1; i >= 0; i-- { // a chain begins with what was added last
		o, at := s.list[i], int32(i)
		s.ids.add(plainID(o.ID), at)
		email, domain := plainEmail(o.Email)
		s.emails.add(email, at)
		if !sharedDomain(domain) {
			s.domains.add(domain, at)
		}
		s.names.add(PlainName(o.Name), at)
	}
	return s
}

// chains gives the order customers with one text: the map holds the first, next the one after
// each. It is a hash join's table without a slice for every text.
type chains struct {
	heads map[string]int32 // by text, plus 1
	next  []int32          // by order customer, plus 1; 0 ends the chain
}

func (c *chains) add(text string, order int32) {
	if text == "" {
		return
	}
	c.next[order] = c.heads[text]
	c.heads[text] = order + 1
}

func (c *chains) has(text string) bool { return c.heads[text] != 0 }

// of lists the order customers with a text, at most mostMatching.
func (c *chains) of(text string) (orders []int32) {
	for at := c.heads[text]; at != 0 && len(orders) < mostMatching; at = c.next[at-1] {
		orders = append(orders, at-1)
	}
	return orders
}
