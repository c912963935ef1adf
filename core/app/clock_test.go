package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

const mayDay = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:Labour Day\r\nDTSTART;VALUE=DATE:20230501\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

// dueOf is when the answer to an urgent ticket of Friday 28 April 2023, 16:30 in Madrid, is due.
func dueOf(a *App) string {
	madrid := a.clockZone()
	start := time.Date(2023, 4, 28, 16, 30, 0, 0, madrid)
	return a.clockNow().Reply(core.ClockQuestion{Priority: core.PriorityUrgent, Created: start, Now: start}).Due.In(madrid).Format("Monday 2 January 15:04")
}

func TestTheClockFollowsTheSettingsAndKeepsTheLastGoodHolidays(t *testing.T) {
	d := newDesk(t)
	file := writeFile(t, "holidays.ics", mayDay)
	s := d.Settings()
	s.Clock.Zone = "Europe/Madrid"
	change := func(code core.Code, due string) {
		t.Helper()
		err := d.clockChanged(t.Context(), s)
		if got := dueOf(d.App); core.ErrorCode(err) != code || core.ErrorCode(d.clockTrouble()) != code || got != due {
			t.Errorf("due %s, err %v, want %s", got, err, due)
		}
	}
	change("", "Monday 1 May 09:30")
	s.Clock.HolidayICS = file
	change("", "Tuesday 2 May 09:30")
	s.Clock.HolidayICS = filepath.Join(t.TempDir(), "none.ics")
	change(core.CodeNotFound, "Tuesday 2 May 09:30")
	s.Clock.HolidayICS = t.TempDir()
	change(core.CodeNotFound, "Tuesday 2 May 09:30")
	s.Clock.HolidayICS = writeFile(t, "list.ics", "1 May\n")
	s.Clock.Targets = []core.ReplyTarget{{Priority: core.PriorityAny, Minutes: 90}}
	change(core.CodeInvalid, "Tuesday 2 May 10:00") // what is right is in force all the same
	s.Clock.HolidayICS = ""
	change("", "Monday 1 May 10:00")
	if err := os.WriteFile(filepath.Join(d.dir, "ours.ics"), []byte(strings.ReplaceAll(mayDay, "0501", "0502")), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Clock.HolidayICS = "ours.ics" // in the data folder
	s.Clock.Frames = s.Clock.Frames[1:]
	change("", "Wednesday 3 May 10:00")
}

func TestTheExampleIsOfTheSettingsGiven(t *testing.T) {
	d := newDesk(t)
	s := core.DefaultClockSettings()
	if got, err := d.ClockExample(s); err != nil || got != "Friday 16:30 + 1 h → Monday 09:30" {
		t.Errorf("%q, %v", got, err)
	}
	s.HolidayICS = writeFile(t, "july.ics", strings.ReplaceAll(mayDay, "20230501", "20230710"))
	if got, err := d.ClockExample(s); err != nil || got != "Friday 16:30 + 1 h → Tuesday 09:30" {
		t.Errorf("with a holiday: %q, %v", got, err)
	}
	s.HolidayICS += "x"
	if _, err := d.ClockExample(s); core.ErrorCode(err) != core.CodeNotFound || !strings.Contains(core.ErrorMessage(err), "july.icsx") {
		t.Errorf("without the file: %v", err)
	}
	if due := d.Settings().Clock.HolidayICS; due != "" || d.clockTrouble() != nil {
		t.Error("an example changed the settings in force")
	}
}

func TestATicketAnsweredInTimeAfterAStopIsShownAsItsAccountSays(t *testing.T) {
	d := newsDesk(t)
	ticket := d.of("1", "a", 0)
	ticket.Priority = core.PriorityHigh // two hours to answer
	becomes := func(after time.Duration, change func()) {
		d.clock.advance(after)
		ticket.UpdatedAt = d.clock.Now().UTC().Truncate(time.Second)
		change()
		d.takes(t, ticket)
	}
	becomes(0, func() {})
	becomes(30*time.Minute, func() { ticket.Status = core.TicketPending })
	becomes(3*time.Hour, func() { ticket.Status = core.TicketOpen })
	becomes(30*time.Minute, func() { ticket.FirstReplyAt = ticket.UpdatedAt })
	got, err := d.TicketDetail(t.Context(), 1)
	if err != nil || got.Clock != core.ClockMet || !got.Due.Equal(ticket.CreatedAt.Add(5*time.Hour)) {
		t.Errorf("%s, due %s, %v: %+v", got.Clock, got.Due, err, got.ClockSteps)
	}
}
