package tickets

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"sync"
)

// Sorting a million tickets by a time takes longer than filtering them. So the order of all
// tickets is kept for the sorts used last, and what a filter finds is read off along it. The
// tickets that changed since stand aside, until they are too many.

// keptOrders are the orders kept, the one used last being last.
type keptOrders struct {
	from int // with fewer tickets none is kept
	mu   sync.Mutex
	list []*keptOrder
}

const (
	mostOrders  = 2       // 4 bytes a ticket each
	mostAside   = 1000    // more are put into the order
	mostChanges = 1 << 14 // more are sorted anew
	fewTickets  = 50_000  // so many are sorted each time
)

// keptOrder is all tickets in ascending order, those without a key last. It is never changed.
type keptOrder struct {
	field   string
	nos     []uint32
	keyed   int // how many have a key
	changes int // of changeLog, that are in it
}

// changeLog remembers which tickets changed last in what a kept order is told from.
type changeLog struct {
	total int
	last  []uint32
}

func (l *changeLog) add(no uint32) {
	if len(l.last) == 2*mostChanges {
		l.last = append(l.last[:0], l.last[mostChanges:]...)
	}
	l.last = append(l.last, no)
	l.total++
}

// since returns what changed after so many changes; ok is false when it is too much.
func (l *changeLog) since(total int) (nos []uint32, ok bool) {
	n := l.total - total
	if n > min(len(l.last), mostChanges) {
		return nil, false
	}
	return l.last[len(l.last)-n:], true
}

// keeps reports whether the order of a sort is worth keeping: few keys that are not seldom the
// same are sorted as quickly, and scores change all the time.
func (b sortBy) keeps() bool {
	return slices.Contains([]string{"number", "subject", "created", "updated", "closed"}, b.field)
}

// keptOrder returns the order of all tickets, or nil where it is not worth it; when it is not kept
// yet, only for a caller that wants it whole. What changed in the last moments stands where it
// stood before, or not at all.
func (x *Index) keptOrder(by sortBy, whole bool) *keptOrder {
	if !by.keeps() {
		return nil
	}
	by.down = false
	x.kept.mu.Lock()
	defer x.kept.mu.Unlock()
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.cols.tickets < x.kept.from {
		return nil
	}
	var known *keptOrder
	if i := slices.IndexFunc(x.kept.list, func(o *keptOrder) bool { return o.field == by.field }); i >= 0 {
		known = x.kept.list[i]
		x.kept.list = slices.Delete(x.kept.list, i, i+1)
	} else if !whole { // for one page, sorting takes longer than looking for its tickets
		return nil
	} else if len(x.kept.list) == mostOrders { // its memory is free for the new one
		x.kept.list = slices.Delete(x.kept.list, 0, 1)
	}
	now := x.orderNow(known)
	switch {
	case now == nil:
		known = &keptOrder{field: by.field, changes: x.changes.total}
		known.nos, known.keyed = x.sorted(x.everything(), by)
	case len(now.in)+len(now.none) > mostAside:
		known = &keptOrder{field: by.field, changes: x.changes.total}
		known.nos, known.keyed = now.along(x.everything(), false)
	}
	x.kept.list = append(x.kept.list, known)
	return known
}

// refreshOrders puts the orders kept right, so that nobody waits for it.
func (x *Index) refreshOrders() {
	x.kept.mu.Lock()
	var fields []string
	for _, o := range x.kept.list {
		fields = append(fields, o.field)
	}
	x.kept.mu.Unlock()
	for _, f := range fields {
		x.keptOrder(sortBy{field: f}, true)
	}
}

// everything is what a filter without a term finds. The caller holds mu.
func (x *Index) everything() *matches {
	m := &matches{masks: make([]mask, len(x.cols.chunks)), tickets: x.cols.tickets, count: x.cols.tickets}
	for n, c := range x.cols.chunks {
		if c != nil {
			m.masks[n] = c.there
		}
	}
	return m
}

// orderNow is a kept order with what has changed since. It is good for as long as Index.mu is held.
type orderNow struct {
	*keptOrder
	key   func(no uint32) uint64
	aside bitset      // what changed, and stands where it stood before
	in    []sortPlace // of those, the ones with a key, in order
	none  []uint32    // the others, in order
}

