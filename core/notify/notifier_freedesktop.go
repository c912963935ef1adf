//go:build linux || freebsd || netbsd || openbsd || dragonfly

package notify

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"deskwatch/core"

	"github.com/godbus/dbus/v5"
)

const (
	service = "org.freedesktop.Notifications"
	object  = dbus.ObjectPath("/org/freedesktop/Notifications")

	answerWithin = 5 * time.Second // of the notification service
	maxOpen      = 64              // notifications whose click is remembered
)

// Notifier shows notifications. Its methods may be called from several goroutines.
type Notifier struct {
	opt Options

	mu     sync.Mutex
	bus    *bus // nil before the first Show, and after the bus went away
	closed bool
}

// bus is one connection to the message bus.
type bus struct {
	conn   *dbus.Conn
	cancel context.CancelFunc // ends the connection and its goroutine
	markup bool               // the service reads markup in texts
	open   map[uint32]func()
	order  []uint32 // of open, oldest first
}

// New returns a Notifier; it connects when there is something to show.
func New(opt Options) *Notifier { return &Notifier{opt: opt} }

// Show shows a notification and returns once the desktop has taken it. open, if not nil, is
// called on a goroutine of the Notifier when the user clicks it; of the last 64 clicks are
// remembered. Without a desktop that shows notifications the error is core.CodeUnavailable.
func (n *Notifier) Show(ctx context.Context, title, text string, open func()) error {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	// Held over the call, so that a click cannot come before its id is known.
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return core.NewError(core.CodeConflict, "notify.show", "Deskwatch is closing. The notification was not shown.", nil)
	}
	b, err := n.connect(ctx)
	if err != nil {
		return unavailable(err)
	}
	body := tidy(text, maxText, true)
	if b.markup {
		body = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(body)
	}
	var actions []string
	if open != nil {
		actions = []string{"default", "Open"} // the default action is a click on the notification
	}
	hints := map[string]dbus.Variant{"desktop-entry": dbus.MakeVariant("deskwatch")}
	var id uint32
	err = b.conn.Object(service, object).CallWithContext(ctx, service+".Notify", 0,
		appName, uint32(0), n.opt.Icon, tidy(title, maxTitle, false), body, actions, hints, int32(-1)).Store(&id)
	if err != nil {
		return unavailable(err)
	}
	if open != nil {
		b.remember(id, open)
	}
	return nil
}

// Close ends the connection. Notifications on show stay, and do nothing when clicked.
func (n *Notifier) Close() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.closed = true
	if n.bus != nil {
		n.bus.cancel()
		n.bus = nil
	}
	return nil
}

// connect returns the connection, a new one when there is none or it broke. n.mu is held.
func (n *Notifier) connect(ctx context.Context) (*bus, error) {
	if n.bus != nil && n.bus.conn.Connected() {
		return n.bus, nil
	}
	life, cancel := context.WithCancel(context.Background())
	// A bus that accepts and then is silent would hold Auth for ever.
	stop := context.AfterFunc(ctx, cancel)
	conn, err := dial(n.opt.Address, dbus.WithContext(life), dbus.WithSignalHandler(dbus.NewSequentialSignalHandler()))
	if err != nil {
		cancel()
		return nil, err
	}
	b := &bus{conn: conn, cancel: cancel, open: map[uint32]func(){}}
	var can []string
	err = conn.Object(service, object).CallWithContext(ctx, service+".GetCapabilities", 0).Store(&can)
	if err == nil {
		err = conn.AddMatchSignalContext(ctx, dbus.WithMatchInterface(service), dbus.WithMatchObjectPath(object), dbus.WithMatchSender(service))
	}
	if err == nil && !stop() {
		err = ctx.Err()
	}
	if err != nil {
		cancel()
		return nil, err
	}
	b.markup = slices.Contains(can, "body-markup")
	signals := make(chan *dbus.Signal, maxOpen)
	conn.Signal(signals)
	go n.listen(life, b, signals)
	n.bus = b
	return b, nil
}

func dial(address string, opts ...dbus.ConnOption) (*dbus.Conn, error) {
	if address != "" {
		return dbus.Connect(address, opts...)
	}
	// Never start a bus of our own: nobody would show what is sent there.
	conn, err := dbus.SessionBusPrivateNoAutoStartup(opts...)
	if err != nil {
		return nil, err
	}
	if err = conn.Auth(nil); err == nil {
		err = conn.Hello()
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// listen calls what a clicked notification opens, until the connection ends.
func (n *Notifier) listen(life context.Context, b *bus, signals <-chan *dbus.Signal) {
	defer b.cancel()
	for {
		select {
		case <-life.Done():
			return
		case <-b.conn.Context().Done():
			return
		case s, ok := <-signals:
			if !ok {
				return
			}
			n.handle(b, s)
		}
	}
}

func (n *Notifier) handle(b *bus, s *dbus.Signal) {
	clicked := s.Name == service+".ActionInvoked"
	if !clicked && s.Name != service+".NotificationClosed" || len(s.Body) < 2 {
		return
	}
	id, ok := s.Body[0].(uint32)
	if !ok {
		return
	}
	n.mu.Lock()
	open := b.open[id]
	delete(b.open, id)
	b.order = slices.DeleteFunc(b.order, func(o uint32) bool { return o == id })
	n.mu.Unlock()
	if clicked && s.Body[1] == "default" && open != nil {
		open()
	}
}

func (b *bus) remember(id uint32, open func()) {
	if _, again := b.open[id]; !again {
		b.order = append(b.order, id)
	}
	b.open[id] = open
	if len(b.order) > maxOpen {
		delete(b.open, b.order[0])
		b.order = b.order[1:]
	}
}
