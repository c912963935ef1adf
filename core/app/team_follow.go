package app

import (
	"context"
	"math/rand/v2"
	"time"

	"deskwatch/core"
	"deskwatch/core/source"
	"deskwatch/core/tickets"
)

const (
	// newsEvery is how often what happens on another desk is fetched at most: a burst comes in one.
	newsEvery = 500 * time.Millisecond
	// How long is waited before a stream of events that was lost is asked for again.
	firstRetry, longestRetry = time.Second, time.Minute
	// deafRetry is after how long a desk that has no events, or refuses them, is asked for them again
	// by itself; a run of the source that goes well does so at once.
	deafRetry = time.Hour
	// settled is how long a stream has to last for its end to be nothing to wait for.
	settled = 5 * time.Second
	// busyRun is how long a run of the same source is waited for at a time.
	busyRun = 50 * time.Millisecond
)

// liveNote is said of a desk that is followed; of another one it is said why not.
const liveNote = "following events"

// followDesk keeps the tickets and marks of another desk up to date by its events until ctx ends.
// While they cannot be followed the desk is asked every now and then, as any source is.
func (a *App) followDesk(ctx context.Context, f *teamFollow) {
	// It is no longer followed: this process stops, or the source was changed.
	defer a.setLive(ctx, f.source, false, "")
	for failures := 0; ; {
		select {
		case <-f.wake: // what it was woken for is tried now
		default:
		}
		began := time.Now()
		lived, err := a.followOnce(ctx, f)
		if ctx.Err() != nil {
			return
		}
		if lived {
			failures = 0
		}
		if lived && time.Since(began) >= settled {
			continue // a server ends a stream when its token does
		}
		failures++
		f.leads.Store(false)
		a.log.Debug("the events of another desk are not followed", "source", f.source.Name, "failures", failures, "err", err)
		a.setLive(ctx, f.source, false, core.ErrorMessage(err))
		if failures == 1 {
			a.runDueSoon() // a desk that was never asked is not kept waiting for a turn
		}
		wait := a.retryIn(failures)
		switch core.ErrorCode(err) {
		case core.CodeNotFound, core.CodeDenied, core.CodeInvalid:
			// A few wrong sign-ins lock the user out: the runs of the source, which become rarer, and a
			// change of it go on from here.
			wait = deafRetry
		}
		if at, ok := source.RetryAt(err); ok {
			wait = max(wait, at.Sub(a.now()))
		}
		if !wokenOrAfter(ctx, f.wake, wait) {
			return
		}
	}
}

// wokenOrAfter waits, and reports false when ctx ended first.
func wokenOrAfter(ctx context.Context, wake <-chan struct{}, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-wake:
	case <-timer.C:
	}
	return true
}

func (a *App) retryIn(failures int) time.Duration {
	if a.team.retryIn != nil {
		return a.team.retryIn(failures)
	}
	return retryDelay(failures, rand.Float64())
}

// retryDelay is how long is waited after so many failures in a row: twice as long each time, up
// to a minute, less up to half of it by chance (0 to 1), so that not all workstations come back to
// a server at the same moment.
func retryDelay(failures int, chance float64) time.Duration {
	wait := firstRetry
	for range failures - 1 {
		if wait *= 2; wait >= longestRetry {
			wait = longestRetry
			break
		}
	}
	return wait - time.Duration(chance*float64(wait/2))
}

// followOnce follows the events of a desk for as long as their stream lasts. lived says that it
// began.
func (a *App) followOnce(ctx context.Context, f *teamFollow) (lived bool, err error) {
	s := f.source
	d, err := a.deskOf(ctx, s)
	if err != nil {
		return false, err
	}
	states, err := a.registry.States(ctx)
	if err != nil {
		return false, err
	}
	state := states[s.Name]
	news := newTeamNews(state.Seq, !state.LastSuccess.IsZero())
	stream, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	took := make(chan struct{})
	go func() {
		defer close(took)
		if err := a.takeNews(stream, f, news); err != nil {
			cancel(err)
		}
	}()
	err = d.Follow(stream, state.Seq, news.add)
	failed := context.Cause(stream)
	cancel(nil)
	<-took
	switch code := core.ErrorCode(err); {
	case ctx.Err() != nil:
	case failed != nil:
		err = failed // what was told is asked for again from where it is known
	case code == core.CodeDenied || code == core.CodeInvalid:
		err = a.runFailed(ctx, s, err)
	}
	return news.began(), err
}

// takeNews fetches what news is about until ctx ends.
func (a *App) takeNews(ctx context.Context, f *teamFollow, news *teamNews) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-news.some:
		}
		if err := a.takeGathered(ctx, f, news.take()); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		if !pause(ctx, newsEvery) {
			return nil
		}
	}
}

