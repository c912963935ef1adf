package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"deskwatch/core"
	"deskwatch/core/schedule"
	"deskwatch/core/source"
	"deskwatch/core/tickets"
)

const (
	// sourcesJob looks for sources that are to be asked.
	sourcesJob   = "ticket sources"
	sourcesEvery = 15 * time.Second
	// runAtMost bounds one run of a source: nobody waits a day for a first load that never ends.
	runAtMost = time.Hour
	// How long a source that fails is left in peace at most; and at least, where it refuses the
	// sign-in, for a few wrong ones lock the user out.
	longestBackOff  = 4 * time.Hour
	deniedBackOff   = time.Hour
	doublingsAtMost = 5
)

// sourceRuns is what is going on with the sources in this process.
type sourceRuns struct {
	mu      sync.Mutex
	running map[string]bool
	seen    map[string]*seenFiles
	folders map[string]folderWatch
	states  sync.Mutex    // one change of a state at a time
	pause   time.Duration // before a server is asked again for what it sent in part; 0: the usual
}

// begin reports whether a run of the source may begin; end it with end.
func (r *sourceRuns) begin(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running[name] {
		return false
	}
	if r.running == nil {
		r.running = map[string]bool{}
	}
	r.running[name] = true
	return true
}

func (r *sourceRuns) end(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.running, name)
}

func (r *sourceRuns) isRunning(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.running[name]
}

// forget drops what was read of a folder.
func (r *sourceRuns) forget(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.seen, name)
}

// sourceJobs is what has sources asked on time, while this process watches.
func (a *App) sourceJobs(context.Context) ([]schedule.Job, error) {
	return []schedule.Job{{Name: sourcesJob, Every: sourcesEvery, Run: func(ctx context.Context) error {
		// Another process, such as a command, may have changed which folders and desks there are.
		return joinErrors(a.startArrivals(ctx), a.runDueSources(ctx))
	}}}, nil
}

// runDueSources begins a run of every source whose time has come, each in the background: one that
// answers slowly does not keep the others waiting.
func (a *App) runDueSources(ctx context.Context) error {
	list, err := a.registry.Sources(ctx)
	if err != nil {
		return err
	}
	states, err := a.registry.States(ctx)
	if err != nil {
		return err
	}
	now := a.now()
	for _, s := range list {
		if !isAsked(s) || now.Before(states[s.Name].NextRun) || a.isFollowed(s) {
			continue
		}
		a.background(func(ctx context.Context) {
			err := a.runSource(ctx, s)
			if core.ErrorCode(err) == core.CodeConflict {
				a.log.Debug("the source is being asked already", "source", s.Name)
			}
		})
	}
	return nil
}

