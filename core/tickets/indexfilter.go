package tickets

import (
	"context"
	"math"
	"math/bits"
	"slices"
	"strings"
	"time"

	"deskwatch/core"
)

// probe sets the bits of a chunk's tickets that fit. It need not look at tickets that are not
// among.
type probe func(c *chunk, n int, among, out *mask)

// test is a clause made ready for the columns as they are.
type test struct {
	fits    probe
	negated bool
}

// filter is a query made ready. It is good for as long as Index.mu is held.
type filter struct {
	groups [][]test
	notes  []core.Phrase
	now    time.Time
}

// match sets the bits of the tickets of chunk n that are found.
func (f *filter) match(c *chunk, n int, found *mask) {
	if len(f.groups) == 0 {
		*found = c.there
		return
	}
	*found = mask{}
	for _, group := range f.groups {
		among := c.there
		for _, t := range group {
			var out mask
			t.fits(c, n, &among, &out)
			some := uint64(0)
			for w := range among {
				if t.negated {
					among[w] &^= out[w]
				} else {
					among[w] &= out[w]
				}
				some |= among[w]
			}
			if some == 0 {
				break
			}
		}
		for w := range found {
			found[w] |= among[w]
		}
	}
}

// each is the probe that asks about one ticket after the other.
func each(fits func(c *chunk, i int) bool) probe {
	return func(c *chunk, _ int, among, out *mask) {
		for w := range among {
			found := uint64(0)
			if among[w] == math.MaxUint64 {
				for b := range 64 {
					if fits(c, w<<6|b) {
						found |= 1 << b
					}
				}
			} else {
				for rest := among[w]; rest != 0; rest &= rest - 1 {
					if b := bits.TrailingZeros64(rest); fits(c, w<<6|b) {
						found |= 1 << b
					}
				}
			}
			out[w] = found
		}
	}
}

// inList is the probe for tickets known by number.
func inList(list bitset) probe {
	return func(_ *chunk, n int, _, out *mask) { list.chunk(n, out) }
}

// lookedUp is what the pool says of clauses it has to be asked about.
type lookedUp map[*clause]bitset

// lookUp asks the pool about words and numbers, before anything is locked.
func (x *Index) lookUp(ctx context.Context, q *Query) (lookedUp, error) {
	x.mu.RLock()
	last := x.cols.last
	x.mu.RUnlock()
	found := lookedUp{}
	for _, group := range q.groups {
		for i := range group {
			c := &group[i]
			if c.field != textField && c.field != numberField {
				continue
			}
			var all bitset
			for v := range c.values {
				bits, err := x.lookUpValue(ctx, c.field, &c.values[v], last)
				if err != nil {
					return nil, err
				}
				all = union(all, bits)
			}
			found[c] = all
		}
	}
	return found, nil
}

func (x *Index) lookUpValue(ctx context.Context, f *queryField, v *queryValue, last uint32) (bitset, error) {
	switch {
	case f == textField:
		return x.texts.of(ctx, v.fullText(), last)
	case v.prefix:
		return x.texts.of(ctx, "number : "+v.fullText(), last)
	}
	nos, err := x.pool.Find(ctx, v.text)
	var bits bitset
	for _, no := range nos {
		if no <= last {
			bits = bits.with(no)
		}
	}
	return bits, err
}

// union never changes a or b: they may belong to a cache.
func union(a, b bitset) bitset {
	if len(a) == 0 {
		return b
	}
	out := make(bitset, max(len(a), len(b)))
	copy(out, a)
	for w := range b {
		out[w] |= b[w]
	}
	return out
}

// prepare makes a query ready for the columns as they are. The caller holds mu.
func (x *Index) prepare(q *Query, found lookedUp) (*filter, *core.QueryProblem) {
	f := &filter{notes: q.Notes, now: x.opt.Now()}
	for _, group := range q.groups {
		tests := make([]test, 0, len(group))
		for i := range group {
			c := &group[i]
			fits, err := x.probe(f, c, found)
			if err != nil {
				return nil, err
			}
			tests = append(tests, test{fits, c.negated})
		}
		f.groups = append(f.groups, tests)
	}
	return f, nil
}

