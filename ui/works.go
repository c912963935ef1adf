package ui

import (
	"time"

	"deskwatch/core"
	"deskwatch/ui/async"
)

// work is one long operation under way.
type work struct {
	title   string
	cancel  func()
	counter *core.Progress
	since   time.Time
}

// works are the long operations under way. The newest is shown; it is read ten times a second
// while there is one.
type works struct {
	ui   async.Dispatcher
	show func(w *work, others int)
	list []*work
	stop func()
}

func newWorks(ui async.Dispatcher, show func(*work, int)) *works { return &works{ui: ui, show: show} }

func (w *works) start(title string, cancel func(), p *core.Progress) (done func()) {
	if p == nil {
		p = &core.Progress{}
	}
	one := &work{title, cancel, p, time.Now()}
	w.list = append(w.list, one)
	if len(w.list) == 1 {
		w.stop = async.Every(async.Beat, w.ui, w.tell)
	}
	w.tell()
	return func() { w.end(one) }
}

func (w *works) end(one *work) {
	for i, o := range w.list {
		if o == one {
			w.list = append(w.list[:i], w.list[i+1:]...)
			break
		}
	}
	if len(w.list) == 0 && w.stop != nil {
		w.stop()
		w.stop = nil
	}
	w.tell()
}

func (w *works) tell() {
	if n := len(w.list); n > 0 {
		w.show(w.list[n-1], n-1)
		return
	}
	w.show(nil, 0)
}

// forget cancels every operation and shows none of them any more.
func (w *works) forget() {
	w.cancelAll()
	w.list = nil
	w.tell()
}

// cancelAll asks every operation to stop.
func (w *works) cancelAll() {
	for _, o := range w.list {
		if o.cancel != nil {
			o.cancel()
		}
	}
	if w.stop != nil {
		w.stop()
		w.stop = nil
	}
}
