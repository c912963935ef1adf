package settings

import (
	"strings"
	"testing"
	"time"

	"deskwatch/core"

	"github.com/google/go-cmp/cmp"
)

func TestCheckNamesWhatIsWrongWithTheClockAndTheNotices(t *testing.T) {
	monday := func(from, to int) core.BusinessFrame {
		return core.BusinessFrame{Day: time.Monday, From: from, To: to}
	}
	for _, tt := range []struct {
		name, says string
		change     func(*core.Settings)
	}{
		{"clock.zone", "Mars/Olympus", func(s *core.Settings) { s.Clock.Zone = "Mars/Olympus" }},
		{"clock.frames", "at least one", func(s *core.Settings) { s.Clock.Frames = nil }},
		{"clock.frames", "Monday from 17:00 to 09:00", func(s *core.Settings) { s.Clock.Frames[0] = monday(1020, 540) }},
		{"clock.frames", "24:01", func(s *core.Settings) { s.Clock.Frames[0] = monday(0, 1441) }},
		{"clock.frames", "minute -1", func(s *core.Settings) { s.Clock.Frames[0] = monday(-1, 60) }},
		{"clock.frames", "Monday overlap at 16:59", func(s *core.Settings) { s.Clock.Frames = append(s.Clock.Frames, monday(16*60+59, 18*60)) }},
		{"clock.frames", "0, Sunday", func(s *core.Settings) { s.Clock.Frames[0].Day = 7 }},
		{"clock.frames", "at most 100", func(s *core.Settings) { s.Clock.Frames = make([]core.BusinessFrame, 101) }},
		{"clock.holidays", "line break", func(s *core.Settings) { s.Clock.HolidayICS = "a\nb" }},
		{"clock.targets", "reply target 2", func(s *core.Settings) { s.Clock.Targets[1].Priority = "soon" }},
		{"clock.targets", "100000", func(s *core.Settings) { s.Clock.Targets[0].Minutes = 100_001 }},
		{"clock.targets", "-1", func(s *core.Settings) { s.Clock.Targets[0].Minutes = -1 }},
		{"clock.targets", "product", func(s *core.Settings) { s.Clock.Targets[0].Product = strings.Repeat("x", 201) }},
		{"clock.targets", "at most 200", func(s *core.Settings) { s.Clock.Targets = make([]core.ReplyTarget, 201) }},
		{"clock.stopped_by", "status(99)", func(s *core.Settings) { s.Clock.StoppedBy = []core.TicketStatus{99} }},
		{"notify.me", "people", func(s *core.Settings) { s.Notify.Me = "a\tb" }},
		{"notify.risk_from", "100", func(s *core.Settings) { s.Notify.RiskFrom = 0 }},
		{"notify.tough_from", "100", func(s *core.Settings) { s.Notify.ToughFrom = 101 }},
		{"notify.burst", "300", func(s *core.Settings) { s.Notify.BurstSecs = 301 }},
		{"notify.lead_after", "240", func(s *core.Settings) { s.Notify.LeadMinutes = 241 }},
	} {
		s := core.DefaultSettings()
		tt.change(&s)
		if p := Check(s); len(p) != 1 || p[0].Name != tt.name || !strings.HasSuffix(p[0].Message, ".") || !strings.Contains(p[0].Message, tt.says) {
			t.Errorf("%s: got %v", tt.name, p)
		}
	}
}

func TestAClockAroundTheClockNeedsNoBusinessHours(t *testing.T) {
	s := core.DefaultSettings()
	s.Clock.Frames, s.Clock.AlwaysOpen, s.Clock.Zone = nil, true, "Asia/Kolkata"
	s.Clock.Targets, s.Clock.StoppedBy = nil, nil
	if p := Check(s); p != nil {
		t.Error(p)
	}
	s = core.DefaultSettings()
	s.Clock.Frames = append(s.Clock.Frames, core.BusinessFrame{Day: time.Monday, From: 17 * 60, To: 24 * 60})
	if p := Check(s); p != nil {
		t.Errorf("frames that touch: %v", p)
	}
}

func TestTheClockIsSetByName(t *testing.T) {
	s := core.DefaultSettings()
	for _, pair := range [][2]string{
		{"clock.zone", "Europe/Madrid"}, {"clock.always", "true"},
		{"clock.frames", `[{"day":6,"from":600,"to":840}]`}, {"clock.stopped_by", `["held"]`},
		{"clock.targets", `[{"product":"Spark","priority":"urgent","minutes":30}]`}, {"notify.burst", "0"},
	} {
		var err error
		if s, err = Set(s, pair[0], pair[1]); err != nil {
			t.Fatal(err)
		}
	}
	want := core.ClockSettings{Zone: "Europe/Madrid", AlwaysOpen: true, StoppedBy: []core.TicketStatus{core.TicketHeld},
		Frames: []core.BusinessFrame{{Day: time.Saturday, From: 600, To: 840}}, Targets: []core.ReplyTarget{{Product: "Spark", Priority: "urgent", Minutes: 30}}}
	if d := cmp.Diff(want, s.Clock); d != "" || s.Notify.BurstSecs != 0 {
		t.Error(d, s.Notify.BurstSecs)
	}
	for name, value := range map[string]string{"clock.frames": "09:00-17:00", "clock.stopped_by": `["asleep"]`, "clock.targets": "60"} {
		_, err := Set(s, name, value)
		if m := core.ErrorMessage(err); core.ErrorCode(err) != core.CodeInvalid || !strings.Contains(m, "such as [") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheListsOfTheClockBelongToTheirHolder(t *testing.T) {
	s := New(&memoryRepository{}, func(core.Settings) {})
	c := s.Current()
	c.Clock.Frames[0].From, c.Clock.Targets[0].Minutes, c.Clock.StoppedBy[0] = 1, 1, core.TicketNew
	if d := cmp.Diff(core.DefaultSettings(), s.Current()); d != "" {
		t.Error(d)
	}
}

func TestAStoredClockWithoutHoursFallsBackToTheDefaultHours(t *testing.T) {
	repo := &memoryRepository{groups: map[string][]byte{"clock": []byte(`{"zone":"Europe/Madrid","frames":null}`)}}
	s := New(repo, func(core.Settings) {})
	problems, err := s.Load(t.Context())
	want := core.DefaultSettings()
	want.Clock.Zone = "Europe/Madrid"
	if d := cmp.Diff(want, s.Current()); err != nil || len(problems) != 1 || problems[0].Name != "clock.frames" || d != "" {
		t.Error(problems, err, d)
	}
}
