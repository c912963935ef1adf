package notify

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

// waitingFor is a notice for somebody's ear.
func waitingFor(id int64, person, via string, at time.Time) core.Notice {
	return core.Notice{
		ID: id, At: at, Kind: core.NoticeNew, Person: person, Via: via, TicketNo: uint32(id),
		Key: core.TicketKey{Source: "file", ID: fmt.Sprint(id)}, Number: fmt.Sprint("TS", id), Text: fmt.Sprint("TS", id), Rank: int(id),
	}
}

// audio is a Teller with what waits for it.
type audio struct {
	*Teller
	waiting []core.Notice
	ears    []Ear
	rules   Rules
}

func newAudio(ears ...Ear) *audio {
	return &audio{Teller: NewTeller(), ears: ears, rules: Rules{Burst: 10 * time.Second, Zone: time.UTC}}
}

// at decides, takes away what is told, and writes it as "how:ID,ID".
func (a *audio) at(now time.Time) (string, time.Time) {
	v := a.Decide(now, a.waiting, a.ears, a.rules)
	var words []string
	told := map[int64]bool{}
	for _, t := range v.Tell {
		var ids []string
		for _, n := range t.Notices {
			told[n.ID] = true
			ids = append(ids, fmt.Sprint(n.ID))
		}
		words = append(words, t.How+":"+strings.Join(ids, ","))
	}
	for _, n := range v.Late {
		told[n.ID] = true
		words = append(words, fmt.Sprint("late:", n.ID))
	}
	var left []core.Notice
	for _, n := range a.waiting {
		if !told[n.ID] {
			left = append(left, n)
		}
	}
	a.waiting = left
	return strings.Join(words, " "), v.Next
}

func (a *audio) comes(ids ...int64) *audio { return a.comesAt(noon, ids...) }

func (a *audio) comesAt(at time.Time, ids ...int64) *audio {
	for _, id := range ids {
		a.waiting = append(a.waiting, waitingFor(id, a.ears[0].Person, a.ears[0].Via, at))
	}
	return a
}

func (a *audio) want(t *testing.T, now time.Time, want string, next time.Time) {
	t.Helper()
	if got, at := a.at(now); got != want || !at.Equal(next) {
		t.Errorf("at %s: %q, again at %s; want %q, %s", now.Format(time.RFC3339), got, at, want, next)
	}
}

var desk = Ear{Via: core.ViaDesktop}

func TestTheFirstIsToldAtOnceAndWhatFollowsTogether(t *testing.T) {
	a := newAudio(desk)
	sec := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Second) }
	a.want(t, noon, "", time.Time{})
	a.comes(1).want(t, noon, "single:1", time.Time{})
	a.comes(2, 4).want(t, sec(1), "", sec(10))
	a.comes(3).want(t, sec(9), "", sec(10))
	a.want(t, sec(10), "burst:4,3,2", time.Time{}) // the most pressing first
	a.comes(5).want(t, sec(12), "", sec(20))       // that was the beginning of the next burst
	a.want(t, sec(20), "single:5", time.Time{})
	a.comes(6).want(t, sec(31), "single:6", time.Time{}) // rested meanwhile
	a.comes(7, 8).want(t, sec(60), "burst:8,7", time.Time{})
}

func TestWithoutABurstEverythingIsToldAtOnce(t *testing.T) {
	a := newAudio(desk)
	a.rules.Burst = 0
	a.comes(1).want(t, noon, "single:1", time.Time{})
	a.comes(2).want(t, noon, "single:2", time.Time{})
}

func TestAClockThatIsSetBackKeepsNobodyWaiting(t *testing.T) {
	a := newAudio(desk)
	a.comes(1).want(t, noon, "single:1", time.Time{})
	a.comes(2).want(t, noon.Add(-time.Hour), "single:2", time.Time{})
}

func TestQuietHoursEndWithOneRankedSummary(t *testing.T) {
	a := newAudio(Ear{Person: "Ana", Via: core.ViaDesktop, Quiet: []core.QuietFrame{{Day: time.Monday, From: 12 * 60, To: 13 * 60}}})
	one := noon.Add(time.Hour)
	a.comes(1).want(t, noon.Add(55*time.Minute), "", one)
	a.comesAt(one.Add(-time.Minute), 3, 2).want(t, one.Add(-time.Second), "", one)
	a.want(t, one, "summary:3,2,1", time.Time{})
	a.comesAt(one, 4).want(t, one.Add(10*time.Second), "single:4", time.Time{}) // and then as ever
}

func TestWhatEndsQuietHoursAloneIsASummaryToo(t *testing.T) {
	a := newAudio(Ear{Person: "Ana", Via: core.ViaDesktop, Quiet: []core.QuietFrame{{Day: time.Monday, From: 12 * 60, To: 13 * 60}}})
	last := noon.Add(59 * time.Minute)
	a.comesAt(last, 1).want(t, last, "", noon.Add(time.Hour))
	a.want(t, noon.Add(time.Hour), "summary:1", time.Time{})
}