func (x *Index) probe(f *filter, c *clause, found lookedUp) (probe, *core.QueryProblem) {
	now := seconds(f.now.Unix())
	switch c.field {
	case textField, numberField:
		return inList(found[c]), nil
	case statusField:
		return x.statusProbe(c)
	case priorityField:
		return x.byClass(func(k *class) bool { return c.spans(int64(k.priority)) }), nil
	case productField, sourceField, channelField:
		return x.classNameProbe(c), nil
	case ownerField:
		return x.ownerProbe(f, c), nil
	case customerField:
		return x.byCustomer(x.namedCustomers(c)), nil
	case createdField:
		return each(func(k *chunk, i int) bool { return c.dates(k.created[i]) }), nil
	case updatedField:
		return each(func(k *chunk, i int) bool { return c.dates(k.updated[i]) }), nil
	case closedField:
		return each(func(k *chunk, i int) bool { return c.dates(k.closed[i]) }), nil
	case dueField:
		return dueProbe(c), nil
	case clockField:
		return clockProbe(c, now), nil
	case satisfiedField:
		return each(func(k *chunk, i int) bool { return c.satisfies(k.done(i), 100-int64(k.risk[i])) }), nil
	case riskField:
		return each(func(k *chunk, i int) bool { return c.spans(int64(k.risk[i])) }), nil
	case toughField:
		return x.byCustomer(x.toughCustomers(f, c)), nil
	case ordersField:
		return x.byCustomer(x.marked(func(no uint32) bool { return c.spans(int64(x.orderCount(no))) })), nil
	case ratingField:
		return each(func(k *chunk, i int) bool { return c.rates(int64(k.rating(i))) }), nil
	case escalatedField:
		return each(func(k *chunk, i int) bool { return c.spans(int64(k.bits[i] & bitEscalated / bitEscalated)) }), nil
	case goneField:
		return each(func(k *chunk, i int) bool { return c.spans(int64(k.bits[i] & bitGone / bitGone)) }), nil
	case reopenedField:
		return each(func(k *chunk, i int) bool { return c.spans(int64(k.reopened[i])) }), nil
	case snoozedField:
		return x.attentionProbe(f, c, core.Snooze), nil
	case ackedField:
		return x.attentionProbe(f, c, core.Acknowledge), nil
	}
	return x.isProbe(f, c)
}

// spans reports whether a number lies in one of the clause's stretches.
func (c *clause) spans(n int64) bool {
	for i := range c.values {
		if v := &c.values[i]; v.lo <= n && n <= v.hi {
			return true
		}
	}
	return false
}

// dates is spans for a time, where 0 is none.
func (c *clause) dates(t uint32) bool {
	for i := range c.values {
		if v := &c.values[i]; v.none == (t == 0) && (v.none || v.lo <= int64(t) && int64(t) <= v.hi) {
			return true
		}
	}
	return false
}

// rates is spans for a rating: one that was not given is below nothing.
func (c *clause) rates(n int64) bool {
	for i := range c.values {
		if v := &c.values[i]; v.none == (n == 0) && v.lo <= n && n <= v.hi {
			return true
		}
	}
	return false
}

// satisfies is spans for a predicted satisfaction: of a ticket that is done there is none.
func (c *clause) satisfies(done bool, n int64) bool {
	for i := range c.values {
		if v := &c.values[i]; v.none == done && (v.none || v.lo <= n && n <= v.hi) {
			return true
		}
	}
	return false
}

// byClass answers a question about what many tickets have in common once for each class.
func (x *Index) byClass(fits func(k *class) bool) probe {
	table := make([]bool, len(x.cols.classes))
	for i := 1; i < len(table); i++ {
		table[i] = fits(&x.cols.classes[i])
	}
	return each(func(c *chunk, i int) bool { return table[c.class.at(i)] })
}

