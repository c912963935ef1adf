package kit

import (
	"slices"
	"time"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// WeekHours is a line of text for the hours of every weekday.
type WeekHours struct {
	Box
	Lines [7]*Answer // by weekday
}

// NewWeekHours returns empty lines; empty is said of a day without hours, changed is called when
// a person has typed.
func NewWeekHours(empty string, changed func()) *WeekHours {
	w := &WeekHours{}
	rows := container.New(layout.NewFormLayout())
	for _, d := range Weekdays() {
		e := NewAnswer(empty)
		e.OnChanged = func(string) { changed() }
		w.Lines[d] = e
		rows.Add(widget.NewLabel(WeekdayName(d)))
		rows.Add(e)
	}
	w.Hold(w, rows)
	return w
}

// Read returns the hours of every day; problem names the day that cannot be read.
func (w *WeekHours) Read() (week [7][]Hours, problem string) {
	for _, d := range Weekdays() {
		list, ok := readHours(w.Lines[d].Text)
		if !ok {
			return week, T("The hours of %s cannot be read. Write them like 09:00-13:00, 14:00-18:00.", WeekdayName(d))
		}
		week[d] = list
	}
	return week, ""
}

// Fill writes the hours of the days whose text says something else.
func (w *WeekHours) Fill(of func(d time.Weekday) []Hours) {
	for d, e := range w.Lines {
		want := of(time.Weekday(d))
		if list, ok := readHours(e.Text); !ok || !slices.Equal(list, want) {
			e.SetText(hoursText(want))
		}
	}
}

// Enable says whether hours can be typed.
func (w *WeekHours) Enable(on bool) {
	for _, e := range w.Lines {
		Enable(e, on)
	}
}
