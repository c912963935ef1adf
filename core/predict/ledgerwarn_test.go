package predict

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

// watcher plays the process that watches: it keeps what Enter says.
type watcher struct {
	now      time.Time
	warnings []Warning
}

// sees returns whom people are told of when the list is this; "b!" is listed in silence.
func (w *watcher) sees(capacity int, list ...string) string {
	var on []Listed
	for _, word := range list {
		id, silent := strings.CutSuffix(word, "!")
		on = append(on, Listed{Key: core.TicketKey{Source: "crm", ID: id}, Silent: silent})
	}
	entered, left := Enter(on, w.warnings, core.DayOf(w.now), w.now, capacity)
	for _, l := range left {
		for i := range w.warnings {
			if w.warnings[i].Key == l.Key && w.warnings[i].At.Equal(l.At) {
				w.warnings[i] = l
			}
		}
	}
	w.warnings = append(w.warnings, entered...)
	var told []string
	for _, e := range entered {
		if e.Told {
			told = append(told, e.Key.ID)
		}
	}
	return strings.Join(told, " ")
}

func TestWhoEntersTheListIsToldOfOnceAndOfSoManyADay(t *testing.T) {
	w := &watcher{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	for i, step := range []struct {
		after time.Duration
		list  string
		want  string
	}{
		{0, "a b", "a b"},
		{time.Minute, "a b", ""},
		{time.Minute, "c! a b", ""},              // known, but nobody's news
		{time.Minute, "d a e", "d"},              // the riskiest first: the day has three places
		{time.Minute, "e", ""},                   // no place left
		{time.Hour, "e a d", ""},                 // back soon is no news
		{24 * time.Hour, "e a d", "e"},           // a new day has room for who waited
		{time.Minute, "a", ""},                   // d leaves
		{time.Minute, "a d", ""},                 // and is back within a day and a half
		{time.Minute, "a", ""},                   //
		{40 * time.Hour, "a d", "d"},             // it left and came again; a stayed
		{time.Minute, "d a f g h i", "f g"},      //
		{time.Minute, "d a f g h i", ""},         //
		{40 * time.Hour, "c! a h", "h"},          // c left and is back in silence
		{time.Minute, "a h d f g", "d f"},        // d left for 40 hours
		{time.Minute, "a h d f g j k l m n", ""}, //
	} {
		w.now = w.now.Add(step.after)
		if got := w.sees(3, strings.Fields(step.list)...); got != step.want {
			t.Errorf("step %d (%s): told of %q, want %q", i, step.list, got, step.want)
		}
	}
	open := 0
	for _, x := range w.warnings {
		if x.Left.IsZero() {
			open++
		}
	}
	if open != 4 { // a h d f
		t.Errorf("%d tickets are on the list, want 4: %s", open, fmt.Sprint(w.warnings))
	}
}
