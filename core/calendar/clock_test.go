package calendar

import (
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"

	"github.com/google/go-cmp/cmp"
)

// asked is a question about an urgent ticket, whose first answer may take an hour, of Friday
// 8 May 2026, 16:30 in Madrid.
func asked(t testing.TB, c *Calendar, now string) core.ClockQuestion {
	return core.ClockQuestion{Product: "Spark", Priority: core.PriorityUrgent, Status: core.TicketOpen, Created: at(t, c, "2026-05-08 16:30"), Now: at(t, c, now)}
}

func goal(product, priority string, minutes int) core.ReplyTarget {
	return core.ReplyTarget{Product: product, Priority: priority, Minutes: minutes}
}

func TestTheClockRunsTurnsAmberAndRed(t *testing.T) {
	c := must(t, office())
	clock := NewClock(c, office())
	for _, tt := range []struct {
		now  string
		want core.ClockState
	}{
		{"2026-05-08 16:31", core.ClockRunning},
		{"2026-05-10 12:00", core.ClockRunning},
		{"2026-05-11 09:14", core.ClockRunning},
		{"2026-05-11 09:15", core.ClockAmber},
		{"2026-05-11 09:30", core.ClockAmber},
		{"2026-05-11 09:31", core.ClockRed},
	} {
		a := clock.Reply(asked(t, c, tt.now))
		if a.State != tt.want || !a.Due.Equal(at(t, c, "2026-05-11 09:30")) || !a.AmberFrom.Equal(at(t, c, "2026-05-11 09:15")) || a.Steps != nil {
			t.Errorf("at %s: %+v, want %s", tt.now, a, tt.want)
		}
	}
}

func TestAmberIsThreeQuartersOrFifteenMinutesOfBusinessTime(t *testing.T) {
	for minutes, want := range map[int]string{
		480: "2026-05-11 14:30", // three quarters
		40:  "2026-05-08 16:55", // 15 minutes of business time before Monday 09:10
		10:  "2026-05-08 16:30", // from the beginning
	} {
		s := office()
		s.Targets = []core.ReplyTarget{{Priority: core.PriorityAny, Minutes: minutes}}
		c := must(t, s)
		if a := NewClock(c, s).Reply(asked(t, c, "2026-05-08 16:30")); !a.AmberFrom.Equal(at(t, c, want)) {
			t.Errorf("%d minutes: amber from %v, want %s", minutes, a.AmberFrom, want)
		}
	}
}

func TestTheFirstTargetThatFitsCounts(t *testing.T) {
	s := office()
	s.AlwaysOpen = true
	s.Targets = []core.ReplyTarget{goal("spark ee", "urgent", 10), goal("Spark EE", core.PriorityAny, 20), goal("", "none", 0), goal("", "low", 30), goal("", core.PriorityAny, 40)}
	clock := NewClock(must(t, s), s)
	now := time.Date(2026, 5, 8, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		product  string
		priority core.Priority
		want     time.Duration
	}{
		{"Spark EE", core.PriorityUrgent, 10}, {"SPARK EE", core.PriorityNone, 20}, {"Kafka", core.PriorityLow, 30},
		{"", core.PriorityHigh, 40}, {"Kafka", core.PriorityNone, 0},
	} {
		a := clock.Reply(core.ClockQuestion{Product: tt.product, Priority: tt.priority, Created: now, Now: now})
		if tt.want == 0 && (a.State != core.ClockNone || !a.Due.IsZero()) || tt.want > 0 && a.Due.Sub(now) != tt.want*time.Minute {
			t.Errorf("%s, %s: %+v, want %d minutes", tt.product, tt.priority, a, tt.want)
		}
	}
}

func TestTimeInAStoppedStatusDoesNotCount(t *testing.T) {
	c := must(t, office())
	clock := NewClock(c, office())
	q := asked(t, c, "2026-05-11 10:00")
	q.History = []core.StatusStep{
		{At: q.Created, Status: core.TicketNew},
		{At: at(t, c, "2026-05-11 09:10"), Status: core.TicketPending},
		{At: at(t, c, "2026-05-11 09:20"), Status: core.TicketHeld},
		{At: at(t, c, "2026-05-11 09:40"), Status: core.TicketOpen},
	}
	if a := clock.Reply(q); a.State != core.ClockAmber || !a.Due.Equal(at(t, c, "2026-05-11 10:00")) {
		t.Errorf("stopped for half an hour: %+v", a)
	}
	q.Status, q.History = core.TicketPending, q.History[:2]
	for now, due := range map[string]string{"2026-05-11 09:30": "2026-05-11 09:50", "2026-05-12 08:00": "2026-05-12 09:20", "2026-05-12 16:50": "2026-05-13 09:10"} {
		q.Now = at(t, c, now)
		if a := clock.Reply(q); a.State != core.ClockStopped || !a.Due.Equal(at(t, c, due)) {
			t.Errorf("at %s: %+v, want stopped, due %s", now, a, due)
		}
	}
	q.History = nil // it was pending from the beginning
	if a := clock.Reply(q); a.State != core.ClockStopped || c.Between(q.Now, a.Due) != time.Hour {
		t.Errorf("without a history: %+v", a)
	}
}