func TestAPauseHoldsEverythingBackUntilItEnds(t *testing.T) {
	a := newAudio(desk)
	a.rules.Paused, a.rules.PausedUntil = true, noon.Add(time.Minute)
	a.comes(1, 2).want(t, noon, "", noon.Add(time.Minute))
	a.want(t, noon.Add(time.Minute), "summary:2,1", time.Time{})
	a.rules.PausedUntil = time.Time{}
	a.comes(3).want(t, noon.Add(time.Hour), "", time.Time{}) // until resumed: nothing to wait for
	a.rules.Paused = false
	a.want(t, noon.Add(2*time.Hour), "summary:3", time.Time{})
}

func TestAfterALongGapThereIsOneCatchUp(t *testing.T) {
	a := newAudio(desk)
	a.comes(1, 2).comesAt(noon.Add(8*time.Hour), 3)
	a.want(t, noon.Add(8*time.Hour), "summary:3,2,1", time.Time{})
	a = newAudio(desk)
	a.comes(1).want(t, noon.Add(10*time.Minute), "single:1", time.Time{})
	a.comes(2).want(t, noon.Add(21*time.Minute), "summary:2", time.Time{})
}

func TestNewsThatIsAWeekOldOrForNobodyIsGivenUp(t *testing.T) {
	a := newAudio(desk)
	a.comes(1)
	a.waiting = append(a.waiting, waitingFor(2, "Gone", core.ViaMail, noon))
	a.want(t, noon.Add(7*24*time.Hour+time.Second), "late:1 late:2", time.Time{})
	a.waiting = append(a.waiting, waitingFor(3, "Gone", core.ViaMail, noon))
	a.want(t, noon, "late:3", time.Time{})
}

func TestEverybodysEarsAreTheirOwn(t *testing.T) {
	ana := Ear{Person: "Ana", Via: core.ViaMail, Quiet: []core.QuietFrame{{Day: time.Monday, From: 12 * 60, To: 13 * 60}}}
	a := newAudio(desk, ana, Ear{Person: "Bob", Via: core.ViaMail})
	a.waiting = []core.Notice{waitingFor(1, "Ana", core.ViaMail, noon), waitingFor(2, "Bob", core.ViaMail, noon), waitingFor(3, "Someone", core.ViaDesktop, noon)}
	a.want(t, noon, "single:3 single:2", noon.Add(time.Hour))
	// Mail is gathered for two minutes, however short a burst is.
	a.waiting = append(a.waiting, waitingFor(4, "Bob", core.ViaMail, noon))
	a.want(t, noon.Add(time.Minute), "", noon.Add(2*time.Minute))
	a.want(t, noon.Add(2*time.Minute), "single:4", noon.Add(time.Hour))
}

func TestWhatIsNotMarkedToldComesAgainAfterTheBurst(t *testing.T) {
	teller := NewTeller()
	waiting := []core.Notice{waitingFor(1, "", core.ViaDesktop, noon)}
	rules := Rules{Burst: 10 * time.Second, Zone: time.UTC}
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{0, 1}, {time.Second, 0}, {10 * time.Second, 1}} {
		if v := teller.Decide(noon.Add(c.after), waiting, []Ear{desk}, rules); len(v.Tell) != c.want {
			t.Errorf("after %s told %d times, want %d", c.after, len(v.Tell), c.want)
		}
	}
}

func TestOfTicketsAtRiskNobodyHasMoreThanOneMailADay(t *testing.T) {
	a := newAudio(Ear{Person: "Lea", Via: core.ViaMail, Email: "lea@desk.test"}, Ear{Person: "Lea", Via: core.ViaDesktop}, Ear{Person: "Eva", Via: core.ViaMail, Email: "eva@desk.test"})
	atRisk := func(id int64, person, via string) {
		n := waitingFor(id, person, via, noon)
		n.Kind = core.NoticeAtRisk
		a.waiting = append(a.waiting, n)
	}
	atRisk(1, "Lea", core.ViaMail)
	atRisk(2, "Lea", core.ViaDesktop)
	atRisk(3, "Eva", core.ViaMail)
	a.waiting = append(a.waiting, waitingFor(4, "Lea", core.ViaMail, noon))
	a.rules.AtRiskMailed = map[string]bool{"Lea": true}
	if got, _ := a.at(noon); got != "single:4 single:2 single:3" {
		t.Errorf("told %q; want all but Lea's second mail of the day", got)
	}
	a.rules.AtRiskMailed = nil
	if got, _ := a.at(noon.Add(12 * time.Hour)); got != "summary:1" {
		t.Errorf("told %q on the next day", got)
	}
}
