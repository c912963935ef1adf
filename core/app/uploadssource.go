package app

import (
	"context"
	"fmt"
	"strings"

	"deskwatch/core"
)

// sourceOfPosts is the source of a collector's tickets: one of kind collector with its own name,
// or the one of all others; known is false before the first post has set that up.
func (a *App) sourceOfPosts(ctx context.Context, user string) (s core.Source, known bool, err error) {
	list, err := a.registry.Sources(ctx)
	if err != nil {
		return s, false, err
	}
	for _, one := range list {
		if one.Kind == core.SourceCollector && strings.EqualFold(one.Name, user) {
			return one, true, nil
		}
		if one.Name == collectorSource {
			s, known = one, true
		}
	}
	if !known {
		s = core.Source{Name: collectorSource, Kind: core.SourceCollector, Enabled: true}
	}
	return s, known, nil
}

// openSourceOfPosts is the source a post is taken into. The first post sets it up.
func (a *App) openSourceOfPosts(ctx context.Context, user string) (core.Source, error) {
	s, known, err := a.sourceOfPosts(ctx, user)
	switch {
	case err != nil:
		return s, err
	case !known:
		if err := a.registry.SaveSource(ctx, s); err != nil {
			return s, err
		}
		a.log.Info("source saved", "source", s.Name, "kind", s.Kind)
		a.bus.Publish(core.SourcesChanged{})
	case s.Kind != core.SourceCollector:
		return s, core.NewError(core.CodeConflict, "app.post", fmt.Sprintf("This desk has a source %q that is not one of posts. Nothing was kept. An admin has to set up a source of kind collector with the name of this user.", s.Name), nil)
	case !s.Enabled:
		return s, core.NewError(core.CodeForbidden, "app.post", fmt.Sprintf("The source %q is switched off on this desk. Nothing was kept. Ask an admin to switch it on.", s.Name), nil)
	}
	return s, nil
}

// noteCollector keeps how the source of a post is doing.
func (a *App) noteCollector(ctx context.Context, s core.Source, taken takenStream) error {
	return a.changeState(ctx, s.Name, func(state *core.SourceState) {
		now := a.now()
		state.LastRun, state.LastSuccess, state.LastError, state.Failures = now, now, "", 0
		state.Counts, state.Note = taken.SnapshotCounts, ""
	})
}
