package signin

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// Door is what the window shows in place of the desk: the first start's page, or the sign-in. All
// methods belong to the UI goroutine.
type Door struct {
	desk   Desk
	ui     async.Dispatcher
	window fyne.Window
	opened func() // something was done that may open the desk, or change who sits there

	ctx    context.Context // ends with the window
	cancel context.CancelFunc
	root   *fyne.Container
	page   page // nil: the desk is open
	first  bool // the page is the first start's
}

// page is one of the two.
type page interface {
	content() fyne.CanvasObject
	focus()
	leave() // the page is shown no more
}

// New returns the door of a window. opened is called on the UI goroutine after each thing done
// here; what follows from it says Desk.Seat.
func New(desk Desk, ui async.Dispatcher, window fyne.Window, opened func()) *Door {
	d := &Door{desk: desk, ui: ui, window: window, opened: opened, root: container.NewStack()}
	d.ctx, d.cancel = context.WithCancel(context.Background())
	return d
}

// Content is the whole page.
func (d *Door) Content() fyne.CanvasObject { return d.root }

// Show shows the page for seat. A page that is there stays as it is, with what is typed in it.
func (d *Door) Show(seat core.Seat) {
	if d.page != nil && d.first == !seat.Locked {
		return
	}
	d.Leave()
	d.first = !seat.Locked
	if d.first {
		d.page = newFirstPage(d)
	} else {
		d.page = newSignInPage(d, seat.LastUser)
	}
	d.root.Objects = []fyne.CanvasObject{kit.On(theme.ColorNameBackground, container.NewVScroll(
		container.NewCenter(kit.Padded(16, kit.Wide(pageWidth, d.page.content())))))}
	d.root.Refresh()
	d.page.focus()
}

// Focus gives the keyboard to the page.
func (d *Door) Focus() {
	if d.page != nil && d.window.Canvas().Focused() == nil {
		d.page.focus()
	}
}

// Leave forgets the page and what was typed.
func (d *Door) Leave() {
	if d.page == nil {
		return
	}
	d.page.leave()
	d.page, d.root.Objects = nil, nil
	d.window.Canvas().Unfocus()
	d.window.Canvas().SetOnTypedKey(nil)
}

// Close ends what is under way.
func (d *Door) Close() {
	d.Leave()
	d.cancel()
}

// run does one thing of the core off the UI goroutine: hashing a password takes its time. failed
// is called with its error, and opened without one.
func (d *Door) run(of page, do func(context.Context) error, failed func(error)) {
	async.Run(d.ctx, d.ui, func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx) },
		func(_ struct{}, err error) {
			if err != nil && !async.Canceled(err) && d.page == of {
				failed(err)
			}
			if err == nil {
				d.opened()
			}
		})
}

const pageWidth float32 = 400

// second is the beat of a countdown.
const second = time.Second
