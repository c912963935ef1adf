package tickets

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"deskwatch/core"
)

// OrderCustomer is a customer of the orders as joining sees it.
type OrderCustomer struct {
	ID         string // the identity its orders carry
	Recognised bool   // it has the form of an identity, and so is nobody's mere name
	Name       string // of the client, the orders file or the identity
	Email      string
}

// How sure a join is, in percent. What counts by itself is at least sureFrom; what is less
// waits for a person.
const (
	sureID        = 100 // the same id, letter for letter
	sureFoldedID  = 97  // the same but for case and blanks, and nobody else has it
	sureEmail     = 95  // the same e-mail, and nobody else has it
	sureFrom      = 95
	maybeID       = 75 // the same id, but it could be chance: others have it, or it is short or a mere name
	maybeEmail    = 80 // the same e-mail, and others have it too, or the id says otherwise
	maybeName     = 70 // the same name
	maybeShort    = 40 // the same name, of few letters
	maybeDomain   = 55 // the e-mails of one company
	mostUncertain = sureFrom - 1
)

const (
	// MostProposed is how many order customers are proposed for one customer of the tickets, and
	// MostProposals how many pairs are in all: nobody looks through more.
	MostProposed  = 5
	MostProposals = 10_000

	mostSharing  = 5 // a domain, a name or an e-mail of more order customers says nothing
	shortName    = 5 // a name of fewer letters is a short one
	shortNumber  = 6 // an id of fewer digits, and nothing else, is given out by every system
	mostMatching = 64
)

// Joined is what joining found.
type Joined struct {
	Links []core.CustomerLink // sure and proposed ones, by customer, the surest first
	// Left counts the proposals beyond MostProposals: those least likely to be right.
	Left int
}

// Join finds which customers of the tickets and of the orders are the same: by id, e-mail,
// company domain and name. What a person decided about two customers is left out of the answer,
// whatever speaks for them, and a customer a person has linked is not proposed others. tickets
// is gone through twice; memory grows with the orders' customers and what is found.
func Join(tickets iter.Seq[core.TicketCustomer], orders iter.Seq[OrderCustomer], decided []core.CustomerLink, now time.Time) Joined {
	j := joiner{orders: newOrderSide(orders), decided: map[pair]core.LinkState{}, made: map[core.CustomerKey]bool{}, sharers: map[sharer]int{}}
	for _, l := range decided {
		if l.State == core.LinkMade || l.State == core.LinkRefused {
			j.decided[pair{l.Customer, l.Order}] = l.State
			j.made[l.Customer] = j.made[l.Customer] || l.State == core.LinkMade
		}
	}
	for t := range tickets {
		j.count(t)
	}
	var out Joined
	var proposed []core.CustomerLink
	for t := range tickets {
		for _, c := range j.candidates(t) {
			l := core.CustomerLink{Customer: t.Key, Order: j.orders.list[c.order].ID, State: core.LinkProposed, Basis: c.basis, Confidence: c.percent, Why: c.why, At: now}
			if c.percent >= sureFrom {
				l.State = core.LinkSure
				out.Links = append(out.Links, l)
			} else {
				proposed = append(proposed, l)
			}
		}
		// Kept within twice the most, so that a desk of strangers with one name fills no memory.
		if len(proposed) >= 2*MostProposals {
			proposed, out.Left = surest(proposed, out.Left)
		}
	}
	proposed, out.Left = surest(proposed, out.Left)
	out.Links = append(out.Links, proposed...)
	slices.SortFunc(out.Links, byCustomer)
	return out
}

// surest keeps the MostProposals surest of list and adds the others to left.
func surest(list []core.CustomerLink, left int) ([]core.CustomerLink, int) {
	if len(list) <= MostProposals {
		return list, left
	}
	slices.SortFunc(list, func(a, b core.CustomerLink) int {
		return cmp.Or(b.Confidence-a.Confidence, byCustomer(a, b))
	})
	return list[:MostProposals], left + len(list) - MostProposals
}

func byCustomer(a, b core.CustomerLink) int {
	return cmp.Or(cmp.Compare(a.Customer.Source, b.Customer.Source), cmp.Compare(a.Customer.ID, b.Customer.ID), b.Confidence-a.Confidence, cmp.Compare(a.Order, b.Order))
}

type pair struct {
	customer core.CustomerKey
	order    string
}

// sharer is an id or an e-mail of customers of one ticket source.
type sharer struct{ source, text string }

type joiner struct {
	orders  *orderSide
	decided map[pair]core.LinkState
	made    map[core.CustomerKey]bool
	sharers map[sharer]int // how many customers of a source have what an order customer has
}