// RunSource asks a source now, or reads what is new in its folder. What went wrong is kept in the
// source's state, too. It fails with core.CodeConflict while a run of it is under way.
func (a *App) RunSource(ctx context.Context, name string) error {
	if err := a.allow(ctx, core.EditSources); err != nil {
		return err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	s, err := a.source(ctx, name)
	if err != nil {
		return err
	}
	return a.runSource(ctx, s)
}

func (a *App) runSource(ctx context.Context, s core.Source) error {
	if !a.sourceRuns.begin(s.Name) {
		return core.NewError(core.CodeConflict, "app.source", fmt.Sprintf("The source %q is being asked already.", s.Name), nil)
	}
	defer func() {
		a.sourceRuns.end(s.Name)
		a.bus.Publish(core.SourcesChanged{})
	}()
	a.bus.Publish(core.SourcesChanged{})
	ctx, cancel := context.WithTimeout(ctx, runAtMost)
	defer cancel()
	switch s.Kind {
	case core.SourceFolder:
		return a.readFolder(ctx, s)
	case core.SourceSalesforce:
		return a.askSource(ctx, s, false)
	case core.SourceDesk:
		return a.askDesk(ctx, s)
	}
	return core.NewError(core.CodeInvalid, "app.source", fmt.Sprintf("The source %q is not asked: its tickets come by themselves.", s.Name), nil)
}

// askSource takes what changed at a server since the last run, or everything.
func (a *App) askSource(ctx context.Context, s core.Source, everything bool) error {
	states, err := a.registry.States(ctx)
	if err != nil {
		return err
	}
	since := states[s.Name].Since
	if s.Full || everything {
		since = time.Time{} // what is missing would be taken for gone
	}
	started := a.now()
	start := tickets.TakeStart{Source: s.Name, At: started, Full: s.Full, Loud: isLoud(s, states[s.Name])}
	taken, seen, err := a.takeServer(ctx, s, start, func(ctx context.Context) (source.Stream, error) { return a.openServer(ctx, s, since) })
	if err != nil {
		return a.runFailed(ctx, s, err)
	}
	// A date from the future would hide every change until then.
	if newest := seen.newest; newest.After(since) {
		since = newest
		if started.Before(since) {
			since = started
		}
	}
	return a.runDone(ctx, s, taken.SnapshotCounts, seen.note(), since)
}

// takeServer reads what a server tells to the end, and then takes what came into the pool.
func (a *App) takeServer(ctx context.Context, s core.Source, start tickets.TakeStart, open func(context.Context) (source.Stream, error)) (taken takenStream, seen *seenRecords, err error) {
	stream, err := open(ctx)
	if err != nil {
		return taken, nil, err
	}
	defer func() { err = joinErrors(err, stream.Close()) }()
	seen = &seenRecords{Stream: stream}
	spooled, err := source.Spool(ctx, seen, nil)
	if err != nil {
		return taken, nil, stoppedRun(err)
	}
	defer func() { err = joinErrors(err, spooled.Close()) }()
	// A record that could not be read is not gone.
	start.Full = start.Full && seen.rejected == 0
	taken, err = a.takeStream(ctx, start, spooled, takeOptions{}, nil)
	return taken, seen, err
}

// stoppedRun makes a sentence of a context that ended between two pages.
func stoppedRun(err error) error {
	switch {
	case errors.Is(err, context.DeadlineExceeded) && core.ErrorCode(err) != core.CodeCanceled:
		return core.NewError(core.CodeUnavailable, "app.source", "The source takes longer than an hour to tell its tickets. Nothing was kept. It is tried again.", err)
	case errors.Is(err, context.Canceled):
		return core.NewError(core.CodeCanceled, "app.source", "Asking the source was stopped as you asked. Nothing was kept.", err)
	}
	return err
}

// openServer opens a source that is a server, with the stored secrets.
func (a *App) openServer(ctx context.Context, s core.Source, since time.Time) (source.Stream, error) {
	if s.Kind == core.SourceDesk {
		d, err := a.deskOf(ctx, s)
		if err != nil {
			return nil, err
		}
		return d.Tickets(ctx, since), nil
	}
	remote, err := a.remoteOf(ctx, s, nil, nil)
	if err != nil {
		return nil, err
	}
	return openSalesforce(ctx, s, remote, since)
}

func openSalesforce(ctx context.Context, s core.Source, r source.Remote, since time.Time) (source.Stream, error) {
	words, err := ticketDictionary(s.Mapping, s.Mapping.DateFormat)
	if err != nil {
		return nil, err
	}
	return source.OpenSalesforce(ctx, s, r, words, since)
}

// remoteOf is what asking a source's server needs; a nil secret is the stored one.
func (a *App) remoteOf(ctx context.Context, s core.Source, secret, clientSecret *core.Secret) (source.Remote, error) {
	r := source.Remote{Now: a.now, Pause: a.sourceRuns.pause}
	for name, one := range map[string]struct {
		given *core.Secret
		to    *core.Secret
	}{core.SourceSecret(s.Name): {secret, &r.Secret}, core.SourceClientSecret(s.Name): {clientSecret, &r.ClientSecret}} {
		if one.given != nil {
			*one.to = *one.given
			continue
		}
		stored, _, err := a.vault.Get(ctx, name)
		if err != nil {
			return r, err
		}
		*one.to = stored
	}
	if r.Secret.IsZero() {
		return r, core.NewError(core.CodeDenied, "app.source", fmt.Sprintf("No password or secret is set for the source %q. Enter it in Settings.", s.Name), nil)
	}
	return r, nil
}

// seenRecords remembers what went by of a stream.
type seenRecords struct {
	source.Stream
	tickets, rejected int64
	newest            time.Time
	first             *source.Rejected
}

func (s *seenRecords) Next() (core.Ticket, error) {
	t, err := s.Stream.Next()
	var r *source.Rejected
	switch {
	case err == nil:
		s.tickets++
		if t.UpdatedAt.After(s.newest) {
			s.newest = t.UpdatedAt
		}
	case err != io.EOF && errors.As(err, &r):
		if s.rejected++; s.first == nil {
			s.first = r
		}
	}
	return t, err
}

// note tells of the records that could not be read; "" when all could.
func (s *seenRecords) note() string {
	if s.rejected == 0 {
		return ""
	}
	where := fmt.Sprintf("record %d", s.first.Line)
	if s.first.Column != "" {
		where += ", " + s.first.Column
	}
	return fmt.Sprintf("Records that could not be read: %d. The first is %s: %s", s.rejected, where, s.first.Reason)
}

// runDone keeps how well a run went.
func (a *App) runDone(ctx context.Context, s core.Source, counts core.SnapshotCounts, note string, since time.Time) error {
	a.log.Info("source", "source", s.Name, "tickets", counts.Tickets, "new", counts.New, "changed", counts.Changed, "note", note)
	return a.changeRun(ctx, s.Name, func(state *core.SourceState) {
		now := a.now()
		state.LastRun, state.LastSuccess, state.LastError, state.Failures = now, now, "", 0
		state.Counts, state.Note, state.Since = counts, note, since
		state.NextRun = now.Add(askedEvery(s, *state))
	})
}

// runFailed keeps how a run failed, tells it once per outage, and returns why.
func (a *App) runFailed(ctx context.Context, s core.Source, why error) error {
	if core.ErrorCode(why) == core.CodeCanceled || ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled) {
		return why // by a person or by Stop: nothing is wrong with the source
	}
	var first bool
	err := a.changeRun(ctx, s.Name, func(state *core.SourceState) {
		first = state.Failures == 0
		state.Failures++
		state.LastRun, state.LastError = a.now(), core.ErrorMessage(why)
		state.NextRun = state.LastRun.Add(backOff(askedEvery(s, *state), state.Failures, core.ErrorCode(why) == core.CodeDenied))
		if at, ok := source.RetryAt(why); ok && at.After(state.NextRun) {
			state.NextRun = at
		}
	})
	a.tellSource(s, why, first)
	return joinErrors(why, err)
}

