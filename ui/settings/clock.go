package settings

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// clockGroup is when time counts, how long an answer may take, and what stops the clock.
type clockGroup struct {
	week     *kit.WeekHours
	holidays *widget.Entry
	targets  *targetTable
	stops    map[core.TicketStatus]*widget.Check
	// The example is the sum of when the hour begins and ends, or a sentence why there is none.
	example      *kit.Prose
	begins, ends *kit.Line
	sum          *fyne.Container
}

func (t *Tab) buildClock() fyne.CanvasObject {
	c := &t.clock
	c.example, c.begins, c.ends = kit.Paragraph(""), kit.NewLine("", kit.ToneNormal), kit.NewLine("", kit.ToneNormal)
	c.sum = kit.Padded(8, container.NewHBox(c.begins, c.ends))
	c.sum.Hide()
	return container.NewVBox(
		kit.Section(kit.T("Reply clock"), kit.T("How long a customer waits for the first answer is counted in business time."),
			t.text("clock.zone", kit.T("Time zone"), kit.T("Such as Europe/Madrid. Empty: the zone of this machine."), func(s *core.Settings) *string { return &s.Clock.Zone }),
			t.toggle("clock.always", kit.T("Around the clock"), kit.T("Every hour counts"), kit.T("Day and night, on weekends and holidays too."), func(s *core.Settings) *bool { return &s.Clock.AlwaysOpen }),
			t.buildHours(), t.buildHolidays(),
			kit.NewField(kit.T("For example"), container.NewVBox(c.sum, c.example), "")),
		kit.Section(kit.T("Reply targets"), kit.T("The first line that fits a ticket counts. Minutes of business time; 0 means no target."), t.buildTargets()),
		kit.Section(kit.T("What stops the clock"), "", t.buildStops()),
	)
}

func (t *Tab) buildHours() *kit.Field {
	c := &t.clock
	const name = "clock.frames"
	c.week = kit.NewWeekHours(kit.T("closed"), func() {
		if t.filling {
			return
		}
		t.p.edit(name, func(s *core.Settings) string {
			week, problem := c.week.Read()
			if problem != "" {
				return problem
			}
			s.Clock.Frames = nil
			for _, d := range kit.Weekdays() {
				for _, h := range week[d] {
					s.Clock.Frames = append(s.Clock.Frames, core.BusinessFrame{Day: d, From: h.From, To: h.To})
				}
			}
			return ""
		})
	})
	f := kit.NewField(kit.T("Business hours"), c.week, kit.T("Several with commas between: 09:00-13:00, 14:00-18:00."))
	t.bind(name, f, func(s core.Settings) {
		c.week.Fill(func(d time.Weekday) []kit.Hours { return businessHours(s.Clock.Frames, d) })
	})
	return f
}

func (t *Tab) buildHolidays() *kit.Field {
	c := &t.clock
	const name = "clock.holidays"
	set := func(path string) {
		t.p.edit(name, func(s *core.Settings) string { s.Clock.HolidayICS = strings.TrimSpace(path); return "" })
	}
	c.holidays = widget.NewEntry()
	c.holidays.SetPlaceHolder(kit.T("No holidays"))
	c.holidays.OnChanged = t.typed(set)
	f := kit.NewField(kit.T("Holidays file"), t.chooser(c.holidays, ".ics", ".ical", ".ifb"),
		kit.T("A calendar (.ics). Days that an event of it covers whole do not count."))
	t.bind(name, f, func(s core.Settings) {
		if strings.TrimSpace(c.holidays.Text) != s.Clock.HolidayICS {
			c.holidays.SetText(s.Clock.HolidayICS)
		}
	})
	return f
}

// buildStops lists the statuses of open tickets; the others end the clock.
func (t *Tab) buildStops() *kit.Field {
	c := &t.clock
	const name = "clock.stopped_by"
	c.stops = map[core.TicketStatus]*widget.Check{}
	row := container.NewHBox()
	for _, status := range core.TicketStatuses() {
		if status.Done() {
			continue
		}
		check := widget.NewCheck(kit.TicketStatus(status), func(on bool) {
			if t.filling {
				return
			}
			t.p.edit(name, func(s *core.Settings) string {
				list := slices.DeleteFunc(slices.Clone(s.Clock.StoppedBy), func(o core.TicketStatus) bool { return o == status })
				if on {
					list = append(list, status)
				}
				slices.Sort(list)
				s.Clock.StoppedBy = list
				return ""
			})
		})
		c.stops[status] = check
		row.Add(check)
	}
	f := kit.NewField(kit.T("Stops while"), row, kit.T("The clock stands while a ticket has one of these statuses. An answer, or the end of the ticket, ends it."))
	t.bind(name, f, func(s core.Settings) {
		for status, check := range c.stops {
			check.SetChecked(slices.Contains(s.Clock.StoppedBy, status))
		}
	})
	return f
}

// showExample shows what the clock makes of an hour. What follows the arrow is a text of its own:
// the fonts draw a blank behind an arrow as a sign they do not know.
func (t *Tab) showExample(o outcome) {
	c := &t.clock
	text := o.Text
	for _, d := range kit.Weekdays() { // the core writes them in English
		text = strings.ReplaceAll(text, d.String(), kit.WeekdayName(d))
	}
	start, end, ok := strings.Cut(text, "→ ")
	if ok {
		c.begins.SetText(start + "→")
		c.ends.SetText(end)
	} else {
		c.example.Set(o.Text, o.Tone)
	}
	c.sum.Hidden, c.example.Hidden = !ok, ok
	t.body.Refresh()
}

// showClock follows the choice of every hour.
func (t *Tab) showClock(s core.ClockSettings) {
	t.clock.week.Enable(!s.AlwaysOpen)
}

// businessHours are the hours of a day among the frames.
func businessHours(frames []core.BusinessFrame, day time.Weekday) (list []kit.Hours) {
	for _, f := range frames {
		if f.Day == day {
			list = append(list, kit.Hours{From: f.From, To: f.To})
		}
	}
	return list
}
