package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/assets"
	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
	"deskwatch/ui/signin"
	"deskwatch/ui/tray"
)

// programName is the program's name, as people read it.
const programName = "Deskwatch"

// Options are what the command line says to the window.
type Options struct {
	Open string // a file to import once the window is up; "" none
	// Dispatcher leads to the UI goroutine; nil is the running app's. Tests give an inline one.
	Dispatcher async.Dispatcher
}

// Shell is the window and everything around its tabs. All methods belong to the UI goroutine
// unless they say otherwise.
type Shell struct {
	app  fyne.App
	desk Desk
	opts Options

	latch  async.Latch
	raw    async.Dispatcher // leads to the UI goroutine even while quitting
	ui     async.Dispatcher // raw behind the latch
	ctx    context.Context  // ends with the window
	cancel context.CancelFunc
	stops  []func()
	ended  chan struct{} // closed when the core has stopped
	endErr error

	window  fyne.Window
	root    *fyne.Container // what the window shows: the desk, or the page of signing in
	seat    core.Seat
	door    *signin.Door
	idle    *idle
	turn    *turn
	tabs    *tabs // of the turn
	status  *statusLine
	works   *works
	toaster *kit.Toaster
	tray    *tray.Tray
	menu    *menu

	hidden bool // closed to the tray
	news   bool // a check found breaches nobody has looked at yet
	// ticketNews is the same for tickets somebody was told of.
	ticketNews bool
	failed     int64  // deliveries that want a person
	lastFail   string // the last job failure shown, so that one that repeats is said once
	desktop    core.DeskStatus
	unread     int64  // news that came while the desk was locked
	wished     *wish  // what is to be done once the desk is open
	reload     func() // reads the status again
}

// New builds the window without showing it.
func New(app fyne.App, desk Desk, opts Options) *Shell {
	s := &Shell{app: app, desk: desk, opts: opts, raw: opts.Dispatcher, ended: make(chan struct{})}
	if s.raw == nil {
		s.raw = async.Window{}
	}
	s.ui = s.latch.Guard(s.raw)
	s.ctx, s.cancel = context.WithCancel(context.Background())
	speak()
	app.Settings().SetTheme(kit.NewTheme(desk.Settings().General.Theme))
	app.SetIcon(fyne.NewStaticResource("deskwatch.svg", assets.Icon))

	s.window = app.NewWindow(programName)
	s.window.SetMaster()
	s.toaster = kit.NewToaster(s.ui)
	s.status = newStatusLine(s.tellBook)
	s.works = newWorks(s.ui, s.status.showWork)
	s.idle = newIdle(s)
	s.door = signin.New(desk, s.ui, s.window, s.takeSeat)
	s.root = container.NewStack(s.idle)
	s.window.SetContent(s.root)
	s.window.SetPadded(false)
	s.window.SetOnDropped(s.dropped)
	s.window.Resize(s.savedSize())
	s.tray = tray.New(app, s.window, tray.Actions{
		Open: s.Raise, Check: s.runCheck, Quit: s.Quit,
		Pause: func(pause bool) { s.pause(pause, 0) },
	})
	s.window.SetCloseIntercept(s.closeWindow) // after the tray: the last one counts
	app.Lifecycle().SetOnEnteredForeground(func() { s.idle.front(true); s.shown() })
	app.Lifecycle().SetOnExitedForeground(func() { s.idle.front(false) })
	s.listen()
	s.seat = desk.Seat()
	s.begin()
	s.showSeat()
	return s
}

// ShowAndRun shows the window and runs the app until it quits.
func (s *Shell) ShowAndRun() error {
	if s.opts.Open != "" {
		s.app.Lifecycle().SetOnStarted(func() { s.wishFile(s.opts.Open) })
	}
	s.window.Show()
	s.app.Run()
	return s.finish()
}

// Window is the one window.
func (s *Shell) Window() fyne.Window { return s.window }

