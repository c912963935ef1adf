//go:build linux || freebsd || netbsd || openbsd || dragonfly

package notify

import (
	"bufio"
	"context"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"deskwatch/core"

	"github.com/godbus/dbus/v5"
)

// privateBus starts a message bus of the test's own and returns its address.
func privateBus(t *testing.T) string {
	t.Helper()
	daemon, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skip("dbus-daemon is not installed, so there is no bus to talk over")
	}
	cmd := exec.Command(daemon, "--session", "--nofork", "--nopidfile", "--print-address", "--address=unix:path="+filepath.Join(t.TempDir(), "bus"))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(address)
}

// desktop is a notification service that keeps what it is asked to show.
type desktop struct {
	conn  *dbus.Conn
	can   []string
	mu    sync.Mutex
	shown []shown
}

type shown struct {
	app, icon, title, body string
	actions                []string
}

func newDesktop(t *testing.T, address string, can ...string) *desktop {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	d := &desktop{conn: conn, can: can}
	if err := conn.Export(d, object, service); err != nil {
		t.Fatal(err)
	}
	if reply, err := conn.RequestName(service, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(reply, err)
	}
	return d
}

func (d *desktop) GetCapabilities() ([]string, *dbus.Error) { return d.can, nil }

func (d *desktop) Notify(app string, _ uint32, icon, title, body string, actions []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shown = append(d.shown, shown{app, icon, title, body, actions})
	return uint32(len(d.shown)), nil
}

func (d *desktop) nth(i int) shown {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.shown[i]
}

func (d *desktop) emit(t *testing.T, name string, values ...any) {
	t.Helper()
	if err := d.conn.Emit(object, service+"."+name, values...); err != nil {
		t.Fatal(err)
	}
}

func newNotifier(t *testing.T, address string) *Notifier {
	n := New(Options{Address: address, Icon: "deskwatch"})
	t.Cleanup(func() { n.Close() })
	return n
}

func TestAClickOpensWhatTheNotificationIsAbout(t *testing.T) {
	address := privateBus(t)
	d := newDesktop(t, address, "actions", "body-markup")
	n := newNotifier(t, address)
	opened := make(chan string, 10)
	for _, what := range []string{"first", "second", "third"} {
		if err := n.Show(t.Context(), "New "+what, "Ana & <b>Bo</b>", func() { opened <- what }); err != nil {
			t.Fatal(err)
		}
	}
	s := d.nth(1)
	if s.app != "Deskwatch" || s.icon != "deskwatch" || s.title != "New second" || s.body != "Ana &amp; &lt;b&gt;Bo&lt;/b&gt;" || len(s.actions) != 2 || s.actions[0] != "default" {
		t.Errorf("shown %+v", s)
	}
	d.emit(t, "NotificationClosed", uint32(1), uint32(2)) // the first is dismissed
	d.emit(t, "ActionInvoked", uint32(1), "default")
	d.emit(t, "ActivationToken", uint32(2), "token") // comes before the click on newer desktops
	d.emit(t, "ActionInvoked", uint32(2), "default")
	d.emit(t, "ActionInvoked", uint32(2), "default") // a click counts once
	d.emit(t, "ActionInvoked", uint32(99), "default")
	d.emit(t, "ActionInvoked", uint32(3), "default")
	for _, want := range []string{"second", "third"} {
		select {
		case got := <-opened:
			if got != want {
				t.Errorf("opened %s, want %s", got, want)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("a click on the %s opened nothing", want)
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.bus.open)+len(n.bus.order) != 0 {
		t.Errorf("still remembered: %v", n.bus.order)
	}
}

func TestADesktopWithoutMarkupGetsPlainTextAndNoClickWithoutAnAim(t *testing.T) {
	address := privateBus(t)
	d := newDesktop(t, address)
	n := newNotifier(t, address)
	if err := n.Show(t.Context(), "a\nb\x00\xff", "R&D\n<3", nil); err != nil {
		t.Fatal(err)
	}
	if s := d.nth(0); s.title != "a b" || s.body != "R&D\n<3" || len(s.actions) != 0 {
		t.Errorf("shown %+v", s)
	}
}

func TestOnlyTheLastClicksAreRemembered(t *testing.T) {
	address := privateBus(t)
	newDesktop(t, address)
	n := newNotifier(t, address)
	for range maxOpen + 5 {
		if err := n.Show(t.Context(), "x", "", func() {}); err != nil {
			t.Fatal(err)
		}
	}
	if len(n.bus.open) != maxOpen || len(n.bus.order) != maxOpen || n.bus.order[0] != 6 {
		t.Errorf("%d remembered, the oldest is %d", len(n.bus.open), n.bus.order[0])
	}
}

func TestWithoutADesktopTheErrorSaysSo(t *testing.T) {
	if err := newNotifier(t, "unix:path="+filepath.Join(t.TempDir(), "none")).Show(t.Context(), "x", "", nil); core.ErrorCode(err) != core.CodeUnavailable {
		t.Errorf("no bus: %v", err)
	}
	address := privateBus(t)
	n := newNotifier(t, address)
	if err := n.Show(t.Context(), "x", "", nil); core.ErrorCode(err) != core.CodeUnavailable {
		t.Errorf("no notification service: %v", err)
	}
	newDesktop(t, address)
	if err := n.Show(t.Context(), "x", "", nil); err != nil {
		t.Errorf("the service came later: %v", err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if err := n.Show(t.Context(), "x", "", nil); core.ErrorCode(err) != core.CodeConflict {
		t.Errorf("after Close: %v", err)
	}
}

func TestASilentBusIsLeftInTime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bus")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	if err := newNotifier(t, "unix:path="+path).Show(ctx, "x", "", nil); core.ErrorCode(err) != core.CodeUnavailable || time.Since(began) > 3*time.Second {
		t.Errorf("after %s: %v", time.Since(began), err)
	}
}

func TestTidyCutsAtAWholeCharacter(t *testing.T) {
	if got := tidy(strings.Repeat("é", 20), 10, false); got != strings.Repeat("é", 9)+"…" {
		t.Errorf("got %q", got)
	}
}
