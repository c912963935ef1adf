package schedule

import (
	"context"
	"fmt"
	"time"

	"deskwatch/core"

	"github.com/go-co-op/gocron/v2"
)

// Set makes jobs the only ones. A job that stays, by name, keeps its history and, with the same
// timing, its timer; one that runs at the moment runs on. When something is wrong with a job
// the error is core.CodeInvalid and nothing changes.
//
// A job that is new here, or has new timing, owes no run for due times before now.
func (r *Runner) Set(ctx context.Context, jobs []Job) error {
	if err := check(jobs); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return core.NewError(core.CodeConflict, "schedule.set", "Deskwatch is closing. The schedule was not changed.", nil)
	}
	next := map[string]*entry{}
	for _, j := range jobs {
		e, known := r.jobs[j.Name]
		same := known && e.Schedule == j.Schedule && e.Every == j.Every
		if known {
			e.Job = j
		} else {
			e = &entry{Job: j}
			if err := r.recall(ctx, e); err != nil {
				return err
			}
		}
		if known && !same {
			if err := r.owesNothing(ctx, e); err != nil {
				return err
			}
		}
		if !same {
			if err := r.arm(e); err != nil {
				return err
			}
		}
		next[j.Name] = e
	}
	for name, e := range r.jobs {
		if next[name] == nil {
			r.disarm(e)
		}
	}
	r.jobs = next
	if r.started {
		r.catchUp()
	}
	return nil
}

func check(jobs []Job) error {
	names := map[string]bool{}
	for _, j := range jobs {
		off := j.Schedule.Kind == "" || j.Schedule.Kind == core.ScheduleOff
		switch {
		case j.Name == "" || names[j.Name] || j.Run == nil || j.Every < 0 || j.Every > 0 && !off:
			return core.NewError(core.CodeInvalid, "schedule.set", fmt.Sprintf("The job %q is not described in full, or twice. The schedule was not changed.", j.Name), nil)
		case !off && !valid(j.Schedule):
			return core.NewError(core.CodeInvalid, "schedule.set", fmt.Sprintf("The schedule of the job %q is out of its bounds. The schedule was not changed.", j.Name), nil)
		}
		names[j.Name] = true
	}
	return nil
}

// sinceName is where Memory keeps since when a job owes runs: without it a job first seen at
// noon would make up for this morning, and one that is due while the machine is off, always,
// would never run at all.
func sinceName(job string) string { return job + " since" }

// recall reads a job's history. r.mu is held.
func (r *Runner) recall(ctx context.Context, e *entry) error {
	if !e.CatchUp {
		e.settled = r.now()
		return nil
	}
	ran, err := r.opt.Memory.LastRun(ctx, e.Name)
	if err != nil {
		return err
	}
	since, err := r.opt.Memory.LastRun(ctx, sinceName(e.Name))
	if err != nil {
		return err
	}
	e.ran, e.settled = ran, latest(ran, since)
	if since.IsZero() && ran.IsZero() {
		return r.owesNothing(ctx, e)
	}
	return nil
}

func (r *Runner) owesNothing(ctx context.Context, e *entry) error {
	e.settled, e.owed = r.now(), time.Time{}
	e.timings++
	if !e.CatchUp {
		return nil
	}
	return r.opt.Memory.SetLastRun(ctx, sinceName(e.Name), e.settled)
}

// arm gives the job its timer, or takes it away when the job is off. r.mu is held.
func (r *Runner) arm(e *entry) error {
	var definition gocron.JobDefinition
	options := []gocron.JobOption{gocron.WithName(e.Name), gocron.WithSingletonMode(gocron.LimitModeReschedule)}
	switch {
	case e.Every > 0:
		definition = gocron.DurationJob(e.Every)
	case valid(e.Schedule):
		definition = gocron.CronJob("", false)
		options = append(options, gocron.WithCronImplementation(timetable{e.Schedule, r.opt.Location}))
	default:
		r.disarm(e)
		return nil
	}
	task := gocron.NewTask(r.fire, e.Name)
	var err error
	if e.timer == nil {
		e.timer, err = r.cron.NewJob(definition, task, options...)
	} else {
		// The same id: gocron keeps a goroutine per id until it is shut down.
		e.timer, err = r.cron.Update(e.timer.ID(), definition, task, options...)
	}
	if err != nil {
		return core.NewError(core.CodeInternal, "schedule.arm", fmt.Sprintf("The job %q could not be scheduled. It does not run by itself.", e.Name), err)
	}
	return nil
}

func (r *Runner) disarm(e *entry) {
	if e.timer != nil {
		// The only error is that it is gone already.
		_ = r.cron.RemoveJob(e.timer.ID())
		e.timer = nil
	}
}

// timetable puts a core.Schedule into gocron's hands.
type timetable struct {
	schedule core.Schedule
	loc      *time.Location
}

// IsValid accepts everything: arm has checked.
func (t timetable) IsValid(string, *time.Location, time.Time) error { return nil }

// Next is the first due time after last.
func (t timetable) Next(last time.Time) time.Time {
	return NextAfter(t.schedule, last.In(t.loc)).UTC()
}