// byCustomer is the probe for the tickets of marked customers; [0] is for those of none.
func (x *Index) byCustomer(marks []bool) probe {
	return each(func(c *chunk, i int) bool {
		no := c.customer.at(i)
		if int(no) >= len(marks) {
			no = 0
		}
		return marks[no]
	})
}

// marked asks about every customer; 0 is no customer.
func (x *Index) marked(fits func(no uint32) bool) []bool {
	marks := make([]bool, max(len(x.cols.people.rows), 1))
	for no := range marks {
		marks[no] = fits(uint32(no))
	}
	return marks
}

func (x *Index) orderCount(customer uint32) uint16 {
	if int(customer) < len(x.cols.people.orders) {
		return x.cols.people.orders[customer]
	}
	return 0
}

func (x *Index) toughCustomers(f *filter, c *clause) []bool {
	from := x.opt.Tough()
	return x.marked(func(no uint32) bool {
		for i := range c.values {
			v := &c.values[i]
			if v.text == "yes" || v.text == "no" {
				if tough, _ := x.isTough(no, f.now, from); tough == (v.text == "yes") {
					return true
				}
			} else if score := x.toughScore(no); v.lo <= score && score <= v.hi {
				return true
			}
		}
		return false
	})
}

func (x *Index) toughScore(customer uint32) int64 {
	if int(customer) < len(x.cols.people.tough) {
		return int64(x.cols.people.tough[customer])
	}
	return 0
}

func (x *Index) namedCustomers(c *clause) []bool {
	var marks []bool
	for i := range c.values {
		v := &c.values[i]
		var found []bool
		if v.none && !v.quoted {
			found = x.marked(func(no uint32) bool { return !x.cols.people.has(no) })
		} else {
			found = x.cols.people.containing(v.text)
		}
		if marks == nil {
			marks = make([]bool, max(len(x.cols.people.rows), 1))
		}
		for no, ok := range found {
			marks[no] = marks[no] || ok
		}
	}
	return marks
}

func clockProbe(c *clause, now uint32) probe {
	wanted := map[core.ClockState]bool{}
	for i := range c.values {
		wanted[core.ClockState(c.values[i].text)] = true
	}
	// A map is slow a million times; what is kept and what the hour makes of it is not.
	kept := [8]bool{clockNone: wanted[core.ClockNone], clockStopped: wanted[core.ClockStopped], clockMet: wanted[core.ClockMet], clockMissed: wanted[core.ClockMissed]}
	running := wanted[core.ClockRunning] || wanted[core.ClockAmber] || wanted[core.ClockRed]
	still := each(func(k *chunk, i int) bool { return kept[k.clock(i)] })
	return func(k *chunk, n int, among, out *mask) {
		if slices.Contains(kept[:], true) {
			still(k, n, among, out)
		}
		if running {
			k.deadlines.each(func(i int, d deadline) {
				if k.clock(i) == clockRuns && wanted[d.state(now)] {
					out.set(i, true)
				}
			})
		}
	}
}

// dueProbe is for deadlines of clocks that run; any other ticket has none.
func dueProbe(c *clause) probe {
	none := c.dates(0)
	return func(k *chunk, _ int, among, out *mask) {
		if none {
			*out = *among
		}
		k.deadlines.each(func(i int, d deadline) {
			if k.clock(i) == clockRuns {
				out.set(i, c.dates(d.due))
			}
		})
	}
}

func (x *Index) attentionProbe(f *filter, c *clause, kind core.AttentionKind) probe {
	var listed bitset
	for no, list := range x.attention {
		if no <= x.cols.last && held(list, kind, f.now) != nil {
			listed = listed.with(no)
		}
	}
	yes, no := c.spans(1), c.spans(0)
	return func(_ *chunk, n int, _, out *mask) {
		listed.chunk(n, out)
		for w := range out {
			out[w] = out[w]&onlyIf(yes) | ^out[w]&onlyIf(no)
		}
	}
}

