package schedule

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"deskwatch/core"

	"github.com/jonboulle/clockwork"
)

var morning = time.Date(2023, 6, 15, 7, 0, 0, 0, time.UTC)

// wallClock is a clock whose timers stand still while the machine sleeps, as they do on Linux.
type wallClock struct {
	*clockwork.FakeClock
	mu    sync.Mutex
	slept time.Duration
}

func (c *wallClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.FakeClock.Now().Add(c.slept)
}

func (c *wallClock) sleep(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slept += d
}

// notebook is a Memory.
type notebook struct {
	mu  sync.Mutex
	ran map[string]time.Time
}

func (n *notebook) LastRun(_ context.Context, job string) (time.Time, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.ran[job], nil
}

func (n *notebook) SetLastRun(_ context.Context, job string, at time.Time) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ran[job] = at
	return nil
}

// bench is a Runner on a clock of its own, with a record of what ran.
type bench struct {
	*Runner
	clock   *wallClock
	memory  *notebook
	ran     chan string
	reports chan error
}

func newBench(t *testing.T) *bench {
	b := &bench{
		clock:  &wallClock{FakeClock: clockwork.NewFakeClockAt(morning)},
		memory: &notebook{ran: map[string]time.Time{}},
		ran:    make(chan string, 100), reports: make(chan error, 100),
	}
	b.restart(t)
	return b
}

