package app

import (
	"context"
	"time"

	"deskwatch/core"
)

const (
	// importJob is the name of the job that notices imports, whichever process made them.
	importJob = "check after import"
	// lookAtImport is how often it looks.
	lookAtImport = 10 * time.Second
)

// checkNewImports runs the rules that want it when an import was made since the last time.
// The newest import's time is remembered, so an import made while nobody watched is noticed
// at the next start.
func (a *App) checkNewImports(ctx context.Context) error {
	a.afterImport.Lock()
	defer a.afterImport.Unlock()
	newest, err := a.book.Imports(ctx, 1)
	if err != nil || len(newest) == 0 {
		return err
	}
	checked, err := a.memory.LastRun(ctx, importMark)
	// Any other time is news: the clock may have been set back, and of two imports that wait for
	// each other the later one may have begun first.
	if err != nil || newest[0].At.Equal(checked) {
		return err
	}
	rules, err := a.ledger.Rules(ctx)
	if err != nil {
		return err
	}
	// The sample's mails are only ever for looking at: with real mail switched on, its
	// breaches wait for the user's word like any other first run's.
	showSample := newest[0].Kind == core.ImportSample && a.settings.Current().Mail.Mode == core.MailSandbox
	for _, r := range rules {
		if !r.Enabled || !r.OnImport {
			continue
		}
		if _, err := a.runCheck(ctx, core.CheckRequest{RuleID: r.ID, Cause: "import", SendBacklog: showSample}); err != nil {
			return err
		}
	}
	return a.memory.SetLastRun(ctx, importMark, newest[0].At)
}

// importMark is where the time of the newest checked import is remembered. It is no job: the
// runner remembers its own runs under the jobs' names.
const importMark = "newest checked import"

// importChanged tells everybody that the order book changed, and has the rules checked when
// this process watches; otherwise the one that does notices by itself.
func (a *App) importChanged(id int64) {
	a.bus.Publish(core.OrdersChanged{ImportID: id})
	a.checkSoon()
}

// checkSoon has new imports checked now, in the background, when this process watches.
func (a *App) checkSoon() {
	if !a.watching() {
		return
	}
	a.background(func(ctx context.Context) {
		if err := a.checkNewImports(ctx); err != nil {
			a.jobFailed(importJob, err)
		}
	})
}

func (a *App) watching() bool {
	a.watch.mu.Lock()
	defer a.watch.mu.Unlock()
	return a.watch.runner != nil
}
