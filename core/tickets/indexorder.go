package tickets

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"deskwatch/core"
)

// Order filters and sorts. A filter that cannot be understood fails with core.CodeInvalid.
func (x *Index) Order(ctx context.Context, q core.TicketQuery) (core.TicketOrder, error) {
	by, err := readSort(q.Sort)
	if err != nil {
		return core.TicketOrder{}, err
	}
	m, err := x.find(ctx, q, by, true)
	if err != nil {
		return core.TicketOrder{}, err
	}
	defer x.mu.RUnlock()
	o := core.TicketOrder{Notes: m.notes}
	if m.order != nil && m.count > m.tickets/32 {
		o.Nos, _ = m.order.along(m, by.down)
	} else {
		o.Nos, _ = x.sorted(m, by)
	}
	return o, ctx.Err()
}

// Page is one page of what Order finds, with the cursor of the next one. A ticket that changes
// between two pages is on both or on none; no other ticket is missed or comes twice.
func (x *Index) Page(ctx context.Context, q core.TicketQuery) (nos []uint32, total int64, next string, err error) {
	by, err := readSort(q.Sort)
	if err != nil {
		return nil, 0, "", err
	}
	limit := q.Limit
	if limit == 0 {
		limit = 100
	}
	limit = min(max(limit, 1), 1000)
	top := topList{limit: limit + 1} // one more says whether there is another page
	if q.After != "" {
		if top.after, err = x.readCursor(q.After, by); err != nil {
			return nil, 0, "", err
		}
		top.begun = true
	}
	m, err := x.find(ctx, q, by, false)
	if err != nil {
		return nil, 0, "", err
	}
	if m.order != nil && m.count > m.tickets/32 {
		m.order.page(m, by, &top)
	} else {
		x.keyed(m, by, func(key uint64, no uint32) { top.add(by.place(key, no)) })
	}
	x.mu.RUnlock()
	list := top.sorted()
	if len(list) > limit {
		list = list[:limit]
		next = x.cursor(list[limit-1], by)
	}
	for _, p := range list {
		nos = append(nos, by.turned(p.no))
	}
	return nos, int64(m.count), next, ctx.Err()
}

// matches is what a filter found.
type matches struct {
	masks   []mask // by chunk
	count   int
	tickets int // of which
	notes   []core.Phrase
	order   *orderNow // of all tickets; nil where none is kept
}

// has reports whether a ticket was found.
func (m *matches) has(no uint32) bool {
	n := int(no >> chunkBits)
	return n < len(m.masks) && m.masks[n][no>>6&(maskWords-1)]>>(no&63)&1 == 1
}

// find filters. Without an error the caller has to unlock mu for reading.
func (x *Index) find(ctx context.Context, q core.TicketQuery, by sortBy, whole bool) (*matches, error) {
	query, wrong := ParseQuery(q.Text, x.opt.Now(), x.opt.Location())
	if wrong != nil {
		return nil, invalidQuery(wrong)
	}
	found, err := x.lookUp(ctx, query)
	if err != nil {
		return nil, err
	}
	order := x.keptOrder(by, whole)
	x.mu.RLock()
	f, wrong := x.prepare(query, found)
	if wrong != nil {
		x.mu.RUnlock()
		return nil, invalidQuery(wrong)
	}
	m := &matches{masks: make([]mask, len(x.cols.chunks)), tickets: x.cols.tickets, notes: f.notes, order: x.orderNow(order)}
	for n, c := range x.cols.chunks {
		if c == nil {
			continue
		}
		if n%16 == 0 && ctx.Err() != nil {
			x.mu.RUnlock()
			return nil, core.NewError(core.CodeCanceled, "tickets.find", "The search was stopped.", ctx.Err())
		}
		f.match(c, n, &m.masks[n])
		for i := range m.masks[n] {
			if q.Open {
				m.masks[n][i] &= c.open[i]
			}
			m.count += bits.OnesCount64(m.masks[n][i])
		}
	}
	return m, nil
}

