package store

import (
	"strings"

	"deskwatch/core"
)

// poolCustomers gives the customers of tickets their numbers and keeps their names and
// e-mails: the latest that is not empty wins. What changed is written once, at the end.
type poolCustomers struct {
	rev, next int64
	known     map[customerName]*poolCustomer

	find, key, add, set *bulkStmt
}

type customerName struct {
	source int64 // names.no
	key    string
}

type poolCustomer struct {
	no          int64
	name, email string
	// What is in the file. The tickets of one snapshot may disagree; only its last word counts.
	keptName, keptEmail string
}

func newPoolCustomer(no int64, name, email string) *poolCustomer {
	return &poolCustomer{no, name, email, name, email}
}

func newPoolCustomers(c *bulkConn, rev int64) (*poolCustomers, error) {
	p := &poolCustomers{rev: rev, known: map[customerName]*poolCustomer{}}
	var err error
	if p.next, err = c.query("SELECT coalesce(max(no), 0) + 1 FROM customers"); err != nil {
		return nil, err
	}
	for text, s := range map[string]**bulkStmt{
		"SELECT no, name, email FROM customers WHERE source = ? AND key = ?":                  &p.find,
		"SELECT key FROM customers WHERE no = ?":                                              &p.key,
		"INSERT INTO customers (no, rev, source, key, name, email) VALUES (?, ?, ?, ?, ?, ?)": &p.add,
		"UPDATE customers SET rev = ?, name = ?, email = ? WHERE no = ?":                      &p.set,
	} {
		if *s, err = c.prepare(text); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// lookup returns a customer, nil when there is none.
func (p *poolCustomers) lookup(source int64, key string) (*poolCustomer, error) {
	name := customerName{source, key}
	if k := p.known[name]; k != nil || key == "" {
		return k, nil
	}
	var k *poolCustomer
	err := p.find.each(func() error {
		k = newPoolCustomer(p.find.int(0), p.find.str(1), p.find.str(2))
		return nil
	}, source, key)
	if err != nil || k == nil {
		return nil, err
	}
	return k, p.know(customerName{source, strings.Clone(key)}, k)
}

func (p *poolCustomers) know(name customerName, k *poolCustomer) error {
	if len(p.known) >= maxKnownNames {
		if err := p.flush(); err != nil {
			return err
		}
		clear(p.known)
	}
	p.known[name] = k
	return nil
}

// number returns the number of a ticket's customer, which it gets when it has none yet, and
// takes over the name and e-mail the ticket carries.
func (p *poolCustomers) number(source int64, t *core.Ticket) (int64, error) {
	if t.CustomerID == "" {
		return 0, nil
	}
	k, err := p.lookup(source, t.CustomerID)
	if err != nil {
		return 0, err
	}
	if k == nil {
		k = newPoolCustomer(p.next, strings.Clone(t.Customer), strings.Clone(t.Email))
		p.next++
		if err := p.add.run(k.no, p.rev, source, t.CustomerID, t.Customer, t.Email); err != nil {
			return 0, err
		}
		return k.no, p.know(customerName{source, strings.Clone(t.CustomerID)}, k)
	}
	if t.Customer != "" && t.Customer != k.name {
		k.name = strings.Clone(t.Customer)
	}
	if t.Email != "" && t.Email != k.email {
		k.email = strings.Clone(t.Email)
	}
	return k.no, nil
}

// keyOf returns the key of a customer.
func (p *poolCustomers) keyOf(no int64) (key string, err error) {
	err = p.key.each(func() error { key = p.key.str(0); return nil }, no)
	return key, err
}

// flush writes the customers that changed.
func (p *poolCustomers) flush() error {
	for _, k := range p.known {
		if k.name == k.keptName && k.email == k.keptEmail {
			continue
		}
		if err := p.set.run(p.rev, k.name, k.email, k.no); err != nil {
			return err
		}
		k.keptName, k.keptEmail = k.name, k.email
	}
	return nil
}
