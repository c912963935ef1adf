package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"deskwatch/core"
)

// Sources lists the sources by name, with how they are doing: those that are set up, and those
// that only gave tickets, such as files that were imported.
func (a *App) Sources(ctx context.Context) ([]core.SourceReport, error) {
	if err := a.allow(ctx, core.ReadSettings); err != nil {
		return nil, err
	}
	list, err := a.registry.Sources(ctx)
	if err != nil {
		return nil, err
	}
	states, err := a.registry.States(ctx)
	if err != nil {
		return nil, err
	}
	counts, err := a.pool.CountBySource(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, s := range list {
		known[s.Name] = true
	}
	for name := range counts {
		if !known[name] {
			known[name] = true
			list = append(list, core.Source{Name: name, Kind: core.SourceFile})
		}
	}
	reports := make([]core.SourceReport, len(list))
	for i, s := range list {
		state := states[s.Name]
		state.Name, state.Tickets, state.Running, state.Files = s.Name, counts[s.Name], a.sourceRuns.isRunning(s.Name), nil
		if !isAsked(s) || state.Live {
			state.NextRun = time.Time{}
		}
		reports[i] = core.SourceReport{Source: s, State: state}
	}
	slices.SortFunc(reports, func(x, y core.SourceReport) int {
		return cmp.Or(strings.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)), strings.Compare(x.Name, y.Name))
	})
	return reports, nil
}

// source returns a source that is set up.
func (a *App) source(ctx context.Context, name string) (core.Source, error) {
	list, err := a.registry.Sources(ctx)
	if err != nil {
		return core.Source{}, err
	}
	for _, s := range list {
		if s.Name == name {
			return s, nil
		}
	}
	return core.Source{}, core.NewError(core.CodeNotFound, "app.source", fmt.Sprintf("There is no source %q.", name), nil)
}

// SaveSource adds a source, or changes the one with its name. A nil secret leaves the stored one
// as it is, a zero one removes it. What is asked, or how it is read, being other than before, the
// next run asks for everything again.
func (a *App) SaveSource(ctx context.Context, s core.Source, secret, clientSecret *core.Secret) error {
	if err := a.allow(ctx, core.EditSources); err != nil {
		return err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	if s, err = checkedSource(s); err != nil {
		return err
	}
	old, err := a.source(ctx, s.Name)
	if err != nil && core.ErrorCode(err) != core.CodeNotFound {
		return err
	}
	if isNew := err != nil; !isNew && old.Kind != s.Kind {
		return core.NewError(core.CodeConflict, "app.source", fmt.Sprintf("The source %q exists already and is of another kind. Nothing was changed. Choose another name.", s.Name), nil)
	}
	for name, secret := range map[string]*core.Secret{core.SourceSecret(s.Name): secret, core.SourceClientSecret(s.Name): clientSecret} {
		if secret == nil {
			continue
		}
		if err := a.vault.Set(ctx, name, *secret); err != nil {
			return err
		}
	}
	if err := a.registry.SaveSource(ctx, s); err != nil {
		return err
	}
	a.log.Info("source saved", "source", s.Name, "kind", s.Kind, "enabled", s.Enabled)
	if err := a.renewState(ctx, old, s); err != nil {
		return err
	}
	return a.sourcesChanged(ctx)
}

// renewState has a changed source tried at once, whatever became of it before.
func (a *App) renewState(ctx context.Context, old, s core.Source) error {
	if asksOtherwise(old, s) {
		a.sourceRuns.forget(s.Name)
	}
	return a.changeState(ctx, s.Name, func(state *core.SourceState) {
		state.NextRun, state.Failures, state.LastError = a.now(), 0, ""
		if asksOtherwise(old, s) {
			state.Since, state.Files = time.Time{}, nil
		}
	})
}

// DeleteSource forgets a source and its secrets. The tickets that came from it stay.
func (a *App) DeleteSource(ctx context.Context, name string) error {
	if err := a.allow(ctx, core.EditSources); err != nil {
		return err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	if err := a.removeSource(ctx, name); err != nil {
		return err
	}
	for _, secret := range []string{core.SourceSecret(name), core.SourceClientSecret(name)} {
		if err := a.vault.Set(ctx, secret, core.Secret{}); err != nil {
			return core.NewError(core.ErrorCode(err), "app.source", fmt.Sprintf("The source %q is removed, and its tickets are kept. Its password could not be removed from where secrets are kept.", name), err)
		}
	}
	a.sourceRuns.forget(name)
	a.log.Info("source removed", "source", name)
	return a.sourcesChanged(ctx)
}

func (a *App) removeSource(ctx context.Context, name string) error {
	a.sourceRuns.states.Lock()
	defer a.sourceRuns.states.Unlock()
	return a.registry.DeleteSource(ctx, name)
}

// sourcesChanged has the watching follow, and tells everybody.
func (a *App) sourcesChanged(ctx context.Context) error {
	a.bus.Publish(core.SourcesChanged{})
	if !a.watching() {
		return nil
	}
	if err := a.startArrivals(ctx); err != nil {
		return err
	}
	a.wakeTeam("")
	a.runDueSoon()
	return nil
}

// runDueSoon has the sources whose time has come asked, in the background.
func (a *App) runDueSoon() {
	a.background(func(ctx context.Context) {
		if err := a.runDueSources(ctx); err != nil {
			a.jobFailed(sourcesJob, err)
		}
	})
}
