package app

import (
	"context"
	"fmt"
	"time"

	"deskwatch/core"
	"deskwatch/core/schedule"
)

// planJobs gives the runner one job per enabled rule with a schedule, the sender and the sources,
// and has the folders of tickets watched.
// Without the watch lock it does nothing: the process that has it plans its own.
func (a *App) planJobs(ctx context.Context) error {
	a.watch.mu.Lock()
	runner := a.watch.runner
	a.watch.mu.Unlock()
	if runner == nil {
		return nil
	}
	rules, err := a.ledger.Rules(ctx)
	if err != nil {
		return err
	}
	jobs := []schedule.Job{{
		Name:  sendJob,
		Every: time.Duration(a.settings.Current().Alerts.SendSeconds) * time.Second,
		Run:   a.sendDue,
	}, {
		Name: importJob, Every: a.lookAtImport, Run: func(ctx context.Context) error {
			if a.bookAway() != nil {
				return nil // the import stays unchecked until the book is back
			}
			return a.checkNewImports(ctx)
		},
	}, {
		Name: trainJob, Every: lookAtTraining, Run: a.trainWhenDue,
	}}
	if a.book.now().remote != nil {
		jobs = append(jobs, schedule.Job{Name: pingJob, Every: a.pingEvery, Run: a.pingBook})
	}
	for _, r := range rules {
		if !r.Enabled || r.Schedule.Kind == core.ScheduleOff {
			continue
		}
		jobs = append(jobs, schedule.Job{
			Name: ruleJob(r.ID), Schedule: r.Schedule, CatchUp: true, Owed: owed,
			Run: func(ctx context.Context) error {
				if err := a.bookAway(); err != nil {
					return err // known already: no use in waiting for the server
				}
				_, err := a.runCheck(ctx, core.CheckRequest{RuleID: r.ID, Cause: "schedule"})
				return err
			},
		})
	}
	sources, err := a.sourceJobs(ctx)
	if err != nil {
		return err
	}
	jobs = append(jobs, sources...)
	for i, job := range jobs {
		jobs[i].Run = func(ctx context.Context) error { return job.Run(core.WithActor(ctx, core.TheDesk())) }
	}
	if err := runner.Set(ctx, jobs); err != nil {
		return err
	}
	if err := a.startArrivals(ctx); err != nil {
		return err
	}
	a.bus.Publish(core.StatusChanged{})
	return nil
}

// owed reports whether a check that ended so is to be made up for: the order book was away, or
// another one was put in its place meanwhile.
func owed(err error) bool { return away(err) || core.ErrorCode(err) == core.CodeCanceled }

func ruleJob(id int64) string { return fmt.Sprintf("rule %d", id) }

// jobFailed tells the log and the window that something which runs by itself went wrong. That
// it was ended by Stop is nothing wrong.
func (a *App) jobFailed(job string, err error) {
	if a.work.Err() != nil || core.ErrorCode(err) == core.CodeCanceled {
		return // ended by Stop, or by another order book's coming into use
	}
	bookDown := a.book.now().remote != nil && away(err) && job != sendJob
	if bookDown && !a.outage.first() {
		a.log.Debug("still waiting for the order database", "job", job, "err", err)
		return
	}
	a.log.Error("job failed", "job", job, "err", err)
	a.bus.Publish(core.JobFailed{Job: job, Message: core.ErrorMessage(err), BookDown: bookDown, Denied: bookDown && core.ErrorCode(err) == core.CodeDenied})
}

// sendDue sends what is due now, while this process watches.
func (a *App) sendDue(ctx context.Context) error {
	_, err := a.worker.SendDue(ctx)
	return err
}

// sendSoon has the sender look at the outbox now, in the background.
func (a *App) sendSoon() {
	if !a.watching() {
		return
	}
	a.background(func(ctx context.Context) {
		if err := a.sendDue(ctx); err != nil {
			a.jobFailed(sendJob, err)
		}
	})
}
