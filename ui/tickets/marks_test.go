package tickets

import (
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

func newMarks(t *testing.T, desk *fakeDesk) (*marks, func() int, func()) {
	b, host, _ := newBench(t, desk, nil)
	after := 0
	m := &marks{bench: b, after: func() { after++ }}
	return m, func() int { return after }, func() { host.Actions[len(host.Actions)-1]() }
}

func TestAcknowledgingIsUndoneToWhatStoodBefore(t *testing.T) {
	old := core.Attention{Kind: core.Acknowledge, Comment: "known", Until: noon().Add(2 * time.Hour).UTC()}
	desk := &fakeDesk{views: func(nos []uint32) ([]core.TicketView, error) {
		v := viewsOf(nos)
		v[1].Acknowledged = &old
		return v, nil
	}}
	m, after, undo := newMarks(t, desk)
	m.Mark(core.Acknowledge, []uint32{1, 2, 3}, " outage ", noon())
	undo()
	want := []string{"ack 1 2 3 outage " + noon().Format("15:04"), "unack 1 3", "ack 2 known " + old.Until.Format("15:04")}
	if !slices.Equal(desk.done, want) {
		t.Fatalf("did %q, want %q", desk.done, want)
	}
	if after() != 2 {
		t.Fatalf("reloaded %d times", after())
	}
}

func TestAssigningIsUndone(t *testing.T) {
	desk := &fakeDesk{}
	m, _, undo := newMarks(t, desk)
	m.Assign([]uint32{7}, " Ana ")
	undo()
	if want := []string{"assign 7 Ana", "assign 7 "}; !slices.Equal(desk.done, want) {
		t.Fatalf("did %q", desk.done)
	}
}

func TestMarkingVeryManyTicketsReadsNoneOfThem(t *testing.T) {
	desk := &fakeDesk{}
	b, host, _ := newBench(t, desk, nil)
	m := &marks{bench: b, after: func() {}}
	m.Mark(core.Snooze, numbers(undoMost+1), "", noon())
	if len(desk.read) != 0 || len(host.Actions) != 0 || len(host.Toasts) != 1 {
		t.Fatalf("%d reads, %d undo buttons, %d toasts", len(desk.read), len(host.Actions), len(host.Toasts))
	}
}

func TestAFlagIsUndoneToTheOneBefore(t *testing.T) {
	desk := &fakeDesk{}
	m, _, undo := newMarks(t, desk)
	m.SetFlag(core.ToughFlag{Tough: true, Note: "calls daily"}, nil)
	undo()
	m.SetFlag(core.ToughFlag{Tough: false, Note: "new staff"}, &core.ToughFlag{Tough: true, Note: "calls daily"})
	undo()
	want := []string{"flag true calls daily", "unflag", "flag false new staff", "flag true calls daily"}
	if !slices.Equal(desk.done, want) {
		t.Fatalf("did %q", desk.done)
	}
}

func TestAMomentIsReadAsPeopleWriteIt(t *testing.T) {
	day := func(d, h, m int) time.Time { return time.Date(2026, 6, d, h, m, 0, 0, time.Local) }
	for text, want := range map[string]time.Time{
		"2026-06-20 14:30": day(20, 14, 30), " 2026-06-16 ": day(16, 9, 0), "14:00": day(15, 14, 0), "09:00": day(16, 9, 0),
	} {
		if got, ok := readMoment(text, noon()); !ok || !got.Equal(want) {
			t.Errorf("%q is %v %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "soon", "2026-06-01", "2026-02-31 10:00"} {
		if got, ok := readMoment(text, noon()); ok {
			t.Errorf("%q was taken for %v", text, got)
		}
	}
}

func TestWhoAcknowledgedSnoozedOrFlaggedIsNamed(t *testing.T) {
	for want, got := range map[string]string{
		"Acknowledged by ana ":     attentionText(core.Attention{Kind: core.Acknowledge, At: noon(), By: "ana"}, noon()),
		"Snoozed by ana ":          attentionText(core.Attention{Kind: core.Snooze, At: noon(), By: "ana"}, noon()),
		"Flagged as tough by ana ": flagText(core.ToughFlag{Tough: true, At: noon(), By: "ana"}, noon()),
		"Flagged as fine by ana ":  flagText(core.ToughFlag{At: noon(), By: "ana"}, noon()),
		"Acknowledged 12":          attentionText(core.Attention{Kind: core.Acknowledge, At: noon()}, noon()),
		"Flagged as fine ":         flagText(core.ToughFlag{At: noon(), Note: "calm"}, noon()),
	} {
		if !strings.HasPrefix(got, want) {
			t.Errorf("%q does not begin with %q", got, want)
		}
	}
	if got := flagText(core.ToughFlag{At: noon(), Note: "calm"}, noon()); !strings.HasSuffix(got, " “calm”") {
		t.Errorf("without what was written: %q", got)
	}
}
