package tickets

import (
	"context"
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// typeRest is how long typing must rest before the filter is tried.
const typeRest = 150 * time.Millisecond

// listState is all the view shows of the list. It changes on the UI goroutine only.
type listState struct {
	Ready   bool // the tickets are in memory
	Loading bool
	Err     error // of the last try; what was found before stays
	Problem *core.QueryProblem
	Notes   []core.Phrase
	Nos     []uint32
	Found   string // the filter that found them
	Edition int    // grows when Nos changes
	Stay    bool   // the same question again: what is in sight stays there
	Empty   bool   // there is no ticket at all
	Saved   []core.SavedFilter
}

// list is the presenter of the filter and the grid.
type list struct {
	*bench
	changed func()
	pages   *pages
	state   listState

	text, sort string
	load       *async.Loader[listLoad]
	filters    *async.Loader[[]core.SavedFilter]
	pace       *pace
	stopTyping func()
}

type listLoad struct {
	ready, empty bool
	order        core.TicketOrder
}

func newList(b *bench) *list {
	p := &list{bench: b, changed: func() {}, stopTyping: func() {}, pages: newPages(b),
		text: firstFilter().Text, sort: firstFilter().Sort,
		load: async.NewLoader[listLoad](b.ui), filters: async.NewLoader[[]core.SavedFilter](b.ui)}
	p.pace = newPace(b, func() { p.read(true) })
	return p
}

// State is what the view shows now.
func (p *list) State() listState { return p.state }

// Text is the filter as it stands in the box, Sort the order in the words of a TicketQuery.
func (p *list) Text() string { return p.text }

// Sort is a field of core.TicketSorts, with "-" in front for descending.
func (p *list) Sort() string { return p.sort }

// Start reads the list and the saved filters.
func (p *list) Start() {
	p.read(false)
	p.LoadFilters()
}

// Refresh asks the same question again, because something changed.
func (p *list) Refresh() { p.pace.Ask() }

// Type takes what stands in the box; it is tried when typing rests.
func (p *list) Type(text string) {
	if text == p.text {
		return
	}
	p.text = text
	p.stopTyping()
	p.stopTyping = p.wait(typeRest, p.try)
}

// Enter tries what stands in the box at once.
func (p *list) Enter() {
	if p.state.Found != strings.TrimSpace(p.text) || p.state.Err != nil {
		p.try()
	}
}

// SetFilter puts a filter; a sort of "" keeps the one there is.
func (p *list) SetFilter(text, sort string) {
	p.text = text
	if sort != "" {
		p.sort = sort
	}
	p.try()
}

// SetSort sorts by a column.
func (p *list) SetSort(field string, descending bool) {
	p.sort = field
	if descending {
		p.sort = "-" + field
	}
	p.try()
}

// try asks for what stands in the box, unless it cannot be understood.
func (p *list) try() {
	p.stopTyping()
	p.state.Problem = p.desk.CheckQuery(p.text)
	if p.state.Problem != nil {
		p.load.Cancel()
		p.state.Loading, p.pace.busy = false, false
		p.changed()
		return
	}
	p.read(false)
}

func (p *list) read(stay bool) {
	if stay && p.state.Problem != nil { // the box holds no question: the one answered last is asked again
		p.ask(core.TicketQuery{Text: p.state.Found, Sort: p.sort}, true)
		return
	}
	q := core.TicketQuery{Text: strings.TrimSpace(p.text), Sort: p.sort}
	p.ask(q, stay && q.Text == p.state.Found)
}

func (p *list) ask(q core.TicketQuery, stay bool) {
	p.state.Loading = true
	p.pace.Begin()
	p.changed()
	p.load.Load(func(ctx context.Context) (l listLoad, err error) {
		if l.ready = p.desk.PoolReady(); !l.ready {
			return l, nil
		}
		if l.order, err = p.desk.TicketOrder(ctx, q); err != nil || len(l.order.Nos) > 0 {
			return l, err
		}
		all := l.order
		if q.Text != "" {
			all, err = p.desk.TicketOrder(ctx, core.TicketQuery{})
		}
		l.empty = len(all.Nos) == 0
		return l, err
	}, func(l listLoad, err error) { p.show(q, stay, l, err) })
}

func (p *list) show(q core.TicketQuery, stay bool, l listLoad, err error) {
	p.pace.End()
	p.state.Loading, p.state.Err = false, err
	if core.ErrorCode(err) == core.CodeInvalid {
		p.state.Err, p.state.Problem = nil, &core.QueryProblem{Message: kit.ErrorText(err)}
	}
	if err == nil {
		p.state.Ready, p.state.Empty = l.ready, l.empty
		if l.ready {
			p.state.Nos, p.state.Notes, p.state.Found, p.state.Stay = l.order.Nos, l.order.Notes, q.Text, stay
			p.state.Edition++
			p.pages.SetOrder(l.order.Nos, stay)
		}
	}
	p.changed()
}

// Query is what finds the tickets shown.
func (p *list) Query() core.TicketQuery {
	return core.TicketQuery{Text: p.state.Found, Sort: p.sort}
}

// LoadFilters reads the saved filters.
func (p *list) LoadFilters() {
	p.filters.Load(p.desk.Filters, func(saved []core.SavedFilter, err error) {
		if err == nil {
			p.state.Saved = saved
			p.changed()
		}
	})
}

// Save keeps the filter in the box under a name; one that has the name is replaced.
func (p *list) Save(name string) {
	f := core.SavedFilter{Name: strings.TrimSpace(name), Text: strings.TrimSpace(p.text), Sort: p.sort}
	if f.Name == "" {
		return
	}
	act(p.bench, func(ctx context.Context) error { return p.desk.SaveFilter(ctx, f) }, func() {
		p.host.Toast(kit.ToneGood, savedText(f.Name))
		p.LoadFilters()
	})
}

// Delete forgets a saved filter; it can be undone.
func (p *list) Delete(f core.SavedFilter) {
	act(p.bench, func(ctx context.Context) error { return p.desk.DeleteFilter(ctx, f.Name) }, func() {
		p.host.ToastAction(kit.ToneGood, deletedText(f.Name), undoWord(), func() {
			act(p.bench, func(ctx context.Context) error { return p.desk.SaveFilter(ctx, f) }, p.LoadFilters)
		})
		p.LoadFilters()
	})
}

// Close ends what is loading.
func (p *list) Close() {
	p.stopTyping()
	p.pace.stopRest()
	p.load.Close()
	p.filters.Close()
}
