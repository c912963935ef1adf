package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// wait is how long the test waits for anything the window has to do.
const wait = 30 * time.Second

// desktop is a screen, a session bus with a tray and a notification service, and a window
// manager, all of them the test's own and gone with it.
type desktop struct {
	t    testing.TB
	home string
	env  []string
	bus  *dbus.Conn
	tray chan string // the bus names of registered tray items
	note chan note
}

// note is a notification as the service got it.
type note struct {
	id          uint32
	title, text string
	actions     []string
}

// newDesktop starts the desktop. Programs it starts end with the test.
func newDesktop(t testing.TB) *desktop {
	t.Helper()
	d := &desktop{t: t, home: t.TempDir(), tray: make(chan string, 8), note: make(chan note, 64)}
	screen := d.firstLine("Xvfb", "-displayfd", "1", "-screen", "0", "1280x860x24", "-nolisten", "tcp")
	address := d.firstLine("dbus-daemon", "--session", "--nofork", "--print-address=1")
	d.env = append(os.Environ(), "DISPLAY=:"+screen, "DBUS_SESSION_BUS_ADDRESS="+address, "HOME="+d.home,
		"XDG_CONFIG_HOME="+filepath.Join(d.home, "config"), "XDG_RUNTIME_DIR="+d.home,
		"LIBGL_ALWAYS_SOFTWARE=1", "LANG=en_US.UTF-8", "DESKWATCH_VAULT=file", "NO_AT_BRIDGE=1", "WAYLAND_DISPLAY=")
	d.serveBus(address)
	d.start("openbox")
	return d
}

// command is a program on this desktop, killed at the end of the test if it still runs.
func (d *desktop) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	if d.env != nil {
		cmd.Env = d.env
	}
	return cmd
}

func (d *desktop) start(name string, args ...string) *exec.Cmd {
	d.t.Helper()
	cmd := d.command(name, args...)
	if err := cmd.Start(); err != nil {
		d.t.Fatalf("%s: %v", name, err)
	}
	d.endWithTest(cmd)
	return cmd
}

// open starts the window over a data folder. What it says is logged when the test fails.
func (d *desktop) open(program, data string) (*exec.Cmd, *strings.Builder) {
	d.t.Helper()
	cmd, words := d.command(program, "--data", data), new(strings.Builder)
	d.t.Cleanup(func() { // after the program has ended: clean-ups run last to first
		if d.t.Failed() {
			d.t.Logf("deskwatch said: %s", words.String())
		}
	})
	cmd.Stderr = words
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.endWithTest(cmd)
	return cmd, words
}

// password is that of every user of these tests.
const password = "seven quiet lamps"

// builtPrograms is the folder of the programs under test; where they are not to be run it skips.
func builtPrograms(t testing.TB) string {
	t.Helper()
	if os.Getenv("DESKWATCH_WINDOW_TEST") == "" {
		t.Skip("needs the built programs, Xvfb, D-Bus, openbox and xdotool: make test-window")
	}
	bin, err := filepath.Abs(filepath.Join("..", "..", "bin"))
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

// headless runs a command on the data folder beside the window, and returns its JSON.
func (d *desktop) headless(bin, data string, args ...string) []byte {
	d.t.Helper()
	out, err := d.command(filepath.Join(bin, "deskwatchd"), append([]string{"--data", data, "--json"}, args...)...).Output()
	if err != nil {
		d.t.Fatalf("deskwatchd %v: %v", args, err)
	}
	return out
}

// addUser makes a user of the data folder who can sign in. With an admin the first start asks
// nothing, and with nobody else nobody has to sign in.
func (d *desktop) addUser(bin, data, name, role string) {
	d.t.Helper()
	cmd := d.command(filepath.Join(bin, "deskwatchd"), "--data", data, "user", "add", name, "--role", role, "--password-stdin")
	cmd.Stdin = strings.NewReader(password + "\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		d.t.Fatalf("no user %s: %v: %s", name, err, out)
	}
}

func (d *desktop) endWithTest(cmd *exec.Cmd) {
	d.t.Cleanup(func() {
		if cmd.ProcessState == nil {
			_ = cmd.Process.Kill() // it may have ended by itself meanwhile
			_ = cmd.Wait()
		}
	})
}

// firstLine starts a server that prints where it listens as its first line.
func (d *desktop) firstLine(name string, args ...string) string {
	d.t.Helper()
	cmd := exec.Command(name, args...)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		d.t.Fatalf("%s: %v", name, err)
	}
	d.endWithTest(cmd)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		d.t.Fatalf("%s said nothing: %v", name, err)
	}
	return strings.TrimSpace(line)
}

// trayWatcher is the part of a panel that tray items register with.
type trayWatcher struct{ items chan<- string }

// RegisterStatusNotifierItem is called by a program that has a tray item.
func (w trayWatcher) RegisterStatusNotifierItem(_ string, sender dbus.Sender) *dbus.Error {
	w.items <- string(sender)
	return nil
}