func onlyIf(b bool) uint64 {
	if b {
		return math.MaxUint64
	}
	return 0
}

// isProbe joins the probes of what is:… is short for.
func (x *Index) isProbe(f *filter, c *clause) (probe, *core.QueryProblem) {
	var any []probe
	for i := range c.values {
		fits, err := x.isValue(f, c.values[i].text)
		if err != nil {
			return nil, err
		}
		any = append(any, fits)
	}
	return func(k *chunk, n int, among, out *mask) {
		for _, fits := range any {
			var one mask
			fits(k, n, among, &one)
			for w := range out {
				out[w] |= one[w]
			}
		}
	}, nil
}

func (x *Index) isValue(f *filter, word string) (probe, *core.QueryProblem) {
	switch word {
	case "open", "closed":
		closed := word == "closed"
		return func(k *chunk, _ int, among, out *mask) {
			for w := range out {
				out[w] = k.open[w] ^ onlyIf(closed)
			}
		}, nil
	case "overdue":
		return clockProbe(&clause{values: []queryValue{{text: string(core.ClockRed)}}}, seconds(f.now.Unix())), nil
	case "unowned":
		return each(func(k *chunk, i int) bool { return k.owner.at(i) == 0 }), nil
	}
	return x.probe(f, &clause{field: fieldByName(word), values: []queryValue{{text: "yes", lo: 1, hi: math.MaxInt32}}}, nil)
}

// ownerProbe answers for the owner given on the desk, or else the source's.
func (x *Index) ownerProbe(f *filter, c *clause) probe {
	owners := x.namedBy(c)
	for i := range c.values {
		if v := &c.values[i]; !v.quoted && strings.EqualFold(v.text, "me") {
			mine := x.opt.Me()
			if len(mine) == 0 {
				f.notes = append(f.notes[:len(f.notes):len(f.notes)], core.Phrase{Format: "“owner:me” finds nothing until the settings say who sits at this desk."})
			}
			for no, name := range x.cols.names {
				for _, m := range mine {
					owners[no] = owners[no] || no > 0 && strings.EqualFold(name, m)
				}
			}
		}
	}
	return each(func(k *chunk, i int) bool {
		no := k.owner.at(i)
		return int(no) < len(owners) && owners[no]
	})
}

func (x *Index) classNameProbe(c *clause) probe {
	names := x.namedBy(c)
	return x.byClass(func(k *class) bool {
		no := c.field.nameOf(k)
		return int(no) < len(names) && names[no]
	})
}

// namedBy marks the shared texts a clause means; [0] is none.
func (x *Index) namedBy(c *clause) []bool {
	marks := make([]bool, max(len(x.cols.names), 1))
	for i := range c.values {
		v := &c.values[i]
		if v.none && !v.quoted {
			marks[0] = true
			continue
		}
		if c.field == ownerField && !v.quoted && strings.EqualFold(v.text, "me") {
			continue
		}
		needle := strings.ToLower(v.text)
		for no, name := range x.cols.names {
			if no == 0 || name == "" {
				continue
			}
			switch {
			case v.quoted && v.prefix:
				marks[no] = marks[no] || strings.HasPrefix(strings.ToLower(name), needle)
			case v.quoted:
				marks[no] = marks[no] || strings.EqualFold(name, v.text)
			default:
				marks[no] = marks[no] || wordBegins(strings.ToLower(name), needle)
			}
		}
	}
	return marks
}

// wordBegins reports whether needle stands at the beginning of a word of name.
func wordBegins(name, needle string) bool {
	if needle == "" {
		return false
	}
	for from := 0; ; {
		at := strings.Index(name[from:], needle)
		if at < 0 {
			return false
		}
		if at += from; at == 0 || !wordSign(lastRune(name[:at])) {
			return true
		}
		from = at + 1
	}
}