func (b *bench) restart(t *testing.T) {
	t.Helper()
	if b.Runner != nil {
		if err := b.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	b.Runner, err = New(Options{Clock: b.clock, Memory: b.memory, Location: time.UTC, Report: func(_ string, err error) { b.reports <- err }})
	if err != nil {
		t.Fatal(err)
	}
	runner := b.Runner
	t.Cleanup(func() {
		if err := runner.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

func (b *bench) set(t *testing.T, jobs ...Job) {
	t.Helper()
	if err := b.Set(t.Context(), jobs); err != nil {
		t.Fatal(err)
	}
}

// daily is a job at 8:00 that catches up.
func (b *bench) daily() Job {
	return Job{Name: "check", Schedule: core.Schedule{Kind: core.ScheduleDaily, Hour: 8}, CatchUp: true,
		Run: func(context.Context) error { b.ran <- "check"; return nil }}
}

// advance lets time pass, in steps a ticker keeps up with, once n timers wait.
func (b *bench) advance(t *testing.T, n int, d time.Duration) {
	t.Helper()
	for ; d > 0; d -= lookEvery {
		if err := b.clock.BlockUntilContext(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		b.clock.Advance(min(d, lookEvery))
	}
}

func (b *bench) expectRun(t *testing.T) {
	t.Helper()
	select {
	case <-b.ran:
	case <-time.After(5 * time.Second):
		t.Fatal("the job did not run")
	}
	b.idle(t)
}

// idle waits until no job is running.
func (b *bench) idle(t *testing.T) {
	t.Helper()
	for range 5000 {
		b.mu.Lock()
		busy := false
		for _, e := range b.jobs {
			busy = busy || e.running
		}
		b.mu.Unlock()
		if !busy {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("a job does not end")
}

func (b *bench) expectNoRun(t *testing.T) {
	t.Helper()
	b.idle(t)
	select {
	case name := <-b.ran:
		t.Fatalf("%s ran", name)
	default:
	}
}

func TestAJobRunsAtItsTime(t *testing.T) {
	b := newBench(t)
	b.set(t, b.daily())
	b.Start()
	if next := b.Next("check"); !next.Equal(morning.Add(time.Hour)) {
		t.Errorf("next run %s", next)
	}
	b.advance(t, 2, 59*time.Minute)
	b.expectNoRun(t)
	b.advance(t, 2, time.Minute)
	b.expectRun(t)
	if last := b.Last("check"); !last.Equal(morning.Add(time.Hour)) || !b.memory.ran["check"].Equal(last) {
		t.Errorf("last run %s, remembered %s", last, b.memory.ran["check"])
	}
	b.advance(t, 2, time.Hour)
	b.expectNoRun(t)
	if next := b.Next("check"); !next.Equal(morning.Add(25 * time.Hour)) {
		t.Errorf("next run %s", next)
	}
}

func TestARunMissedWhileClosedIsMadeUpForOnce(t *testing.T) {
	b := newBench(t)
	b.memory.ran["check"] = morning.AddDate(0, 0, -10)
	b.set(t, b.daily())
	b.Start()
	b.expectRun(t)
	b.restart(t)
	b.set(t, b.daily())
	b.Start()
	b.expectNoRun(t)
}

func TestANewJobOwesNothing(t *testing.T) {
	b := newBench(t)
	b.set(t, b.daily())
	b.Start()
	b.expectNoRun(t)

	// Two days later, always closed at eight: the first run is owed although it never ran.
	b.clock.sleep(48 * time.Hour)
	b.restart(t)
	b.set(t, b.daily())
	b.Start()
	b.expectRun(t)

	changed := b.daily()
	changed.Schedule.Hour = 6
	b.set(t, changed)
	b.expectNoRun(t)
}

func TestARunMissedInSleepIsMadeUpForOnceAndTimersAreSetAnew(t *testing.T) {
	b := newBench(t)
	b.set(t, b.daily())
	b.Start()
	b.advance(t, 2, time.Minute)
	b.clock.sleep(75 * time.Hour) // wakes at 10:01 three days later
	b.advance(t, 2, lookEvery)
	b.expectRun(t)
	b.fire("check") // a timer that went off in the same moment, late
	b.expectNoRun(t)
	// The old timer would have fired 59 minutes after waking, at 11:00.
	b.advance(t, 2, 2*time.Hour)
	b.expectNoRun(t)
	b.advance(t, 2, 20*time.Hour-90*time.Second) // to eight sharp
	b.expectRun(t)
	if at := b.Last("check"); at.Hour() != 8 || at.Minute() != 0 {
		t.Errorf("after sleep the job runs at %s", at)
	}
}

// away is the error of a job whose order book is not there.
func away() error { return core.NewError(core.CodeUnavailable, "test", "It is away.", nil) }

func isAway(err error) bool { return core.ErrorCode(err) == core.CodeUnavailable }

func TestARunThatFailedForWantOfSomethingIsOwedAndTriedAgain(t *testing.T) {
	b := newBench(t)
	fails := true
	job := b.daily()
	job.Owed = isAway
	job.Run = func(context.Context) error {
		b.ran <- "check"
		if fails {
			return away()
		}
		return nil
	}
	b.set(t, job)
	b.Start()
	b.advance(t, 2, time.Hour)
	b.expectRun(t)
	if _, ran := b.memory.ran["check"]; ran || !b.Last("check").IsZero() {
		t.Error("a run that failed counts as run")
	}
	b.mu.Lock()
	at := b.jobs["check"].tryAt
	b.mu.Unlock()
	if want := morning.Add(time.Hour + tryAgain); !at.Equal(want) {
		t.Errorf("tried again at %s, want %s", at, want)
	}
	b.advance(t, 2, 3*lookEvery)
	b.expectRun(t)
	for len(b.ran) > 0 { // a late look at the clock is taken for sleep, after which everything owed is tried
		<-b.ran
	}

	// Over a restart it is made up for like any missed run.
	b.restart(t)
	b.set(t, job)
	b.Start()
	b.expectRun(t)
	fails = false
	b.TryNow()
	b.expectRun(t)
	if b.memory.ran["check"].IsZero() {
		t.Error("the run that went well is not remembered")
	}
	b.TryNow()
	b.advance(t, 2, 2*time.Hour)
	b.expectNoRun(t)
}

func TestARunThatFailedOtherwiseIsNotOwed(t *testing.T) {
	b := newBench(t)
	job := b.daily()
	job.Owed = isAway
	job.Run = func(context.Context) error { b.ran <- "check"; return errors.New("no rule") }
	b.set(t, job)
	b.Start()
	b.advance(t, 2, time.Hour)
	b.expectRun(t)
	b.TryNow()
	b.advance(t, 2, time.Hour)
	b.expectNoRun(t)
}

func TestNewTimingForgivesAnOwedRun(t *testing.T) {
	b := newBench(t)
	job := b.daily()
	job.Owed = isAway
	begun, end := make(chan struct{}, 10), make(chan struct{})
	job.Run = func(context.Context) error { begun <- struct{}{}; <-end; return away() }
	b.set(t, job)
	b.Start()
	b.advance(t, 2, time.Hour)
	<-begun
	job.Schedule.Hour = 20
	b.set(t, job)
	close(end)
	b.idle(t)
	b.TryNow()
	b.idle(t)
	if len(begun) > 0 {
		t.Error("it ran again")
	}
}

func TestAClockThatIsSetBackDoesNotSilenceAJob(t *testing.T) {
	b := newBench(t)
	b.memory.ran["check"] = morning.AddDate(7, 0, 0)
	b.set(t, b.daily())
	b.Start()
	b.expectNoRun(t)
	b.advance(t, 2, time.Hour)
	b.expectRun(t)
}

func TestAJobNeverRunsTwiceAtOnce(t *testing.T) {
	b := newBench(t)
	begun, end := make(chan struct{}, 10), make(chan struct{})
	b.set(t, Job{Name: "send", Every: 30 * time.Second, Run: func(context.Context) error {
		begun <- struct{}{}
		<-end
		return nil
	}})
	b.Start()
	b.advance(t, 2, 30*time.Second)
	<-begun
	b.advance(t, 2, 5*time.Minute)
	if len(begun) != 0 {
		t.Error("a second run began beside the first")
	}
	close(end)
	b.idle(t)
	for range 100 { // a tick more where this goroutine was faster than the timers
		b.advance(t, 2, lookEvery)
		select {
		case <-begun:
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Error("the job does not run any more")
}

func TestErrorsAndPanicsAreReportedAndTheJobRunsAgain(t *testing.T) {
	b := newBench(t)
	n := 0
	b.set(t, Job{Name: "send", Every: 30 * time.Second, Run: func(context.Context) error {
		if n++; n == 1 {
			panic("boom")
		}
		return errors.New("no disk")
	}})
	b.Start()
	b.advance(t, 2, 30*time.Second)
	if err := <-b.reports; core.ErrorCode(err) != core.CodeInternal || !strings.Contains(err.Error(), "boom") {
		t.Errorf("panic reported as %v", err)
	}
	b.idle(t)
	b.advance(t, 2, 30*time.Second)
	if err := <-b.reports; err.Error() != "no disk" {
		t.Errorf("error reported as %v", err)
	}
}

func TestSetReplacesTheJobs(t *testing.T) {
	b := newBench(t)
	b.set(t, b.daily())
	b.Start()
	b.set(t, Job{Name: "other", Every: 30 * time.Second, Run: func(context.Context) error { b.ran <- "other"; return nil }})
	b.advance(t, 2, 30*time.Second)
	if name := <-b.ran; name != "other" {
		t.Errorf("%s ran", name)
	}
	off := b.daily()
	off.Schedule.Kind = core.ScheduleOff
	b.set(t, off)
	b.advance(t, 1, 2*time.Hour)
	b.expectNoRun(t)
	if !b.Next("check").IsZero() || !b.Next("other").IsZero() {
		t.Error("a job that never runs has a next time")
	}
	for _, bad := range [][]Job{
		{{Name: "a"}}, {b.daily(), b.daily()}, {{Name: "a", Every: -1, Run: off.Run}},
		{{Name: "a", Schedule: core.Schedule{Kind: core.ScheduleMinutes}, Run: off.Run}},
	} {
		if err := b.Set(t.Context(), bad); core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestStopIsBoundedAndAStoppedRunIsMadeUpForLater(t *testing.T) {
	b := newBench(t)
	b.memory.ran["check"] = morning.AddDate(0, 0, -2)
	begun := make(chan struct{})
	job := b.daily()
	job.Run = func(ctx context.Context) error {
		close(begun)
		<-ctx.Done()
		return ctx.Err()
	}
	b.set(t, job)
	b.Start()
	<-begun
	b.restart(t)
	if len(b.reports) != 0 {
		t.Errorf("stopping was reported as a failure: %v", <-b.reports)
	}
	b.set(t, b.daily())
	b.Start()
	b.expectRun(t)

	stubborn := newBench(t)
	hold, in := make(chan struct{}), make(chan struct{})
	stubborn.memory.ran["check"] = morning.AddDate(0, 0, -2)
	job.Run = func(context.Context) error { close(in); <-hold; return nil }
	stubborn.set(t, job)
	stubborn.Start()
	<-in
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := stubborn.Stop(ctx); core.ErrorCode(err) != core.CodeUnavailable {
		t.Errorf("stop: %v", err)
	}
	close(hold)
}
