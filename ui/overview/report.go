package overview

import (
	"time"

	"deskwatch/core"
	"deskwatch/ui/async"
)

// reportRest is how long a report is good for while predictions change all the time: measuring
// reads every prediction whose ticket has ended.
const reportRest = 30 * time.Second

// reportView is what the presenter of the report drives.
type reportView interface {
	showReport(r core.PredictionReport)
	// showReportError says why no report can be shown.
	showReportError(err error)
}

// reporter loads how good predictions have been.
type reporter struct {
	desk   Desk
	view   reportView
	loader *async.Loader[core.PredictionReport]
	states *async.Loader[core.ModelState]
	fresh  *async.Coalescer
	stops  []func()

	report *core.PredictionReport // nil before the first
	at     time.Time              // of the last answer
	failed error                  // why there is none
	stale  bool                   // something changed since it was asked for
}

func newReporter(desk Desk, ui async.Dispatcher, v reportView) *reporter {
	r := &reporter{desk: desk, view: v, loader: async.NewLoader[core.PredictionReport](ui), states: async.NewLoader[core.ModelState](ui)}
	r.fresh = async.NewCoalescer(ui, r.follow)
	return r
}

func (r *reporter) start(ui async.Dispatcher) {
	r.stops = append(r.stops, async.Listen(ui, r.desk.Subscribe, r.happened), async.Every(reportRest, ui, r.follow))
	r.load()
}

func (r *reporter) close() {
	for _, stop := range r.stops {
		stop()
	}
	r.fresh.Close()
	r.loader.Close()
	r.states.Close()
}

func (r *reporter) happened(e core.Event) {
	switch e.(type) {
	case core.PredictionsChanged, core.SettingsChanged:
		r.stale = true
		r.fresh.Poke()
	}
}

// follow loads what changed, not oftener than it is worth; at once where it is what predicts.
func (r *reporter) follow() {
	switch {
	case !r.stale:
	case r.desk.Now().Sub(r.at) >= reportRest:
		r.load()
	case r.report != nil:
		r.states.Load(r.desk.ModelState, func(s core.ModelState, err error) {
			if err == nil && r.stale && predictsAnew(r.report.State, s) {
				r.load()
			}
		})
	}
}

// predictsAnew reports whether something else predicts now, or a training has ended.
func predictsAnew(was, is core.ModelState) bool {
	ended := func(s core.ModelState) (at time.Time) {
		if s.LastTry != nil {
			at = s.LastTry.At
		}
		return at
	}
	return was.Basis != is.Basis || was.Version != is.Version || was.Why != is.Why || !ended(was).Equal(ended(is))
}

// look is called when the page comes into sight: what it shows is how it stands now.
func (r *reporter) look() {
	if r.stale {
		r.load()
	}
}

func (r *reporter) load() {
	r.stale = false
	r.at = r.desk.Now() // while it is being measured, nobody asks again
	r.loader.Load(r.desk.PredictionReport, func(report core.PredictionReport, err error) {
		r.at = r.desk.Now()
		switch {
		case err == nil:
			r.report, r.failed = &report, nil
			r.view.showReport(report)
		case r.report == nil && !async.Canceled(err):
			r.failed = err
			r.view.showReportError(err)
		}
	})
}
