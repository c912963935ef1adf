package settings

import (
	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// predictionView is what the presenter of predictions drives.
type predictionView interface {
	showPrediction(s predictionShown)
}

// predictionShown is what predicts now, as the page says it.
type predictionShown struct {
	Basis    string // in a word or two; "" not known yet
	Model    bool   // a model predicts
	Why      string // the rules predict
	Facts    outcome
	Last     outcome // of the last training
	Warnings []string
	Training bool // a model is being trained
	CanTrain bool
}

// predictionPresenter follows the model that predicts. Nothing is read before the page comes into
// sight.
type predictionPresenter struct {
	*presenter
	view     predictionView
	states   *async.Loader[core.ModelState]
	again    *async.Coalescer
	stop     func()
	lookedAt bool

	state    core.ModelState
	known    bool
	failed   string // why the state is not known
	training bool   // started here
	ended    outcome
}

func newPredictionPresenter(p *presenter) *predictionPresenter {
	m := &predictionPresenter{presenter: p, states: async.NewLoader[core.ModelState](p.ui), stop: func() {}}
	m.again = async.NewCoalescer(p.ui, m.load)
	return m
}

// start is called whenever the page comes into sight.
func (m *predictionPresenter) start(v predictionView) {
	m.view = v
	if !m.lookedAt {
		m.lookedAt = true
		m.stop = async.Listen(m.ui, m.desk.Subscribe, m.hear)
	}
	m.load()
}

func (m *predictionPresenter) close() {
	m.stop()
	m.again.Close()
	m.states.Close()
}

func (m *predictionPresenter) hear(e core.Event) {
	switch e.(type) {
	case core.PredictionsChanged, core.SettingsChanged:
		m.again.Poke()
	}
}

func (m *predictionPresenter) load() {
	m.states.Load(m.desk.ModelState, func(s core.ModelState, err error) {
		if err == nil {
			m.state, m.known, m.failed = s, true, ""
		} else if !async.Canceled(err) {
			m.failed = kit.ErrorText(err)
		}
		m.tell()
	})
}

func (m *predictionPresenter) tell() { m.view.showPrediction(m.shown()) }

func (m *predictionPresenter) shown() predictionShown {
	s, now := m.state, m.desk.Now()
	p := predictionShown{Last: m.ended, Training: m.training || s.Training}
	p.CanTrain = m.known && !p.Training && m.host.May(core.EditSettings)
	switch {
	case m.failed != "":
		p.Facts = outcome{m.failed, kit.ToneBad}
		return p
	case !m.known:
		return p
	case s.Basis == core.BasisModel:
		p.Model = true
	}
	p.Basis = kit.ModelName(s)
	p.Why, p.Warnings = kit.WhyRules(s), kit.ModelWarnings(s)
	p.Facts = outcome{kit.ModelFacts(s, now), kit.ToneNormal}
	if m.ended.Text == "" {
		p.Last = outcome{kit.LastTraining(s, now), kit.ToneMuted}
	}
	return p
}

// train has a model trained.
func (m *predictionPresenter) train() {
	if !m.shown().CanTrain {
		return
	}
	m.training, m.ended = true, outcome{}
	m.tell()
	long(m.presenter, kit.T("Training a model"), m.desk.TrainModel, func(r core.TrainingResult, err error) {
		m.training = false
		switch {
		case kit.Canceled(err):
			m.ended = outcome{kit.T("The training was stopped. What predicted before goes on."), kit.ToneMuted}
		case err != nil:
			m.ended = outcome{kit.ErrorText(err), kit.ToneBad}
		default:
			m.ended = outcome{kit.TrainingText(r), kit.TrainingTone(r)}
			m.host.Toast(m.ended.Tone, m.ended.Text) // it may have taken minutes
		}
		m.load()
	})
}