// orderNow is nil without an order, or when too much has changed. The caller holds mu.
func (x *Index) orderNow(o *keptOrder) *orderNow {
	if o == nil {
		return nil
	}
	changed, ok := x.changes.since(o.changes)
	if !ok {
		return nil
	}
	keyOf := x.sortKey(sortBy{field: o.field})
	now := &orderNow{keptOrder: o, key: func(no uint32) uint64 {
		return keyOf(x.cols.chunks[no>>chunkBits], int(no&(chunkSize-1)))
	}}
	for _, no := range changed {
		if now.aside.has(no) {
			continue
		}
		now.aside = now.aside.with(no)
		if key := now.key(no); key == noKey {
			now.none = append(now.none, no)
		} else {
			now.in = append(now.in, sortPlace{key, no})
		}
	}
	slices.SortFunc(now.in, sortPlace.compare)
	slices.Sort(now.none)
	return now
}

// behind is where in a part of the order the first ticket stands that comes behind a place. What
// stands aside does not count.
func (o *orderNow) behind(part []uint32, p sortPlace) int {
	return sort.Search(len(part), func(i int) bool {
		for i < len(part) && o.aside.has(part[i]) {
			i++
		}
		return i == len(part) || sortPlace{o.key(part[i]), part[i]}.compare(p) > 0
	})
}

// along reads the tickets found off the order; keyed is how many have a key.
func (o *orderNow) along(m *matches, down bool) (nos []uint32, keyed int) {
	nos = make([]uint32, 0, m.count)
	take := func(part []uint32) {
		for _, no := range part {
			if m.has(no) && !o.aside.has(no) {
				nos = append(nos, no)
			}
		}
	}
	put := func(part []uint32, p sortPlace) []uint32 {
		at := o.behind(part, p)
		take(part[:at])
		if m.has(p.no) {
			nos = append(nos, p.no)
		}
		return part[at:]
	}
	rest := o.nos[:o.keyed]
	for _, p := range o.in {
		rest = put(rest, p)
	}
	take(rest)
	keyed = len(nos)
	rest = o.nos[o.keyed:]
	for _, no := range o.none {
		rest = put(rest, sortPlace{noKey, no})
	}
	take(rest)
	if down {
		slices.Reverse(nos[:keyed])
		slices.Reverse(nos[keyed:])
	}
	return nos, keyed
}

// page reads a page off the order.
func (o *orderNow) page(m *matches, by sortBy, top *topList) {
	n := len(o.nos)
	at := func(i int) uint32 { // the order, turned round as the sort is
		switch {
		case !by.down:
			return o.nos[i]
		case i < o.keyed:
			return o.nos[o.keyed-1-i]
		}
		return o.nos[n-1-(i-o.keyed)]
	}
	place := func(i int) sortPlace { no := at(i); return by.place(o.key(no), no) }
	aside := make([]sortPlace, 0, len(o.in)+len(o.none))
	for _, p := range o.in {
		aside = append(aside, by.place(p.key, p.no))
	}
	for _, no := range o.none {
		aside = append(aside, by.place(noKey, no))
	}
	aside = slices.DeleteFunc(aside, func(p sortPlace) bool {
		return !m.has(by.turned(p.no)) || top.begun && p.compare(top.after) <= 0
	})
	slices.SortFunc(aside, sortPlace.compare)
	from := 0
	if top.begun {
		from = sort.Search(n, func(i int) bool {
			for i < n && o.aside.has(at(i)) {
				i++
			}
			return i == n || place(i).compare(top.after) > 0
		})
	}
	for len(top.places) < top.limit {
		for from < n && (!m.has(at(from)) || o.aside.has(at(from))) {
			from++
		}
		next := sortPlace{math.MaxUint64, math.MaxUint32}
		if from < n {
			next = place(from)
		}
		switch {
		case len(aside) > 0 && cmp.Or(aside[0].compare(next), -1) < 0:
			top.places = append(top.places, aside[0])
			aside = aside[1:]
		case from < n:
			top.places = append(top.places, next)
			from++
		default:
			return
		}
	}
}
