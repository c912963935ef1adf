package settings

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
	"deskwatch/ui/kit/kittest"
)

// page shows a group of the settings of a fresh desk.
func page(t *testing.T, d *fakeDesk, group string) (*Tab, *kittest.Host) {
	t.Helper()
	test.NewTempApp(t)
	w := test.NewTempWindow(t, widget.NewLabel(""))
	h := &kittest.Host{Win: w}
	tab := New(d, h)
	t.Cleanup(tab.Close)
	w.SetContent(tab.Content())
	w.Resize(fyne.NewSize(1024, 700))
	tab.Open(group)
	return tab, h
}

func TestTheHoursOfADayReachTheDraft(t *testing.T) {
	d := &fakeDesk{set: core.DefaultSettings()}
	tab, _ := page(t, d, groupClock)
	if got := tab.clock.week.Lines[time.Friday].Text; got != "09:00-17:00" {
		t.Fatalf("Friday shows %q", got)
	}
	tab.clock.week.Lines[time.Friday].SetText("9-13, 14-18")
	tab.clock.week.Lines[time.Monday].SetText("")
	frames := tab.p.draft.Clock.Frames
	if len(frames) != 5 || frames[4] != (core.BusinessFrame{Day: time.Friday, From: 14 * 60, To: 18 * 60}) || frames[0].Day != time.Tuesday {
		t.Errorf("frames %v", frames)
	}
	tab.clock.week.Lines[time.Sunday].SetText("morning")
	if f := tab.p.form(); !strings.Contains(f.Problems["clock.frames"], "Sunday") || !slices.Equal(tab.p.draft.Clock.Frames, frames) {
		t.Errorf("problems %v, frames %v", f.Problems, tab.p.draft.Clock.Frames)
	}
	if !tab.save.Disabled() || tab.clock.example.Hidden {
		t.Error("hours that cannot be read can be saved, or have an example")
	}
	tab.p.revert()
	if got := tab.clock.week.Lines[time.Sunday].Text + tab.clock.week.Lines[time.Friday].Text; got != "09:00-17:00" || tab.p.form().Dirty {
		t.Errorf("after Revert Friday and Sunday show %q", got)
	}
}

func TestTheExampleFollowsTheDraftOnceItsPageIsOpen(t *testing.T) {
	d, v, _, p := started(t)
	p.edit("clock.zone", func(s *core.Settings) string { s.Clock.Zone = "UTC"; return "" })
	if len(d.clocks) != 0 {
		t.Fatal("asked for an example nobody sees")
	}
	p.openClock()
	if len(d.clocks) != 1 || d.clocks[0].Zone != "UTC" || !strings.HasSuffix(v.example.Text, "Monday 09:30") {
		t.Fatalf("asked %v, shown %q", d.clocks, v.example.Text)
	}
	p.edit("mail.host", host("x"))
	if len(d.clocks) != 1 {
		t.Error("asked again for the same clock")
	}
	d.clockErr = core.NewError(core.CodeNotFound, "", "The holidays file is away.", nil)
	p.edit("clock.holidays", func(s *core.Settings) string { s.Clock.HolidayICS = "x.ics"; return "" })
	if v.example != (outcome{"The holidays file is away.", kit.ToneBad}) {
		t.Errorf("shown %+v", v.example)
	}
	p.edit("clock.targets", func(*core.Settings) string { return "Write a number." })
	if n := len(d.clocks); n != 2 || v.example.Tone != kit.ToneMuted {
		t.Errorf("asked %d times, shown %+v", n, v.example)
	}
}

func TestTargetsAreAddedMovedAndRemoved(t *testing.T) {
	d := &fakeDesk{set: core.DefaultSettings()}
	tab, _ := page(t, d, groupClock)
	table := tab.clock.targets
	table.add()
	table.lines[3].product.SetText(" Spark ")
	table.lines[3].minutes.SetText("30")
	table.lines[3].priority.SetSelectedIndex(slices.Index(table.values, "low"))
	table.swap(3, 2)
	table.remove(0)
	want := []core.ReplyTarget{{Product: "", Priority: "high", Minutes: 120}, {Product: "Spark", Priority: "low", Minutes: 30}, {Product: "", Priority: core.PriorityAny, Minutes: 480}}
	if got := tab.p.draft.Clock.Targets; !slices.Equal(got, want) {
		t.Errorf("targets %v", got)
	}
	table.lines[0].minutes.SetText("soon")
	if f := tab.p.form(); f.Problems["clock.targets"] == "" || !slices.Equal(tab.p.draft.Clock.Targets, want) {
		t.Errorf("problems %v, targets %v", f.Problems, tab.p.draft.Clock.Targets)
	}
	tab.p.revert()
	if got, problem := table.read(); problem != "" || !slices.Equal(got, d.set.Clock.Targets) {
		t.Errorf("after Revert: %v, %s", got, problem)
	}
}

func TestWhatStopsTheClockIsChosenAmongOpenStatuses(t *testing.T) {
	tab, _ := page(t, &fakeDesk{set: core.DefaultSettings()}, groupClock)
	c := tab.clock.stops
	if c[core.TicketResolved] != nil || !c[core.TicketPending].Checked || c[core.TicketOpen].Checked {
		t.Fatalf("checks %v", c)
	}
	c[core.TicketHeld].SetChecked(false)
	c[core.TicketNew].SetChecked(true)
	if got := tab.p.draft.Clock.StoppedBy; !slices.Equal(got, []core.TicketStatus{core.TicketNew, core.TicketPending}) {
		t.Errorf("stopped by %v", got)
	}
	if tab.p.saved.Clock.StoppedBy[0] != core.TicketPending {
		t.Error("the saved settings changed with the draft")
	}
}

func TestAClockSavedElsewhereIsTakenOverUnlessItIsBeingEdited(t *testing.T) {
	d, v, _, p := started(t)
	other := cloned(d.set)
	other.Clock.Zone, other.Notify.BurstSecs = "Asia/Kolkata", 20
	p.hear(core.SettingsChanged{Settings: other})
	if v.set.Clock.Zone != "Asia/Kolkata" || v.set.Notify.BurstSecs != 20 || v.form.Dirty {
		t.Errorf("%+v, dirty %v", v.set.Clock, v.form.Dirty)
	}
	p.edit("clock.always", func(s *core.Settings) string { s.Clock.AlwaysOpen = true; return "" })
	p.edit("notify.tough", func(s *core.Settings) string { s.Notify.Tough = false; return "" })
	p.hear(core.SettingsChanged{Settings: d.set})
	if !v.set.Clock.AlwaysOpen || v.set.Notify.Tough || !v.form.Dirty {
		t.Errorf("what was typed is lost: %+v", v.set.Clock)
	}
	p.save()
	if len(d.saves) != 1 || !d.saves[0].Clock.AlwaysOpen || v.form.Dirty {
		t.Errorf("saved %v", d.saves)
	}
}
