package logs

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"deskwatch/core"
	"deskwatch/ui/kit/kittest"
)

func TestAChosenLineIsShownWholeAndCopiedWhole(t *testing.T) {
	test.NewTempApp(t)
	long := strings.Repeat("a delivery was tried ", 40)
	d := &fakeDesk{lines: []core.LogLine{{Seq: 7, Time: time.Date(2026, 3, 1, 9, 5, 1, 0, time.Local), Level: "WARN", Where: "outbox", Text: long}}}
	host := &kittest.Host{}
	tab := New(d, host)
	host.Win = test.NewTempWindow(t, tab.Content())
	host.Win.Resize(fyne.NewSize(800, 500))
	t.Cleanup(tab.Close)
	if tab.detail.Visible() {
		t.Error("the pane is there before a line was chosen")
	}
	tab.grid.SelectKey("7")
	if !tab.detail.Visible() || tab.detail.text.Text != long || tab.detail.Size().Height < 100 || tab.detail.text.Size().Width > 800 {
		t.Errorf("visible %v, %v", tab.detail.Visible(), tab.detail.Size())
	}
	tab.copyLine(tab.detail.line)
	if got, want := fyne.CurrentApp().Clipboard().Content(), "2026-03-01 09:05:01.000  WARN  outbox  "+long; got != want {
		t.Errorf("copied %q", got)
	}
	tab.grid.ClearSelection()
	if tab.detail.Visible() {
		t.Error("the pane stays after nothing is chosen")
	}
}