func (s *Shell) layout() fyne.CanvasObject {
	logo := widget.NewIcon(s.app.Icon())
	name := kit.NewLine("Deskwatch", kit.ToneNormal)
	name.Style.Bold = true
	head := kit.Padded(6, container.NewHBox(container.NewGridWrap(fyne.NewSquareSize(24), logo), name))
	rail := kit.On(kit.ColorRail, kit.Wide(railWidth, kit.Padded(10, container.NewBorder(head, s.turn.foot, nil, nil, s.tabs.nav))))
	body := kit.On(theme.ColorNameBackground, kit.Padded(bodyPad, s.tabs.body))
	return container.New(frame{}, rail, container.NewStack(body, s.toaster), kit.On(kit.ColorRail, s.status),
		widget.NewSeparator(), widget.NewSeparator())
}

// frame puts the rail left, the status line below and the body into the rest, with a hairline
// between them and no other room.
type frame struct{}

func (frame) MinSize(o []fyne.CanvasObject) fyne.Size {
	rail, body, status := o[0].MinSize(), o[1].MinSize(), o[2].MinSize()
	return fyne.NewSize(max(rail.Width+1+body.Width, status.Width), max(rail.Height, body.Height)+1+status.Height)
}

func (frame) Layout(o []fyne.CanvasObject, s fyne.Size) {
	rail, status := o[0].MinSize().Width, o[2].MinSize().Height
	top := s.Height - status - 1
	place := func(c fyne.CanvasObject, x, y, w, h float32) {
		c.Move(fyne.NewPos(x, y))
		c.Resize(fyne.NewSize(w, h))
	}
	place(o[0], 0, 0, rail, top)
	place(o[1], rail+1, 0, s.Width-rail-1, top)
	place(o[2], 0, top+1, s.Width, status)
	place(o[3], rail, 0, 1, top)
	place(o[4], 0, top, s.Width, 1)
}

const (
	railWidth float32 = 176
	bodyPad   float32 = 16
)

// Raise brings the window to the front.
func (s *Shell) Raise() {
	if s.latch.Closed() {
		return
	}
	s.window.Show()
	s.window.RequestFocus()
	s.shown()
}

// shown notes that the window is in front of somebody, however it got there.
func (s *Shell) shown() {
	s.hidden = false
	if s.shut() {
		s.door.Focus()
		return
	}
	s.tabs.seen()
	s.looked()
}

// looked says that somebody looks at the desk, or has just stopped to.
func (s *Shell) looked() {
	async.Run(s.ctx, s.ui, func(ctx context.Context) (struct{}, error) { return struct{}{}, s.desk.Looked(ctx) },
		func(_ struct{}, err error) {
			if err != nil && !async.Canceled(err) {
				s.status.failed(kit.ErrorText(err))
			}
		})
}

// openFile opens the import of a file, of tickets or of orders, whatever it looks like.
func (s *Shell) openFile(path string) {
	async.Run(s.turn.ctx, s.turn.ui, func(ctx context.Context) (bool, error) { return s.desk.HoldsTickets(ctx, path) },
		func(tickets bool, err error) {
			// What is wrong with the file the preview says, with all there is to do about it.
			if err == nil && tickets {
				s.openTickets(path)
				return
			}
			s.openOrders(path)
		})
}

// openOrders opens the import of an orders file, or asks for one when path is "".
func (s *Shell) openOrders(path string) {
	s.tabs.open(kit.TabOrders)
	s.tabs.orders.OpenImport(path)
}

// openTickets opens the import of a file of tickets, or asks for one when path is "".
func (s *Shell) openTickets(path string) {
	s.tabs.open(kit.TabTickets)
	s.tabs.tickets.OpenFile(path)
}

// dropped takes the files somebody let fall on the window.
func (s *Shell) dropped(_ fyne.Position, uris []fyne.URI) {
	if len(uris) == 0 || s.seat.Locked {
		return
	}
	if len(uris) > 1 && !s.shut() {
		s.Toast(kit.ToneWarn, kit.T("One file at a time: %s is opened.", uris[0].Name()))
	}
	s.wishFile(uris[0].Path())
}