// notificationService keeps what it is asked to show.
type notificationService struct {
	mu    sync.Mutex
	last  uint32
	notes chan<- note
}

// Notify is called by a program that shows a notification.
func (s *notificationService) Notify(_ string, replaces uint32, _ string, title, text string, actions []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	s.notes <- note{s.last, title, text, actions}
	return s.last, nil
}

// GetCapabilities says that this service can be clicked.
func (*notificationService) GetCapabilities() ([]string, *dbus.Error) {
	return []string{"actions", "body"}, nil
}

// GetServerInformation names the service.
func (*notificationService) GetServerInformation() (name, vendor, version, spec string, err *dbus.Error) {
	return "test", "test", "1", "1.2", nil
}

// CloseNotification takes a notification away.
func (*notificationService) CloseNotification(uint32) *dbus.Error { return nil }

func (d *desktop) serveBus(address string) {
	d.t.Helper()
	bus, err := dbus.Connect(address)
	if err != nil {
		d.t.Fatal(err)
	}
	d.bus = bus
	d.t.Cleanup(func() { bus.Close() })
	for _, s := range []struct {
		object any
		path   dbus.ObjectPath
		name   string
	}{
		{trayWatcher{d.tray}, "/StatusNotifierWatcher", "org.kde.StatusNotifierWatcher"},
		{&notificationService{notes: d.note}, "/org/freedesktop/Notifications", "org.freedesktop.Notifications"},
	} {
		if err := bus.Export(s.object, s.path, s.name); err != nil {
			d.t.Fatal(err)
		}
		if _, err := bus.RequestName(s.name, dbus.NameFlagDoNotQueue); err != nil {
			d.t.Fatal(err)
		}
	}
}

// click answers a notification as a click on it does.
func (d *desktop) click(n note) {
	d.t.Helper()
	if err := d.bus.Emit("/org/freedesktop/Notifications", "org.freedesktop.Notifications.ActionInvoked", n.id, "default"); err != nil {
		d.t.Fatal(err)
	}
}

// xdotool drives the desktop as hands do.
func (d *desktop) xdotool(args ...string) string {
	d.t.Helper()
	out, err := d.command("xdotool", args...).CombinedOutput()
	if err != nil {
		d.t.Fatalf("xdotool %v: %v: %s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// window waits for a visible window whose title holds text and returns its id.
func (d *desktop) window(text string) string {
	d.t.Helper()
	d.until("a window with "+text, func() bool { return d.visible(text) })
	id, _, _ := strings.Cut(d.xdotool("search", "--onlyvisible", "--name", text), "\n")
	return id
}

// visible reports whether a window whose title holds text is on the screen.
func (d *desktop) visible(text string) bool {
	out, err := d.command("xdotool", "search", "--onlyvisible", "--name", text).Output()
	return err == nil && len(strings.TrimSpace(string(out))) > 0 // it fails when it finds none
}

// until waits for something to become true.
func (d *desktop) until(what string, done func() bool) {
	d.t.Helper()
	for end := time.Now().Add(wait); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if done() {
			return
		}
	}
	d.shot("timeout")
	d.t.Fatalf("%s: not within %s", what, wait)
}

// shot keeps a picture of the screen where DESKWATCH_WINDOW_SHOTS says, for looking into a failure.
func (d *desktop) shot(name string) {
	dir := os.Getenv("DESKWATCH_WINDOW_SHOTS")
	if dir == "" {
		return
	}
	path := filepath.Join(dir, name+".png")
	if out, err := d.command("import", "-window", "root", path).CombinedOutput(); err != nil {
		d.t.Logf("no picture: %v: %s", err, out)
	}
}

// menuItem is one line of a tray menu.
type menuItem struct {
	id    int32
	label string
}

// trayMenu reads the menu of a tray item.
func (d *desktop) trayMenu(item string) []menuItem {
	d.t.Helper()
	type node struct {
		ID         int32
		Properties map[string]dbus.Variant
		Children   []dbus.Variant
	}
	var revision uint32
	var root node
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	defer cancel()
	call := d.bus.Object(item, "/StatusNotifierItem/menu").CallWithContext(ctx, "com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{})
	if err := call.Store(&revision, &root); err != nil {
		d.t.Fatalf("the tray item has no menu: %v", err)
	}
	var items []menuItem
	for _, child := range root.Children {
		var n node
		if err := dbus.Store([]any{child.Value()}, &n); err != nil {
			d.t.Fatal(err)
		}
		if label, ok := n.Properties["label"]; ok {
			items = append(items, menuItem{n.ID, fmt.Sprint(label.Value())})
		}
	}
	return items
}

// choose clicks a line of a tray menu.
func (d *desktop) choose(item string, line menuItem) {
	d.t.Helper()
	call := d.bus.Object(item, "/StatusNotifierItem/menu").Call("com.canonical.dbusmenu.Event", 0,
		line.id, "clicked", dbus.MakeVariant(int32(0)), uint32(time.Now().Unix()))
	if call.Err != nil {
		d.t.Fatal(call.Err)
	}
}
