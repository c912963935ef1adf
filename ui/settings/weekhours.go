package settings

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"deskwatch/ui/kit"
)

// weekHours is a line of text for the hours of every weekday.
type weekHours struct {
	root    fyne.CanvasObject
	entries [7]*widget.Entry // by weekday
}

// newWeekHours returns empty lines; empty is said of a day without hours, changed is called when
// a person has typed.
func newWeekHours(empty string, changed func()) *weekHours {
	w := &weekHours{}
	rows := container.New(layout.NewFormLayout())
	for _, d := range weekdays() {
		e := widget.NewEntry()
		e.SetPlaceHolder(empty)
		e.OnChanged = func(string) { changed() }
		w.entries[d] = e
		rows.Add(widget.NewLabel(weekdayName(d)))
		rows.Add(e)
	}
	w.root = rows
	return w
}

// read returns the hours of every day; problem names the day that cannot be read.
func (w *weekHours) read() (week [7][]hours, problem string) {
	for _, d := range weekdays() {
		list, ok := readHours(w.entries[d].Text)
		if !ok {
			return week, kit.T("The hours of %s cannot be read. Write them like 09:00-13:00, 14:00-18:00.", weekdayName(d))
		}
		week[d] = list
	}
	return week, ""
}

// show writes the hours of the days whose text says something else.
func (w *weekHours) show(of func(d time.Weekday) []hours) {
	for d, e := range w.entries {
		want := of(time.Weekday(d))
		if list, ok := readHours(e.Text); !ok || !slices.Equal(list, want) {
			e.SetText(hoursText(want))
		}
	}
}

func (w *weekHours) enable(on bool) {
	for _, e := range w.entries {
		if on {
			e.Enable()
		} else {
			e.Disable()
		}
	}
}