// tellSource tells the log and, the first time, the window that a source failed.
func (a *App) tellSource(s core.Source, why error, first bool) {
	if !first {
		a.log.Debug("the source still fails", "source", s.Name, "err", why)
		return
	}
	a.log.Error("source failed", "source", s.Name, "err", why)
	a.bus.Publish(core.JobFailed{Job: "source " + s.Name, Message: s.Name + ": " + core.ErrorMessage(why)})
}

// backOff is how long a source that is asked so often is left in peace after so many failures.
func backOff(every time.Duration, failures int, denied bool) time.Duration {
	every = max(every, time.Minute)
	wait := every
	if denied {
		wait = max(wait, deniedBackOff)
	}
	for range min(failures-1, doublingsAtMost) {
		wait *= 2
	}
	// A source that is asked more seldom than that is not asked more often for failing.
	return min(wait, max(longestBackOff, every))
}

// changeState changes a source's state as it is kept, also when the run was stopped.
func (a *App) changeState(ctx context.Context, name string, change func(*core.SourceState)) error {
	ctx = context.WithoutCancel(ctx)
	a.sourceRuns.states.Lock()
	defer a.sourceRuns.states.Unlock()
	return a.putState(ctx, name, change)
}

// changeRun is changeState for what became of a run: a source that was removed meanwhile is left
// without a state.
func (a *App) changeRun(ctx context.Context, name string, change func(*core.SourceState)) error {
	ctx = context.WithoutCancel(ctx)
	a.sourceRuns.states.Lock()
	defer a.sourceRuns.states.Unlock()
	if _, err := a.source(ctx, name); err != nil {
		if core.ErrorCode(err) == core.CodeNotFound {
			return nil
		}
		return err
	}
	return a.putState(ctx, name, change)
}

// putState changes a source's state. sourceRuns.states is held.
func (a *App) putState(ctx context.Context, name string, change func(*core.SourceState)) error {
	states, err := a.registry.States(ctx)
	if err != nil {
		return err
	}
	state := states[name]
	state.Name, state.Running = name, false
	change(&state)
	if err := a.registry.SaveState(ctx, state); err != nil {
		return err
	}
	a.bus.Publish(core.SourcesChanged{})
	return nil
}