func TestTheTimeATicketWasDoneDoesNotCount(t *testing.T) {
	c := must(t, office())
	clock := NewClock(c, office())
	q := asked(t, c, "2026-05-20 09:10") // opened again after days; a quarter of an hour was used before
	q.History = []core.StatusStep{
		{At: q.Created, Status: core.TicketNew},
		{At: at(t, c, "2026-05-08 16:45"), Status: core.TicketResolved},
		{At: at(t, c, "2026-05-12 16:45"), Status: core.TicketClosed},
		{At: at(t, c, "2026-05-20 09:00"), Status: core.TicketOpen},
	}
	q.Status = core.TicketOpen
	if a := clock.Reply(q); a.State != core.ClockRunning || !a.Due.Equal(at(t, c, "2026-05-20 09:45")) {
		t.Errorf("opened again: %+v", a)
	}
	// What was resolved in time is in time, though it was filed away days later.
	q.Status, q.History, q.Closed = core.TicketClosed, q.History[:3], at(t, c, "2026-05-12 16:45")
	if a := clock.Reply(q); a.State != core.ClockMet {
		t.Errorf("resolved in time: %+v", a)
	}
}

func TestAStopAfterTheDeadlineDoesNotMoveIt(t *testing.T) {
	c := must(t, office())
	q := asked(t, c, "2026-05-11 12:00")
	q.History = []core.StatusStep{{At: at(t, c, "2026-05-11 10:00"), Status: core.TicketPending}, {At: at(t, c, "2026-05-11 11:00"), Status: core.TicketOpen}}
	if a := NewClock(c, office()).Reply(q); a.State != core.ClockRed || !a.Due.Equal(at(t, c, "2026-05-11 09:30")) {
		t.Errorf("%+v", a)
	}
}

func TestAnAnswerMeetsOrMissesTheDeadline(t *testing.T) {
	c := must(t, office())
	clock := NewClock(c, office())
	for _, tt := range []struct {
		name   string
		want   core.ClockState
		change func(q *core.ClockQuestion)
	}{
		{"in time", core.ClockMet, func(q *core.ClockQuestion) { q.FirstReply = at(t, c, "2026-05-11 09:30") }},
		{"too late", core.ClockMissed, func(q *core.ClockQuestion) { q.FirstReply = at(t, c, "2026-05-11 09:31") }},
		{"before it began", core.ClockMet, func(q *core.ClockQuestion) { q.FirstReply = q.Created.Add(-time.Hour) }},
		{"late, and pending ever since", core.ClockMissed, func(q *core.ClockQuestion) {
			q.Status, q.FirstReply = core.TicketPending, at(t, c, "2026-05-11 12:00")
		}},
		{"late, after a stop", core.ClockMet, func(q *core.ClockQuestion) {
			q.History = []core.StatusStep{{At: q.Created, Status: core.TicketPending}, {At: at(t, c, "2026-05-11 11:00"), Status: core.TicketOpen}}
			q.FirstReply = at(t, c, "2026-05-11 11:30")
		}},
		{"closed in time without an answer", core.ClockMet, func(q *core.ClockQuestion) {
			q.Status, q.Closed = core.TicketClosed, at(t, c, "2026-05-08 16:59")
		}},
		{"resolved too late without an answer", core.ClockMissed, func(q *core.ClockQuestion) {
			q.Status, q.Closed = core.TicketResolved, at(t, c, "2026-05-12 10:00")
		}},
		{"answered, then closed late", core.ClockMet, func(q *core.ClockQuestion) {
			q.Status, q.FirstReply, q.Closed = core.TicketClosed, at(t, c, "2026-05-08 16:40"), q.Now
		}},
		{"closed nobody knows when", core.ClockNone, func(q *core.ClockQuestion) { q.Status = core.TicketClosed }},
		{"gone", core.ClockNone, func(q *core.ClockQuestion) { q.Gone = true }},
		{"begun nobody knows when", core.ClockNone, func(q *core.ClockQuestion) { q.Created = time.Time{} }},
	} {
		q := asked(t, c, "2026-05-20 12:00")
		tt.change(&q)
		a := clock.Reply(q)
		if a.State != tt.want || a.Due.IsZero() != (tt.want == core.ClockNone) {
			t.Errorf("%s: %+v, want %s", tt.name, a, tt.want)
		}
	}
}

func TestWithoutBusinessHoursNothingIsEverDue(t *testing.T) {
	s := office()
	s.Frames = nil
	c := must(t, s)
	if a := NewClock(c, s).Reply(asked(t, c, "2026-05-20 12:00")); a.State != core.ClockNone {
		t.Errorf("%+v", a)
	}
	if _, err := c.Example(spring); core.ErrorCode(err) != core.CodeInvalid {
		t.Errorf("example: %v", err)
	}
}

