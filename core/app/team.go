package app

import (
	"context"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"deskwatch/core"
	"deskwatch/core/source"
)

// team is what this process knows of the desks it shares tickets with: sources of another
// Deskwatch.
type team struct {
	silence time.Duration                    // of a stream of events; 0: the usual
	retryIn func(failures int) time.Duration // how long is waited after so many failures in a row; nil: the usual

	mu      sync.Mutex
	desks   map[string]*teamDesk
	follows map[string]*teamFollow // while this process watches
}

// teamDesk is a desk being asked. It lasts for as long as the source and its secret are the same,
// and so does the token that was signed in for.
type teamDesk struct {
	*source.Desk
	source core.Source
	secret core.Secret

	marking sync.Mutex // what was said there, and what is kept of it here, change one at a time; guards the two below
	tag     string     // of the marks there that were kept here last
	kept    string     // what was kept then
}

// deskOf returns the client of a source that is another Deskwatch.
func (a *App) deskOf(ctx context.Context, s core.Source) (*teamDesk, error) {
	remote, err := a.remoteOf(ctx, s, nil, nil)
	if err != nil {
		return nil, err
	}
	t := &a.team
	t.mu.Lock()
	defer t.mu.Unlock()
	old := t.desks[s.Name]
	if old != nil && old.secret == remote.Secret && !asksOtherwise(old.source, s) {
		return old, nil
	}
	remote.Silence = t.silence
	client, err := source.NewDesk(s, remote)
	if err != nil {
		return nil, err
	}
	if old != nil {
		old.Close()
	} else if t.desks == nil {
		t.desks = map[string]*teamDesk{}
		a.onStop("other desks", a.leaveDesks)
	}
	t.desks[s.Name] = &teamDesk{Desk: client, source: s, secret: remote.Secret}
	return t.desks[s.Name], nil
}

func (a *App) leaveDesks() error {
	a.team.mu.Lock()
	defer a.team.mu.Unlock()
	for _, d := range a.team.desks {
		d.Close()
	}
	return nil
}

// tryDesk opens a desk to be tried, with a client of its own.
func tryDesk(ctx context.Context, s core.Source, r source.Remote) (source.Stream, error) {
	client, err := source.NewDesk(s, r)
	if err != nil {
		return nil, err
	}
	return closingDesk{client.Tickets(ctx, time.Time{}), client}, nil
}

// closingDesk is a stream that has its client for itself.
type closingDesk struct {
	source.Stream
	client *source.Desk
}

func (c closingDesk) Close() error {
	c.client.Close()
	return c.Stream.Close()
}

// isTeam reports whether a source is another Deskwatch that is worked with.
func isTeam(s core.Source) bool { return s.Kind == core.SourceDesk && s.Enabled }

// isLoud reports whether even the first ticket of a source is told of: what was there when it was
// set up is known, though it was nothing.
func isLoud(s core.Source, state core.SourceState) bool {
	return s.Kind == core.SourceDesk && !state.LastSuccess.IsZero()
}

// askedEvery is how often a source is asked: a desk whose events cannot be followed every minute.
func askedEvery(s core.Source, state core.SourceState) time.Duration {
	every := time.Duration(s.Minutes) * time.Minute
	if isTeam(s) && !state.Live {
		return min(every, time.Minute)
	}
	return every
}

// teamSources are the desks that are worked with, by name.
func (a *App) teamSources(ctx context.Context) (map[string]core.Source, error) {
	list, err := a.registry.Sources(ctx)
	if err != nil {
		return nil, err
	}
	desks := map[string]core.Source{}
	for _, s := range list {
		if isTeam(s) {
			desks[s.Name] = s
		}
	}
	return desks, nil
}

// teamFollow is a desk whose events are followed.
type teamFollow struct {
	source core.Source
	stop   context.CancelFunc
	wake   chan struct{} // it may answer again, or be asked with another secret
	leads  atomic.Bool   // its events are followed, or that is being tried for the first time
	ended  chan struct{} // is closed when it is no longer followed
}

// startTeam follows the events of the enabled desks, and only of those. It is called when
// watching begins and whenever the sources changed.
func (a *App) startTeam(ctx context.Context) error {
	wanted, err := a.teamSources(ctx)
	if err != nil {
		return err
	}
	t := &a.team
	t.mu.Lock()
	defer t.mu.Unlock()
	for name, d := range t.desks {
		if _, ok := wanted[name]; !ok {
			d.Close()
			delete(t.desks, name)
		}
	}
	ending := map[string]chan struct{}{}
	for name, f := range t.follows {
		if s, ok := wanted[name]; ok && reflect.DeepEqual(s, f.source) {
			delete(wanted, name) // goes on
			continue
		}
		f.stop()
		delete(t.follows, name)
		ending[name] = f.ended
	}
	for name, s := range wanted {
		following, stop := context.WithCancel(a.work)
		f := &teamFollow{source: s, stop: stop, wake: make(chan struct{}, 1), ended: make(chan struct{})}
		f.leads.Store(true)
		if t.follows == nil {
			t.follows = map[string]*teamFollow{}
		}
		t.follows[name] = f
		before := ending[name]
		a.background(func(context.Context) {
			defer close(f.ended)
			defer stop()
			if before != nil {
				<-before // it has the last word on how the desk was followed until now
			}
			a.followDesk(following, f)
		})
	}
	return nil
}

// startArrivals has what comes by itself taken: files in folders, and what happens on other desks.
func (a *App) startArrivals(ctx context.Context) error {
	return joinErrors(a.startFolders(ctx), a.startTeam(ctx))
}

// askDesk takes what changed on another desk since the last run, and what was said there.
func (a *App) askDesk(ctx context.Context, s core.Source) error {
	if err := a.askSource(ctx, s, false); err != nil {
		return err
	}
	// That its marks cannot be had is no fault of the tickets'.
	if err := a.takeMarks(ctx, s); err != nil && ctx.Err() == nil {
		a.log.Warn(marksUnknown, "source", s.Name, "err", err)
	}
	a.wakeTeam(s.Name) // it answers: its events may be followed again
	return nil
}

// isFollowed reports whether a source need not be asked by the clock, for its events say when.
func (a *App) isFollowed(s core.Source) bool {
	a.team.mu.Lock()
	defer a.team.mu.Unlock()
	f := a.team.follows[s.Name]
	return f != nil && f.leads.Load()
}

// wakeTeam has a desk that is left in peace tried again at once; "" is every one.
func (a *App) wakeTeam(name string) {
	a.team.mu.Lock()
	defer a.team.mu.Unlock()
	for n, f := range a.team.follows {
		if name == "" || n == name {
			select {
			case f.wake <- struct{}{}:
			default:
			}
		}
	}
}

// secretChanged has the source whose secret this is tried at once, whatever became of it before.
func (a *App) secretChanged(ctx context.Context, secret string) error {
	list, err := a.registry.Sources(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(s core.Source) bool {
		return secret == core.SourceSecret(s.Name) || secret == core.SourceClientSecret(s.Name)
	})
	if i < 0 {
		return nil
	}
	if err := a.renewState(ctx, list[i], list[i]); err != nil {
		return err
	}
	return a.sourcesChanged(ctx)
}
