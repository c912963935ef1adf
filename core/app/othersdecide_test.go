package app

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/source"
	"deskwatch/core/tickets"
)

// other opens the data folder as a window beside the process that decides.
func (d *desk) other(t *testing.T) *App {
	t.Helper()
	a := d.open(t)
	if err := a.needTickets(t.Context()); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestWhatAWindowSaysOfATicketCountsAtOnceForTheOneThatTells(t *testing.T) {
	d := newsDesk(t)
	d.set(t, func(s *core.Settings) { s.Notify.NewTickets = false })
	ticket := d.of("1", "a", 0)
	ticket.Priority = core.PriorityUrgent
	d.takes(t, ticket)
	d.wantNews(t)
	d.clock.advance(50 * time.Minute) // amber
	if err := d.other(t).MarkTickets(t.Context(), core.Acknowledge, []uint32{1}, "on it", time.Time{}); err != nil {
		t.Fatal(err)
	}
	d.wantNews(t)
}

func TestAFlagOfAWindowCountsForTheNextTicket(t *testing.T) {
	d := newsDesk(t)
	d.takes(t, d.answered("1", "a"))
	d.wantNews(t, "New ticket | 1 Help with 1 (Shop a): waiting since 09:00")
	d.clock.advance(time.Minute)
	if err := d.other(t).SaveFlag(t.Context(), core.ToughFlag{Customer: crm("a"), Tough: true, Note: "careful"}); err != nil {
		t.Fatal(err)
	}
	d.takes(t, d.answered("2", "a"))
	d.wantNews(t, "New ticket of a tough customer | 2 Help with 2 (Shop a): customer marked as tough")
}

func TestAPauseOfAWindowHoldsTheOneThatTells(t *testing.T) {
	d := newsDesk(t)
	window := d.other(t)
	pause := func(paused bool) {
		t.Helper()
		err := window.changeSettings(t.Context(), func(s core.Settings) (core.Settings, error) { s.Alerts.Paused = paused; return s, nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	pause(true)
	d.takes(t, d.answered("1", "a"))
	d.wantNews(t)
	d.clock.advance(time.Minute)
	pause(false)
	d.wantNews(t, "Since 09:00: New ticket | 1 Help with 1 (Shop a): waiting since 09:00")
}

func TestAReplyClockOfAWindowIsInForceForTheOneThatTells(t *testing.T) {
	d := newsDesk(t)
	d.set(t, func(s *core.Settings) { s.Notify.NewTickets = false })
	d.takes(t, d.of("1", "a", 0))
	d.wantNews(t)
	err := d.other(t).changeSettings(t.Context(), func(s core.Settings) (core.Settings, error) {
		s.Clock.Targets = []core.ReplyTarget{{Priority: core.PriorityAny, Minutes: 20}}
		return s, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	d.clock.advance(10 * time.Minute)
	d.wantNews(t, "First reply due | 1 Help with 1 (Shop a): reply due 09:20")
}

// brokenPool is a pool whose revision cannot be read.
type brokenPool struct {
	tickets.Pool
	asked atomic.Int64
}

func (p *brokenPool) Revision(context.Context) (int64, error) {
	p.asked.Add(1)
	return 0, core.NewError(core.CodeUnavailable, "test", "The tickets cannot be read.", nil)
}

func TestAPoolThatCannotBeReadIsToldOnce(t *testing.T) {
	d := newDesk(t)
	pool := &brokenPool{Pool: d.pool}
	d.index = tickets.NewIndex(pool, tickets.IndexOptions{Now: d.clock.Now, Location: d.clockZone, Clock: d.clockNow, Me: func() []string { return nil }, Tough: func() int { return 60 }})
	d.App.lookAtPool = time.Millisecond
	events, cancel := d.Subscribe(64)
	defer cancel()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { d.follow(ctx); close(ended) }()
	eventually(t, "the pool is asked again and again", func() bool { return pool.asked.Load() > 20 })
	stop()
	<-ended
	told := 0
	for len(events) > 0 {
		if _, ok := (<-events).(core.JobFailed); ok {
			told++
		}
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
}

// tiredRegistry cannot tell the states of the sources the first time.
type tiredRegistry struct {
	source.Registry
	asked atomic.Int64
}

func (r *tiredRegistry) States(ctx context.Context) (map[string]core.SourceState, error) {
	if r.asked.Add(1) == 1 {
		return nil, core.NewError(core.CodeUnavailable, "test", "The data file is busy.", nil)
	}
	return r.Registry.States(ctx)
}

func TestAFolderThatCouldNotBeWatchedIsTriedAgain(t *testing.T) {
	d := newDesk(t)
	dir := d.folder(t, d.App)
	registry := &tiredRegistry{Registry: d.registry}
	d.registry = registry
	drop(t, dir, "base.json", `[{"Id":"1","CaseNumber":"TS1","Status":"New","Subject":"s"}]`)
	eventually(t, "the folder is watched", func() bool {
		if err := d.startFolders(t.Context()); err != nil {
			t.Fatal(err)
		}
		n, err := d.pool.CountBySource(t.Context())
		return err == nil && n["in"] == 1
	})
	if registry.asked.Load() < 2 {
		t.Error("the first time went well")
	}
}
