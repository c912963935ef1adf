package schedule

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"deskwatch/core"

	"github.com/go-co-op/gocron/v2"
	"github.com/jonboulle/clockwork"
)

const (
	// lookEvery is how often the wall clock is compared with what it should show.
	lookEvery = 30 * time.Second
	// tryAgain is after how long a run that is still owed is tried again, at the next look.
	tryAgain = time.Minute
	// jumpBy is how far off it may be before the machine is taken to have slept, or its clock
	// to have been set.
	jumpBy = 10 * time.Second
	// slack is how much too early a timer may fire, since the clock can be set back by jumpBy
	// unnoticed; less than half the shortest period.
	slack = 25 * time.Second
)

// Job is one thing to do on time.
type Job struct {
	Name     string        // unique
	Schedule core.Schedule // for people's jobs; or
	Every    time.Duration // for internal ones: a fixed interval. With neither the job never runs
	Run      func(context.Context) error
	CatchUp  bool // a due time missed while the machine slept or Deskwatch was closed is made up for, once
	// Owed reports whether a run that failed so is still owed, because what it needs was away;
	// nil: never. It is tried again every minute and on Runner.TryNow, over restarts with CatchUp.
	Owed func(error) bool
}

// Options are what a Runner needs.
type Options struct {
	Clock    clockwork.Clock // nil: the machine's
	Memory   Memory
	Report   func(job string, err error) // told of every error and panic of a job, on the job's goroutine
	Location *time.Location              // of the schedules; nil: the machine's
}

// Runner runs jobs. One job never runs twice at once; different jobs may run together.
type Runner struct {
	opt    Options
	cron   gocron.Scheduler
	ctx    context.Context // ends with Stop; what running jobs get
	cancel context.CancelFunc
	work   sync.WaitGroup

	mu      sync.Mutex
	jobs    map[string]*entry
	started bool
	stopped bool
}

// entry is a job with what the Runner knows of it.
type entry struct {
	Job
	timer   gocron.Job // nil when the job never runs by itself
	ran     time.Time  // its last run, as Memory has it
	settled time.Time  // due times up to this one are no longer owed
	running bool
	owed    time.Time // the due time of a run that failed and is still owed; zero for none
	tryAt   time.Time // when it is tried again
	timings int       // grows when Set gives the job new timing
}

// New returns a Runner that does nothing before Start.
func New(opt Options) (*Runner, error) {
	if opt.Clock == nil {
		opt.Clock = clockwork.NewRealClock()
	}
	if opt.Location == nil {
		opt.Location = time.Local
	}
	// In UTC gocron leaves our times alone: in a zone with summer time it drops a second due
	// time that shows the same on the wall.
	cron, err := gocron.NewScheduler(gocron.WithClock(opt.Clock), gocron.WithLocation(time.UTC), gocron.WithStopTimeout(time.Second))
	if err != nil {
		return nil, core.NewError(core.CodeInternal, "schedule.new", "The scheduler could not be made. Nothing runs by itself.", err)
	}
	r := &Runner{opt: opt, cron: cron, jobs: map[string]*entry{}}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	return r, nil
}

// Start begins to run the jobs, those first that were missed while Deskwatch was closed.
func (r *Runner) Start() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.started || r.stopped {
		return
	}
	r.started = true
	r.cron.Start()
	r.catchUp()
	ticker := r.opt.Clock.NewTicker(lookEvery)
	from := r.now()
	r.work.Go(func() { r.watchClock(ticker, from) })
}

// Stop ends the running jobs' context, waits for them until ctx ends, and lets nothing run
// afterwards. A job that is stopped so counts as not run. Stop may be called several times.
func (r *Runner) Stop(ctx context.Context) error {
	r.mu.Lock()
	r.stopped = true
	r.cancel()
	r.mu.Unlock()
	done := make(chan struct{})
	go func() {
		r.work.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		return core.NewError(core.CodeUnavailable, "schedule.stop", "A scheduled job did not end in time and was left behind.", ctx.Err())
	}
	if err := r.cron.ShutdownWithContext(ctx); err != nil {
		return core.NewError(core.CodeUnavailable, "schedule.stop", "The scheduler did not end in time and was left behind.", err)
	}
	return nil
}

