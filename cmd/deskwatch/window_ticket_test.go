package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

// cases is a collector's envelope with one case per number.
func cases(numbers ...string) []byte {
	var list []string
	for _, n := range numbers {
		list = append(list, fmt.Sprintf(`{"Id":"id-%s","CaseNumber":"%s","Subject":"Spark job lost","Status":"New","Priority":"High","Account":{"Name":"Acme"},"CreatedDate":%q,"LastModifiedDate":%q}`,
			n, n, time.Now().UTC().Format(time.RFC3339), time.Now().UTC().Format(time.RFC3339)))
	}
	return []byte(`{"Agentname":"test","Updatetime":"now","Cases":[` + strings.Join(list, ",") + `]}`)
}

// TestADroppedTicketIsToldWithinASecondAndAClickOpensIt lets files fall into a watched folder
// while the built program runs: the first is the silent baseline, the next ones are told on the
// message bus, and a click on what is told opens the ticket in the real window.
func TestADroppedTicketIsToldWithinASecondAndAClickOpensIt(t *testing.T) {
	bin := builtPrograms(t)
	d := newDesktop(t)
	data, folder := filepath.Join(d.home, "data"), filepath.Join(d.home, "cases")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	drop := func(name string, numbers ...string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), cases(numbers...), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	headless := func(args ...string) []byte { t.Helper(); return d.headless(bin, data, args...) }
	kept := func() int64 {
		var page core.TicketPage
		if err := json.Unmarshal(headless("tickets", "list", "--limit", "1"), &page); err != nil {
			t.Fatal(err)
		}
		return page.Total
	}
	d.addUser(bin, data, "ana", "admin")
	headless("sources", "add", "cases", "--kind", "folder", "--folder", folder)
	drop("first.json", "TS0001", "TS0002")

	d.open(filepath.Join(bin, "deskwatch"), data)
	d.window("Deskwatch")
	d.until("the baseline in the pool", func() bool { return kept() == 2 })
	select {
	case told := <-d.note:
		t.Fatalf("the silent baseline was told: %+v", told)
	case <-time.After(time.Second):
	}

	// A busy machine may be late once; the fastest of three is what the program is capable of.
	var told note
	var number string
	fastest := time.Hour
	for i := range 3 {
		number = fmt.Sprintf("TS01%02d", i)
		began := time.Now()
		drop(number+".json", number)
		select {
		case told = <-d.note:
		case <-time.After(wait):
			d.shot("no-notice")
			t.Fatal("no notification came")
		}
		took := time.Since(began)
		t.Logf("from the file to the notification: %s", took.Round(time.Millisecond))
		if fastest = min(fastest, took); fastest < time.Second {
			break
		}
		time.Sleep(11 * time.Second) // longer than a burst, so that the next one is told at once
	}
	if fastest > time.Second {
		t.Errorf("the fastest notification came after %s, want less than a second", fastest)
	}
	if !strings.Contains(told.title+told.text, number) || !strings.Contains(told.title+told.text, "Acme") {
		t.Errorf("the notification does not name the ticket and its customer: %+v", told)
	}
	d.click(told)
	d.until("the ticket open in the window", func() bool { return d.visible(number) })
	d.shot("ticket")
}
