package tickets

import (
	"context"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

const (
	pageRows  = 200 // tickets read at once
	pagesKept = 50
)

// pages reads the tickets that come into sight, a page at a time and one page after the other:
// when one has arrived, the next is chosen by what is in sight then. A thumb that is dragged
// over a million rows therefore never queues anything. Tickets read once stay shown until they
// were read again.
type pages struct {
	*bench
	changed func() // tickets arrived, or could not be read

	nos        []uint32
	edition    int
	first, end int          // rows in sight
	done       map[int]bool // pages of this edition that were read
	kept       []*pageRead  // oldest first
	rows       map[uint32]pageRow
	reading    bool
	err        error
}

type pageRead struct {
	edition, page int
	nos           []uint32
}

type pageRow struct {
	view *core.TicketView
	from *pageRead
}

func newPages(b *bench) *pages {
	return &pages{bench: b, changed: func() {}, done: map[int]bool{}, rows: map[uint32]pageRow{}}
}

// Row is what is known of a ticket; false until it was read.
func (p *pages) Row(no uint32) (*core.TicketView, bool) {
	r, ok := p.rows[no]
	return r.view, ok
}

// SetOrder says which tickets there are from now on. What is in sight is read anew; without
// stay that is the beginning.
func (p *pages) SetOrder(nos []uint32, stay bool) {
	p.nos, p.done, p.err = nos, map[int]bool{}, nil
	p.edition++
	if !stay {
		p.first, p.end = 0, 1
	}
	p.end = min(p.end, len(nos))
	p.first = min(p.first, p.end)
	p.next()
}

// See says which rows are in sight: from first to before end.
func (p *pages) See(first, end int) {
	p.first, p.end = first, min(end, len(p.nos))
	p.next()
}

// Err is why tickets in sight could not be read.
func (p *pages) Err() error { return p.err }

// wanted is the page to read next: one in sight, else the one below, else the one above; -1 when
// all of them were read.
func (p *pages) wanted() int {
	if p.first >= p.end {
		return -1
	}
	first, last := p.first/pageRows, (p.end-1)/pageRows
	for page := first; page <= last+1; page++ {
		if !p.done[page] && page*pageRows < len(p.nos) {
			return page
		}
	}
	if first > 0 && !p.done[first-1] {
		return first - 1
	}
	return -1
}

func (p *pages) next() {
	page := p.wanted()
	if p.reading || p.err != nil || page < 0 {
		return
	}
	p.reading = true
	r := &pageRead{edition: p.edition, page: page, nos: p.nos[page*pageRows : min((page+1)*pageRows, len(p.nos))]}
	async.Run(p.ctx, p.ui, func(ctx context.Context) ([]core.TicketView, error) {
		return p.desk.TicketViews(ctx, r.nos)
	}, func(list []core.TicketView, err error) {
		p.reading = false
		switch {
		case kit.Canceled(err):
			return
		case err != nil:
			p.err = err
		default:
			p.keep(r, list)
		}
		p.changed()
		p.next()
	})
}

// keep takes a page in, and lets the oldest go when there are too many.
func (p *pages) keep(r *pageRead, list []core.TicketView) {
	own := make([]uint32, len(r.nos)) // r.nos belongs to an order that may have gone
	copy(own, r.nos)
	r.nos = own
	if r.edition == p.edition {
		p.done[r.page] = true
	}
	for i := range list {
		v := &list[i]
		v.Description = "" // the grid shows none, and some are long
		p.rows[v.No] = pageRow{v, r}
	}
	p.kept = append(p.kept, r)
	for len(p.kept) > pagesKept {
		old := p.kept[0]
		p.kept[0] = nil
		p.kept = p.kept[1:]
		for _, no := range old.nos {
			if p.rows[no].from == old {
				delete(p.rows, no)
			}
		}
		if old.edition == p.edition {
			delete(p.done, old.page)
		}
	}
}