func (a *App) takeGathered(ctx context.Context, f *teamFollow, g gatheredNews) error {
	s := f.source
	if g.began {
		f.leads.Store(true)
		a.setLive(ctx, s, true, liveNote)
	}
	if err := a.takeTold(ctx, s, g); err != nil {
		return err
	}
	if !g.marks {
		return nil
	}
	if err := a.takeMarks(ctx, s); core.ErrorCode(err) == core.CodeUnavailable {
		return err // a new stream begins with the marks
	} else if err != nil {
		a.log.Warn(marksUnknown, "source", s.Name, "err", err)
	}
	return nil
}

// takeTold takes the tickets that something happened to.
func (a *App) takeTold(ctx context.Context, s core.Source, g gatheredNews) error {
	if !g.whole && len(g.tickets) == 0 {
		return nil
	}
	end, err := a.ownRun(ctx, s)
	if err != nil {
		return err
	}
	defer end()
	ctx, cancel := context.WithTimeout(ctx, runAtMost)
	defer cancel()
	if g.whole {
		if err := a.askSource(ctx, s, true); err != nil {
			return err
		}
		return a.changeRun(ctx, s.Name, func(state *core.SourceState) { state.Seq = g.seq })
	}
	counts, note, err := a.takeNamed(ctx, s, g.tickets)
	if err != nil {
		return a.runFailed(ctx, s, err)
	}
	return a.changeRun(ctx, s.Name, func(state *core.SourceState) {
		now := a.now()
		state.LastRun, state.LastSuccess, state.LastError, state.Failures = now, now, "", 0
		state.Counts, state.Note, state.Seq = counts, note, g.seq
		state.NextRun = now.Add(askedEvery(s, *state))
	})
}

// ownRun waits for its turn to run a source.
func (a *App) ownRun(ctx context.Context, s core.Source) (end func(), err error) {
	for !a.sourceRuns.begin(s.Name) {
		if !pause(ctx, busyRun) {
			return nil, ctx.Err()
		}
	}
	a.bus.Publish(core.SourcesChanged{})
	return func() {
		a.sourceRuns.end(s.Name)
		a.bus.Publish(core.SourcesChanged{})
	}, nil
}

// takeNamed takes tickets of another desk by their keys there. Nobody is told of those with true:
// neither was anybody there.
func (a *App) takeNamed(ctx context.Context, s core.Source, named map[core.TicketKey]bool) (sum core.SnapshotCounts, note string, err error) {
	d, err := a.deskOf(ctx, s)
	if err != nil {
		return sum, "", err
	}
	for _, silent := range []bool{true, false} {
		var keys []core.TicketKey
		for k, quiet := range named {
			if quiet == silent {
				keys = append(keys, k)
			}
		}
		if len(keys) == 0 {
			continue
		}
		start := tickets.TakeStart{Source: s.Name, At: a.now(), Loud: !silent, Silent: silent}
		taken, seen, err := a.takeServer(ctx, s, start, func(ctx context.Context) (source.Stream, error) { return d.Named(ctx, keys), nil })
		if err != nil {
			return sum, "", err
		}
		sum = addCounts(sum, taken.SnapshotCounts)
		note += seen.note()
	}
	a.log.Info("news of another desk", "source", s.Name, "tickets", sum.Tickets, "new", sum.New, "changed", sum.Changed)
	return sum, note, nil
}

func addCounts(a, b core.SnapshotCounts) core.SnapshotCounts {
	return core.SnapshotCounts{
		Tickets: a.Tickets + b.Tickets, New: a.New + b.New, Changed: a.Changed + b.Changed, Unchanged: a.Unchanged + b.Unchanged,
		Stale: a.Stale + b.Stale, Gone: a.Gone + b.Gone, Events: a.Events + b.Events,
	}
}

// setLive keeps whether the events of a desk are followed. Where they are not, it is asked soon.
func (a *App) setLive(ctx context.Context, s core.Source, live bool, note string) {
	err := a.changeRun(ctx, s.Name, func(state *core.SourceState) {
		now := a.now()
		if live && !state.Live {
			state.LiveSince, state.LastError, state.Failures = now, "", 0 // it is not away any more
		}
		if !live {
			state.LiveSince = time.Time{}
		}
		state.Live, state.LiveNote = live, note
		if soon := now.Add(askedEvery(s, *state)); !live && state.Failures == 0 && state.NextRun.After(soon) {
			state.NextRun = soon
		}
	})
	if err != nil {
		a.log.Warn("the state of a source was not kept", "source", s.Name, "err", err)
	}
}
