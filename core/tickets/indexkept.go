package tickets

import (
	"slices"
	"sort"
	"sync"
)

// Sorting a million tickets by a time takes longer than filtering them. So the order of all
// tickets is kept for the sorts used last; it is put right where tickets changed, and what a
// filter finds is read off along it.

// keptOrders are the orders kept, the one used last being last.
type keptOrders struct {
	from int // with fewer tickets none is kept
	mu   sync.Mutex
	list []*keptOrder
}

const (
	mostOrders  = 2       // 4 bytes a ticket each
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

// changeLog remembers which tickets changed last.
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

// keptOrder returns the order of all tickets, or nil where it is not worth it. What changed in the
// last moments may be missing in it.
func (x *Index) keptOrder(by sortBy) *keptOrder {
	if !by.keeps() {
		return nil
	}
	by.down = false
	x.kept.mu.Lock()
	defer x.kept.mu.Unlock()
	var known *keptOrder
	if i := slices.IndexFunc(x.kept.list, func(o *keptOrder) bool { return o.field == by.field }); i >= 0 {
		known = x.kept.list[i]
		x.kept.list = slices.Delete(x.kept.list, i, i+1)
	}
	x.mu.RLock()
	if x.cols.tickets < x.kept.from {
		x.mu.RUnlock()
		return nil
	}
	if known != nil {
		known = x.putRight(known)
	}
	if known != nil {
		x.mu.RUnlock()
	} else {
		list := sortList{by: by}
		changes := x.changes.total
		x.gather(by, &list)
		x.mu.RUnlock()
		known = &keptOrder{by.field, list.sorted(), len(list.found) + len(list.wide), changes}
	}
	x.kept.list = append(x.kept.list, known)
	if len(x.kept.list) > mostOrders {
		x.kept.list = slices.Delete(x.kept.list, 0, 1)
	}
	return known
}

// refreshOrders puts the orders kept right, so that nobody waits for it.
func (x *Index) refreshOrders() {
	x.kept.mu.Lock()
	fields := []string{"updated"} // the window begins with it
	for _, o := range x.kept.list {
		if o.field != "updated" {
			fields = append(fields, o.field)
		}
	}
	x.kept.mu.Unlock()
	for _, f := range fields {
		x.keptOrder(sortBy{field: f})
	}
}

// gather lists all tickets with their keys. The caller holds mu.
func (x *Index) gather(by sortBy, list *sortList) {
	list.grow(x.cols.tickets)
	fill := x.sortKeys(by)
	var keys chunkKeys
	for n, c := range x.cols.chunks {
		if c == nil {
			continue
		}
		fill(c, &keys)
		for i, class := range c.class {
			if class != 0 {
				list.add(keys[i], uint32(n<<chunkBits|i))
			}
		}
	}
}

// putRight takes the tickets that changed out of an order and puts them in again; nil when too
// many did. The caller holds mu.
func (x *Index) putRight(o *keptOrder) *keptOrder {
	changed, ok := x.changes.since(o.changes)
	if !ok {
		return nil
	}
	if len(changed) == 0 {
		return o
	}
	var marks bitset
	for _, no := range changed {
		marks = marks.with(no)
	}
	same := make([]uint32, 0, len(o.nos))
	keyed := 0
	for i, no := range o.nos {
		if w := int(no >> 6); w < len(marks) && marks[w]>>(no&63)&1 == 1 {
			continue
		}
		if same = append(same, no); i < o.keyed {
			keyed++
		}
	}
	var in []sortPlace
	var without []uint32
	changed = slices.Clone(changed)
	slices.Sort(changed)
	for _, no := range slices.Compact(changed) {
		if key := x.keyOf(o.field, no); key == noKey {
			without = append(without, no)
		} else {
			in = append(in, sortPlace{key, no})
		}
	}
	slices.SortFunc(in, sortPlace.compare)
	out := &keptOrder{field: o.field, nos: make([]uint32, 0, len(same)+len(in)+len(without)), changes: x.changes.total}
	rest := same[:keyed]
	for _, p := range in {
		at := sort.Search(len(rest), func(i int) bool { return sortPlace{x.keyOf(o.field, rest[i]), rest[i]}.compare(p) > 0 })
		out.nos = append(append(out.nos, rest[:at]...), p.no)
		rest = rest[at:]
	}
	out.nos = append(out.nos, rest...)
	out.keyed = len(out.nos)
	rest = same[keyed:]
	for _, no := range without {
		at := sort.Search(len(rest), func(i int) bool { return rest[i] > no })
		out.nos = append(append(out.nos, rest[:at]...), no)
		rest = rest[at:]
	}
	out.nos = append(out.nos, rest...)
	return out
}

// keyOf is the key of one ticket in a sort that is kept. The caller holds mu.
func (x *Index) keyOf(field string, no uint32) uint64 {
	c, i, ok := x.cols.at(no)
	switch {
	case !ok:
		return noKey
	case field == "number":
		return orNoKey(c.number[i])
	case field == "subject":
		return orNoKey(c.subject[i])
	case field == "created":
		return orNoKey(uint64(c.created[i]))
	case field == "closed":
		return orNoKey(uint64(c.closed[i]))
	}
	return orNoKey(uint64(c.updated[i]))
}

// along reads the tickets found off an order.
func (o *keptOrder) along(m *matches, down bool) []uint32 {
	nos := make([]uint32, 0, m.count)
	take := func(part []uint32) {
		from := len(nos)
		for _, no := range part {
			if m.has(no) {
				nos = append(nos, no)
			}
		}
		if down {
			slices.Reverse(nos[from:])
		}
	}
	take(o.nos[:o.keyed])
	take(o.nos[o.keyed:])
	return nos
}
