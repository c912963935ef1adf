package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

const lastQuarter = `order_id,customer_id,order_date,status,amount
A1,acme_1,2023-06-01,Cancelled,10.00
A2,acme_1,2023-06-02,Cancelled,11.00
A3,acme_1,2023-06-30,Returned,12.50
B1,bolt_2,2023-06-05,Delivered,5.00
`

// TestAnOrdersFileBecomesAnAlertInTheRealWindow starts the built program on a screen of its
// own, sees its window and its tray item, opens an orders file from a second start, imports
// it by keyboard, is notified, clicks the notification, and quits from the tray.
func TestAnOrdersFileBecomesAnAlertInTheRealWindow(t *testing.T) {
	bin := builtPrograms(t)
	d := newDesktop(t)
	data := filepath.Join(d.home, "data")
	file := filepath.Join(d.home, "last quarter.csv")
	if err := os.WriteFile(file, []byte(lastQuarter), 0o600); err != nil {
		t.Fatal(err)
	}

	d.addUser(bin, data, "ana", "admin")
	program, words := d.open(filepath.Join(bin, "deskwatch"), data)
	window := d.window("Deskwatch")
	var item string
	select {
	case item = <-d.tray:
	case <-time.After(wait):
		t.Fatal("no tray item was registered")
	}
	menu := d.trayMenu(item)
	for _, want := range []string{"Open Deskwatch", "Run alert check", "Pause alerts", "Quit"} {
		if _, ok := find(menu, want); !ok {
			t.Errorf("the tray menu has no %q: %v", want, menu)
		}
	}

	// A second start hands its file to the first and ends.
	if out, err := d.command(filepath.Join(bin, "deskwatch"), "--data", data, file).CombinedOutput(); err != nil {
		t.Fatalf("the second start: %v: %s", err, out)
	}
	headless := func(args ...string) []byte { t.Helper(); return d.headless(bin, data, args...) }
	d.xdotool("windowfocus", "--sync", window)
	d.until("the breach in the order book", func() bool {
		d.xdotool("key", "--window", window, "ctrl+Return") // does nothing before the preview is there
		var breaches []core.Breach
		return json.Unmarshal(headless("orders", "breaches"), &breaches) == nil && len(breaches) == 1 && breaches[0].Customer == "acme_1"
	})

	var told note
	select {
	case told = <-d.note:
	case <-time.After(wait):
		t.Fatal("no notification came")
	}
	if !strings.Contains(told.title+told.text, "acme") {
		t.Errorf("the notification does not name the customer: %+v", told)
	}

	// Closing the window leaves the tray; a click on the notification brings the window back.
	d.xdotool("key", "--window", window, "alt+F4")
	d.until("the window in the tray", func() bool { return !d.visible("Deskwatch") })
	d.click(told)
	d.until("the window back from the tray", func() bool { return d.visible("Deskwatch") })
	d.shot("breach")

	quit, ok := find(menu, "Quit")
	if !ok {
		t.Fatal("no Quit in the tray")
	}
	d.choose(item, quit)
	ended := make(chan error, 1)
	go func() { ended <- program.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("deskwatch ended with %v: %s", err, words.String())
		}
	case <-time.After(wait):
		d.shot("quit")
		t.Fatal("deskwatch did not quit")
	}
	var findings []core.Finding
	if err := json.Unmarshal(headless("doctor"), &findings); err != nil || len(findings) == 0 {
		t.Errorf("the doctor afterwards: %v", err)
	}
}

func find(menu []menuItem, label string) (menuItem, bool) {
	for _, m := range menu {
		if m.label == label {
			return m, true
		}
	}
	return menuItem{}, false
}
