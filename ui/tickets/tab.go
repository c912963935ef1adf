package tickets

import (
	"context"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// Tab is the Tickets tab. Its methods belong to the UI goroutine.
type Tab struct {
	b      *bench
	cancel context.CancelFunc
	latch  async.Latch
	stop   func() // of the subscription; nil before the first Content
	fresh  *async.Coalescer
	ticks  func() // ends the clock

	list       *list
	detail     *detail
	predicting *predicting
	marks      *marks
	files      *importing
	view       *view
}

// New returns the tab. Nothing is built or read before it is shown.
func New(desk Desk, host kit.Host) *Tab {
	t := &Tab{ticks: func() {}}
	ctx, cancel := context.WithCancel(context.Background())
	t.cancel = cancel
	ui := t.latch.Guard(host.Dispatcher())
	t.b = &bench{desk: desk, host: host, ui: ui, ctx: ctx, wait: waiting(ctx, ui)}
	t.list = newList(t.b)
	t.detail = newDetail(t.b)
	t.predicting = newPredicting(t.b)
	t.marks = &marks{bench: t.b, after: t.reload}
	t.files = newImporting(t.b)
	return t
}

// Content builds the tab on its first call.
func (t *Tab) Content() fyne.CanvasObject {
	if t.view != nil {
		return t.view.root
	}
	t.view = newView(t.b, t.list, t.detail, t.predicting, t.marks, t.files)
	t.files.preview = func() { openImport(t.files) }
	t.files.pick = func() { pickFile(t.files) }
	t.files.report = func(r core.TicketImportResult, file string) { reportImport(t.files, r, file) }
	t.fresh = async.NewCoalescer(t.b.ui, t.reload)
	t.stop = async.Listen(t.b.ui, t.b.desk.Subscribe, t.hear)
	t.tick()
	t.list.Start()
	t.predicting.read()
	return t.view.root
}

// tickEvery is how often the words that depend on the time are told anew.
const tickEvery = 30 * time.Second

// tick has the reply clocks go on: rows in sight and the pane are read again.
func (t *Tab) tick() {
	t.ticks = t.b.wait(tickEvery, func() {
		t.reload()
		t.view.ticket.tick()
		t.tick()
	})
}

func (t *Tab) reload() {
	t.list.Refresh()
	t.detail.Refresh()
}

// hear has what is shown read anew after an event that concerns it.
func (t *Tab) hear(e core.Event) {
	switch e.(type) {
	case core.TicketsChanged, core.CustomersChanged:
		t.fresh.Poke()
	case core.PredictionsChanged, core.SettingsChanged:
		t.fresh.Poke()
		t.predicting.Refresh()
	}
}

// Open shows what another tab leads to: a ticket by the desk's number of it, or a filter.
func (t *Tab) Open(place string) {
	t.Content()
	if number, ok := strings.CutPrefix(place, kit.PlaceTicket); ok {
		if no, err := strconv.ParseUint(number, 10, 32); err == nil && no > 0 {
			t.view.openTicket(uint32(no))
		}
		return
	}
	if text, ok := strings.CutPrefix(place, kit.PlaceFilter); ok {
		t.view.setFilter(core.SavedFilter{Text: text})
	}
	if place == kit.PlaceImport {
		t.files.choose()
	}
}

// OpenFile begins the import of a file of tickets, or asks for one when path is "".
func (t *Tab) OpenFile(path string) {
	t.Content()
	if path == "" {
		t.files.choose()
		return
	}
	t.files.Open(path)
}

// Find gives the keyboard to the filter.
func (t *Tab) Find() {
	t.Content()
	t.view.find()
}

// Focus gives the keyboard to the tickets.
func (t *Tab) Focus() {
	if t.view != nil {
		t.view.focus()
	}
}

// Close ends what is loading and what is running; nothing reaches the window afterwards.
func (t *Tab) Close() {
	if !t.latch.Close() {
		return
	}
	if t.stop != nil {
		t.stop()
	}
	if t.fresh != nil {
		t.fresh.Close()
	}
	t.ticks()
	t.list.Close()
	t.detail.Close()
	t.predicting.Close()
	t.files.Close()
	t.cancel()
}
