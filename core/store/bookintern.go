package store

import (
	"strings"

	"deskwatch/core"
)

// interner gives customers and spellings their numbers. It remembers a bounded part of
// them; when that is full it starts over and finds the others in the file.
type interner struct {
	customers map[string]*knownCustomer
	spellings map[spelling]int64
	// The next numbers. Having the library choose and return them (RETURNING) makes a table
	// in memory each time, which takes ten times as long as the insert itself.
	nextCustomer, nextSpelling int64

	findCustomer, addCustomer, setCustomer, findSpelling, addSpelling *bulkStmt
}

type spelling struct {
	status core.Status
	raw    string
}

type knownCustomer struct {
	id          int64
	recognised  bool
	name, email string
	changed     bool // since it was read
}

func newInterner(c *bulkConn) (*interner, error) {
	n := &interner{customers: map[string]*knownCustomer{}, spellings: map[spelling]int64{}}
	var err error
	if n.nextCustomer, err = c.query("SELECT coalesce(max(id), 0) + 1 FROM customers"); err != nil {
		return nil, err
	}
	if n.nextSpelling, err = c.query("SELECT coalesce(max(id), 0) + 1 FROM spellings"); err != nil {
		return nil, err
	}
	for _, p := range []struct {
		s    **bulkStmt
		text string
	}{
		{&n.findCustomer, "SELECT id, recognised, name, email FROM customers WHERE identity = ?"},
		{&n.addCustomer, "INSERT INTO customers (id, identity, recognised, name, email) VALUES (?, ?, ?, ?, ?)"},
		{&n.setCustomer, "UPDATE customers SET recognised = ?, name = ?, email = ? WHERE id = ?"},
		{&n.findSpelling, "SELECT id FROM spellings WHERE status = ? AND raw = ?"},
		{&n.addSpelling, "INSERT INTO spellings (id, status, raw) VALUES (?, ?, ?)"},
	} {
		if *p.s, err = c.prepare(p.text); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// customer returns the number of the row's customer and takes over the name and e-mail the
// row carries: the latest that is not empty wins.
func (n *interner) customer(row *core.OrderRow) (int64, error) {
	k := n.customers[row.Customer]
	if k == nil {
		if len(n.customers) >= maxKnownCustomers {
			if err := n.flush(); err != nil {
				return 0, err
			}
			clear(n.customers)
		}
		var err error
		if k, err = n.readCustomer(row); err != nil {
			return 0, err
		}
		n.customers[strings.Clone(row.Customer)] = k
	}
	if k.recognised != row.Recognised {
		k.recognised, k.changed = row.Recognised, true
	}
	if row.Name != "" && row.Name != k.name {
		k.name, k.changed = strings.Clone(row.Name), true
	}
	if row.Email != "" && row.Email != k.email {
		k.email, k.changed = strings.Clone(row.Email), true
	}
	return k.id, nil
}

func (n *interner) readCustomer(row *core.OrderRow) (*knownCustomer, error) {
	if err := n.findCustomer.bindText(1, row.Customer); err != nil {
		return nil, err
	}
	found, err := n.findCustomer.step()
	if err != nil {
		return nil, err
	}
	if found {
		s := n.findCustomer
		k := &knownCustomer{id: s.int(0), recognised: s.int(1) != 0, name: s.str(2), email: s.str(3)}
		s.reset()
		return k, nil
	}
	id := n.nextCustomer
	n.nextCustomer++
	err = n.addCustomer.run(id, row.Customer, bit(row.Recognised), row.Name, row.Email)
	return &knownCustomer{id: id, recognised: row.Recognised, name: strings.Clone(row.Name), email: strings.Clone(row.Email)}, err
}

// flush writes the customers that changed.
func (n *interner) flush() error {
	for _, k := range n.customers {
		if !k.changed {
			continue
		}
		if err := n.setCustomer.run(bit(k.recognised), k.name, k.email, k.id); err != nil {
			return err
		}
		k.changed = false
	}
	return nil
}

// spelling returns the number of a status and how the file wrote it.
func (n *interner) spelling(status core.Status, raw string) (int64, error) {
	key := spelling{status, raw}
	if id, ok := n.spellings[key]; ok {
		return id, nil
	}
	if len(n.spellings) >= maxKnownSpellings {
		clear(n.spellings)
	}
	id, err := n.findSpelling.one(int64(status), raw)
	if err == nil && id == 0 {
		id = n.nextSpelling
		n.nextSpelling++
		err = n.addSpelling.run(id, int64(status), raw)
	}
	if err != nil {
		return 0, err
	}
	key.raw = strings.Clone(raw)
	n.spellings[key] = id
	return id, nil
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