// Next is when the job is due next; zero for never or unknown.
func (r *Runner) Next(name string) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.jobs[name]
	switch {
	case e == nil || e.timer == nil || !r.started || r.stopped:
		return time.Time{}
	case e.Every == 0:
		return NextAfter(e.Schedule, r.now())
	}
	next, err := e.timer.NextRun()
	if err != nil { // gone in the same moment
		return time.Time{}
	}
	return next.In(r.opt.Location)
}

// Last is when the job last began a run that was not stopped, over restarts for a job that
// catches up; zero for never.
func (r *Runner) Last(name string) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e := r.jobs[name]; e != nil {
		return e.ran
	}
	return time.Time{}
}

func (r *Runner) now() time.Time { return r.opt.Clock.Now().In(r.opt.Location) }

// watchClock notices that the machine slept or its clock was set: timers count running time,
// so they are set anew, and what was missed is made up for.
func (r *Runner) watchClock(ticker clockwork.Ticker, last time.Time) {
	defer ticker.Stop()
	for {
		select {
		case <-r.ctx.Done():
			return
		case <-ticker.Chan():
		}
		now := r.now()
		// Without the monotonic reading, which stands still in sleep.
		off := now.Round(0).Sub(last.Round(0)) - lookEvery
		last = now
		jumped := off.Abs() > jumpBy
		r.mu.Lock()
		r.tryOwed(func(e *entry) bool { return !e.tryAt.After(now) })
		if jumped && !r.stopped {
			r.catchUp()
			for _, e := range r.jobs {
				if err := r.arm(e); err != nil {
					r.opt.Report(e.Name, err)
				}
			}
		}
		r.mu.Unlock()
	}
}

// catchUp starts the jobs that owe a run. r.mu is held.
func (r *Runner) catchUp() {
	now := r.now()
	for _, e := range r.jobs {
		if e.settled.After(now.Add(slack)) {
			e.settled = now // the clock was set back: what it showed then settles nothing now
		}
		if due := LastDue(e.Schedule, now); e.CatchUp && e.Every == 0 && due.After(e.settled) {
			r.begin(e, due)
		}
	}
}

// TryNow tries the runs that failed and are still owed, because what they need is back.
func (r *Runner) TryNow() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tryOwed(func(*entry) bool { return true })
}

// tryOwed begins the owed runs that which chooses. r.mu is held.
func (r *Runner) tryOwed(which func(*entry) bool) {
	for _, e := range r.jobs {
		if r.started && !e.owed.IsZero() && which(e) {
			r.begin(e, e.owed)
		}
	}
}

// fire is what a timer calls.
func (r *Runner) fire(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.jobs[name]
	if e == nil {
		return
	}
	due := r.now()
	if e.Every == 0 {
		due = LastDue(e.Schedule, due.Add(slack))
		if !due.After(e.settled) {
			return // made up for already
		}
	}
	r.begin(e, due)
}

// begin runs the job for the given due time, unless it is running. r.mu is held.
func (r *Runner) begin(e *entry, due time.Time) {
	if r.stopped || e.running {
		return
	}
	e.running = true
	job, at := e.Job, r.now() // a copy: Set may change the entry meanwhile
	before, timings := e.settled, e.timings
	settled := latest(at, due)
	e.settled, e.owed = settled, time.Time{}
	r.work.Go(func() {
		err := guard(r.ctx, job.Name, job.Run)
		stopped := r.ctx.Err() != nil
		owed := err != nil && !stopped && job.Owed != nil && job.Owed(err)
		if !stopped && !owed && job.CatchUp {
			err = errors.Join(err, r.opt.Memory.SetLastRun(r.ctx, job.Name, settled))
		}
		r.mu.Lock()
		e.running = false
		switch {
		case stopped:
		case !owed:
			e.ran = at
		case e.timings == timings: // else Set has given the job new timing, and it owes nothing
			e.settled, e.owed, e.tryAt = before, due, r.now().Add(tryAgain)
		}
		r.mu.Unlock()
		if err != nil && !stopped {
			r.opt.Report(job.Name, err)
		}
	})
}

// guard turns a panic into an error.
func guard(ctx context.Context, name string, run func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = core.NewError(core.CodeInternal, "schedule.run", fmt.Sprintf(
				"The job %q ended through a fault of the program. It runs again at its next time; the log has the details.", name), fmt.Errorf("panic: %v", p))
		}
	}()
	return run(ctx)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