func TestTheExampleIsTheNextFriday(t *testing.T) {
	got, err := must(t, office()).Example(spring)
	if err != nil || got != "Friday 16:30 + 1 h → Monday 09:30" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err = must(t, office(), Holiday{Day: day(t, "2026-03-16")}).Example(spring); err != nil || got != "Friday 16:30 + 1 h → Tuesday 09:30" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestADeadlineIsExplained(t *testing.T) {
	c := must(t, office(), Holiday{day(t, "2026-05-11"), "Holy Day"}, Holiday{day(t, "2026-05-15"), "San Isidro"})
	clock := NewClock(c, office())
	q := asked(t, c, "2026-05-12 09:40")
	q.Explain = true
	q.History = []core.StatusStep{{At: at(t, c, "2026-05-12 09:05"), Status: core.TicketPending}, {At: at(t, c, "2026-05-12 09:20"), Status: core.TicketOpen}}
	texts := func(a core.ClockAnswer) (list []string) {
		for _, s := range a.Steps {
			list = append(list, s.Text)
		}
		return list
	}
	a := clock.Reply(q)
	want := []string{
		"Created Friday 16:30.",
		"An answer may take 1 h of business time, as clocks in Europe/Madrid show it.",
		"Counts 30 min: Friday 16:30 to 17:00.",
		"The weekend and 11 May (Holy Day) do not count.",
		"Counts 5 min: Tuesday 09:00 to 09:05.",
		"Stopped Tuesday 09:05 to 09:20 while pending.",
		"Counts 25 min: Tuesday 09:20 to 09:45.",
		"Due Tuesday 09:45.",
		"Amber since Tuesday 09:30: three quarters of the time are used, or 15 minutes of it are left.",
	}
	if d := cmp.Diff(want, texts(a)); d != "" {
		t.Error(d)
	}
	if !slices.IsSortedFunc(a.Steps[:8], func(a, b core.ClockStep) int { return a.At.Compare(b.At) }) {
		t.Errorf("not in the order of time: %v", a.Steps)
	}
	plain := q
	plain.Explain = false
	if p := clock.Reply(plain); p.State != a.State || !p.Due.Equal(a.Due) || p.Steps != nil {
		t.Errorf("explaining changes the answer: %+v and %+v", p, a)
	}
	q.Status, q.History = core.TicketPending, q.History[:1]
	if got := texts(clock.Reply(q)); got[5] != "Stopped since Tuesday 09:05 while pending." || got[len(got)-1] != "Due Tuesday 10:05 if the clock went on now." {
		t.Errorf("stopped: %q", got)
	}
	q.Status, q.History, q.Priority, q.Now = core.TicketOpen, nil, core.PriorityLow, at(t, c, "2026-06-20 12:00")
	s := office()
	s.Targets = []core.ReplyTarget{goal("", core.PriorityAny, 60*60)}
	want = []string{
		"Created Friday 8 May 16:30.",
		"An answer may take 60 h of business time, as clocks in Europe/Madrid show it.",
		"Counts 30 min: Friday 8 May 16:30 to 17:00.",
		"Counts 56 h from Tuesday 12 May 09:00 to Thursday 21 May 17:00, days that do not count left out.",
		"Counts 3 h 30 min: Friday 22 May 09:00 to 12:30.",
		"Due Friday 22 May 12:30.",
		"Answered Friday 22 May 12:31: 1 min too late.",
	}
	q.FirstReply = at(t, c, "2026-05-22 12:31")
	if d := cmp.Diff(want, texts(NewClock(c, s).Reply(q))); d != "" {
		t.Error(d)
	}
}

func TestALongWaitIsExplainedInFewWords(t *testing.T) {
	s := office()
	s.Targets = []core.ReplyTarget{goal("", core.PriorityAny, 100_000)}
	s.Frames = s.Frames[:1]
	c := must(t, s)
	q := asked(t, c, "2026-05-12 09:40")
	q.Explain = true
	a := NewClock(c, s).Reply(q)
	if last := a.Steps[len(a.Steps)-2].Text; len(a.Steps) > 20 || !strings.HasPrefix(last, "Due Monday ") {
		t.Errorf("%d steps: %v", len(a.Steps), a.Steps)
	}
}

func TestAnsweringTakesNoMemory(t *testing.T) {
	c := must(t, office())
	clock := NewClock(c, office())
	q := asked(t, c, "2026-05-11 09:40")
	q.History = []core.StatusStep{{At: q.Created, Status: core.TicketNew}, {At: q.Now.Add(-time.Hour), Status: core.TicketPending}, {At: q.Now.Add(-time.Minute), Status: core.TicketOpen}}
	if n := testing.AllocsPerRun(100, func() { clock.Reply(q) }); n > 0 {
		t.Errorf("%v allocations; a million tickets are asked", n)
	}
}

func BenchmarkReply(b *testing.B) {
	c := must(b, office())
	clock := NewClock(c, office())
	q := asked(b, c, "2026-05-11 09:40")
	for b.Loop() {
		clock.Reply(q)
	}
}