// keyed calls add for every ticket that was found with its key: by number, or for a descending
// sort from the last number down. Numbers grow with time, and so do most keys: the tickets that
// come first in the sort come first here too, and the others need a look and no sorting. The
// caller holds mu.
func (x *Index) keyed(m *matches, by sortBy, add func(key uint64, no uint32)) {
	key := x.sortKey(by)
	if !by.down {
		for n := range m.masks {
			c := x.cols.chunks[n]
			m.masks[n].each(func(i int) { add(key(c, i), uint32(n<<chunkBits|i)) })
		}
		return
	}
	for n := range slices.Backward(m.masks) {
		c := x.cols.chunks[n]
		m.masks[n].eachBack(func(i int) { add(key(c, i), uint32(n<<chunkBits|i)) })
	}
}

// CheckQuery says what is wrong with a filter; nil when nothing is. It reads memory only.
func (x *Index) CheckQuery(text string) *core.QueryProblem {
	query, wrong := ParseQuery(text, x.opt.Now(), x.opt.Location())
	if wrong != nil {
		return wrong
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	for _, group := range query.groups { // of all that is asked, only statuses can be unknown
		for i := range group {
			if group[i].field == statusField {
				if _, wrong := x.statusProbe(&group[i]); wrong != nil {
					return wrong
				}
			}
		}
	}
	return nil
}

func invalidQuery(p *core.QueryProblem) error {
	return core.NewError(core.CodeInvalid, "tickets.query", p.Message, nil)
}

// sortPlace is where a ticket stands in a sort. Both numbers ascend: of a descending sort they are
// turned round.
type sortPlace struct {
	key uint64
	no  uint32
}

func (a sortPlace) compare(b sortPlace) int {
	return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.no, b.no))
}

// topList keeps the first places behind a place.
type topList struct {
	limit  int
	begun  bool
	after  sortPlace
	full   bool
	last   sortPlace // when full: what comes behind it need not be kept
	places []sortPlace
}

func (t *topList) add(p sortPlace) {
	if t.begun && p.compare(t.after) <= 0 || t.full && p.compare(t.last) >= 0 {
		return
	}
	if t.places = append(t.places, p); len(t.places) >= 4*t.limit {
		t.cut()
	}
}

func (t *topList) cut() {
	slices.SortFunc(t.places, sortPlace.compare)
	if len(t.places) >= t.limit {
		t.places = t.places[:t.limit]
		t.full, t.last = true, t.places[t.limit-1]
	}
}

func (t *topList) sorted() []sortPlace {
	t.cut()
	return t.places
}

// cursor names the last ticket of a page and what it was sorted by, as one word. Of a sort by
// names it holds the name: its rank may be another one by the time of the next page.
func (x *Index) cursor(p sortPlace, by sortBy) string {
	kind, key := "k", strconv.FormatUint(p.key, 36)
	if by.ranked() && p.key != noKey {
		rank := p.key
		if by.down {
			rank = by.turnedKey(rank)
		}
		x.mu.RLock()
		kind, key = "n", x.ranking(by.field).text(rank)
		x.mu.RUnlock()
	}
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%s %d %s %s", by, by.turned(p.no), kind, key))
}

func (x *Index) readCursor(text string, by sortBy) (sortPlace, error) {
	bad := core.NewError(core.CodeInvalid, "tickets.cursor", "This page's mark does not belong to this list. Begin with the first page again.", nil)
	inside, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return sortPlace{}, bad
	}
	parts := strings.SplitN(string(inside), " ", 4)
	if len(parts) != 4 || parts[0] != by.String() {
		return sortPlace{}, bad
	}
	no, err := strconv.ParseUint(parts[1], 10, 32)
	if err != nil {
		return sortPlace{}, bad
	}
	p := sortPlace{no: by.turned(uint32(no))}
	switch {
	case parts[2] == "k":
		if p.key, err = strconv.ParseUint(parts[3], 36, 64); err != nil {
			return sortPlace{}, bad
		}
	case parts[2] != "n" || !by.ranked():
		return sortPlace{}, bad
	default:
		x.mu.RLock()
		p.key = x.ranking(by.field).rankOf(parts[3])
		x.mu.RUnlock()
		if by.down {
			p.key = by.turnedKey(p.key)
		}
	}
	return p, nil
}