// count notes what of t an order customer has as well.
func (j *joiner) count(t core.TicketCustomer) {
	id := plainID(t.Key.ID)
	if j.orders.ids.has(id) {
		j.sharers[sharer{t.Key.Source, id}]++
	}
	// An e-mail that is the id as well is one thing, not two that share.
	if email, _ := plainEmail(t.Email); email != id && j.orders.emails.has(email) {
		j.sharers[sharer{t.Key.Source, email}]++
	}
}

type candidate struct {
	order   int32
	basis   core.JoinBasis
	percent int
	why     string
}

// candidates are the order customers t may be, the surest first, at most MostProposed of those
// that are not sure.
func (j *joiner) candidates(t core.TicketCustomer) []candidate {
	var list []candidate
	list = j.byID(t, list)
	list = j.byEmail(t, list)
	list = j.byName(t, list)
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(a, b candidate) int {
		return cmp.Or(b.percent-a.percent, cmp.Compare(j.orders.list[a.order].ID, j.orders.list[b.order].ID))
	})
	sure := list[0].percent >= sureFrom
	proposed := 0
	kept := list[:0]
	for _, c := range list {
		switch {
		case j.decided[pair{t.Key, j.orders.list[c.order].ID}] != "":
			continue
		case c.percent >= sureFrom:
		// Who is known needs no guessing, unless the e-mail speaks against it.
		case j.made[t.Key] || sure && c.basis != core.JoinByEmail || proposed == MostProposed:
			continue
		default:
			proposed++
		}
		kept = append(kept, c)
	}
	return kept
}

// found adds a candidate. What speaks for a pair twice makes it surer, but not sure.
func found(list []candidate, c candidate) []candidate {
	for i, o := range list {
		if o.order != c.order {
			continue
		}
		implied := o.basis == core.JoinByEmail && c.basis == core.JoinByDomain || o.basis == core.JoinByID && c.basis == core.JoinByName
		if o.percent < sureFrom && !implied {
			if c.percent >= sureFrom {
				list[i] = c
				return list
			}
			list[i].percent = min(100-(100-o.percent)*(100-c.percent)/100, mostUncertain)
			list[i].why = o.why + "; " + c.why
		}
		return list
	}
	return append(list, c)
}

func (j *joiner) byID(t core.TicketCustomer, list []candidate) []candidate {
	id := plainID(t.Key.ID)
	same := j.orders.ids.of(id)
	if len(same) == 0 {
		return list
	}
	alone := len(same) == 1 && j.sharers[sharer{t.Key.Source, id}] <= 1
	for _, o := range same {
		c := candidate{order: o, basis: core.JoinByID, percent: maybeID, why: "the same id, " + j.orders.list[o].ID}
		switch exact := j.orders.list[o].ID == t.Key.ID; {
		case chanceID(t, id, j.orders.list[o]):
			c.why += ", which may be chance"
		case exact:
			c.percent = sureID
		case alone:
			c.percent = sureFoldedID
		}
		list = found(list, c)
	}
	return list
}

// chanceID reports whether an id may be the same by chance: a short number, or a customer's
// name where a source has no ids.
func chanceID(t core.TicketCustomer, id string, o OrderCustomer) bool {
	return digits(id) && len(id) < shortNumber || !o.Recognised && id == plainID(t.Name)
}

func (j *joiner) byEmail(t core.TicketCustomer, list []candidate) []candidate {
	email, domain := plainEmail(t.Email)
	if email == "" {
		return list
	}
	if same := j.orders.emails.of(email); len(same) > 0 && len(same) <= mostSharing {
		known := len(list) > 0 && list[0].percent >= sureFrom
		alone := len(same) == 1 && j.sharers[sharer{t.Key.Source, email}] <= 1
		for _, o := range same {
			c := candidate{order: o, basis: core.JoinByEmail, percent: maybeEmail, why: "the same e-mail, " + email}
			if alone && !known {
				c.percent = sureEmail
			}
			list = found(list, c)
		}
	}
	if sharedDomain(domain) {
		return list
	}
	if same := j.orders.domains.of(domain); len(same) <= mostSharing {
		for _, o := range same {
			list = found(list, candidate{order: o, basis: core.JoinByDomain, percent: maybeDomain / len(same), why: "e-mails of one company, " + domain})
		}
	}
	return list
}

func (j *joiner) byName(t core.TicketCustomer, list []candidate) []candidate {
	written := cmp.Or(t.Name, t.Key.ID) // a customer without a name may have it for its id
	name := PlainName(written)
	same := j.orders.names.of(name)
	if name == "" || len(same) > mostSharing {
		return list
	}
	for _, o := range same {
		percent := maybeName
		if len([]rune(name)) < shortName {
			percent = maybeShort
		}
		c := candidate{order: o, basis: core.JoinByName, percent: percent / len(same), why: "the same name, " + written}
		if len(same) > 1 {
			c.why += fmt.Sprintf(", which %d order customers have", len(same))
		}
		list = found(list, c)
	}
	return list
}
