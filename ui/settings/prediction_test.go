package settings

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
	"deskwatch/ui/kit/kittest"
)

// byRules is a desk with too few rated tickets for a model.
func byRules() core.ModelState {
	return core.ModelState{Basis: core.BasisRules, Why: core.WhyFewRated, Rated: 127, Bad: 13, Needed: 200}
}

// byModel is a desk with a model that was trained yesterday.
func byModel() core.ModelState {
	day := func(m time.Month, d int) time.Time { return time.Date(2026, m, d, 12, 0, 0, 0, time.UTC) }
	return core.ModelState{Basis: core.BasisModel, Rated: 1300, Bad: 130, Needed: 200, Version: 3,
		TrainedAt: day(3, 9), From: day(1, 2), To: day(3, 1), Tickets: 1240,
		Warnings: []string{"The channel tells the end by itself."},
		LastTry:  &core.TrainingResult{At: day(3, 9), Version: 3, Accepted: true, Reason: "better", Tickets: 1240, Seconds: 2.14}}
}

func predictionPage(t *testing.T, state core.ModelState) (*fakeDesk, *Tab, *kittest.Host) {
	t.Helper()
	d := &fakeDesk{set: core.DefaultSettings(), model: state}
	tab, h := page(t, d, groupPredict)
	return d, tab, h
}

func TestThePageSaysWhatARuleDeskLacksForAModel(t *testing.T) {
	_, tab, _ := predictionPage(t, byRules())
	g := tab.prediction
	if g.basis.Text != "Stated rules" || !strings.HasPrefix(g.why.Text(), "127 of 200 rated tickets") || !g.why.Visible() {
		t.Errorf("it says %q, %q", g.basis.Text, g.why.Text())
	}
	if want := "Of 127 tickets it is known how they ended, 13 of them badly."; g.facts.Text() != want || g.last.Visible() {
		t.Errorf("facts %q, last training %q", g.facts.Text(), g.last.Text())
	}
}

func TestThePageSaysWhatAModelLearnedFromAndWarns(t *testing.T) {
	_, tab, _ := predictionPage(t, byModel())
	g := tab.prediction
	if g.basis.Text != "Model, version 3" || g.why.Visible() {
		t.Errorf("it says %q, %q", g.basis.Text, g.why.Text())
	}
	if want := "Trained yesterday 12:00 on 1,240 tickets, created from 2 Jan to 1 Mar."; !strings.HasPrefix(g.facts.Text(), want) {
		t.Errorf("facts %q", g.facts.Text())
	}
	if want := "Last training yesterday 12:00. Version 3 was taken: it is better on recent tickets"; !strings.HasPrefix(g.last.Text(), want) || !strings.HasSuffix(g.last.Text(), "1,240 tickets in 2.1 s.") {
		t.Errorf("last training %q", g.last.Text())
	}
	if len(g.warnings.Objects) != 1 || g.warnings.Objects[0].(*kit.Prose).Text() != "The channel tells the end by itself." {
		t.Errorf("%d warnings", len(g.warnings.Objects))
	}
}

func TestTrainingShowsItsResultAndTheNewState(t *testing.T) {
	d, tab, h := predictionPage(t, byRules())
	g := &tab.prediction
	d.train = func() (core.TrainingResult, error) {
		if !g.train.Disabled() || g.train.Text != "Training…" || h.Running != 1 {
			t.Errorf("while it trains the button says %q, %d works", g.train.Text, h.Running)
		}
		d.model = byModel()
		return core.TrainingResult{Version: 3, Accepted: true, Reason: "first", Tickets: 1240, Seconds: 2}, nil
	}
	test.Tap(g.train)
	if h.Running != 0 || g.train.Disabled() || g.train.Text != "Train now" || g.basis.Text != "Model, version 3" {
		t.Errorf("after it the button says %q, the basis is %q, %d works", g.train.Text, g.basis.Text, h.Running)
	}
	if want := "Version 3 was taken: there was none to compare it with. It learned from 1,240 tickets in 2.0 s."; g.last.Text() != want || len(h.Toasts) != 1 || h.Toasts[0] != want {
		t.Errorf("it says %q, toasts %v", g.last.Text(), h.Toasts)
	}
}

func TestTrainingThatEndsWithoutAModelSaysWhy(t *testing.T) {
	for name, tt := range map[string]struct {
		result core.TrainingResult
		err    error
		says   string
	}{
		"not better": {core.TrainingResult{Reason: "not_better", Tickets: 300, Seconds: 1}, nil, "not better on recent tickets"},
		"few":        {core.TrainingResult{Reason: core.WhyFewRated}, nil, "too few tickets are rated"},
		"no signal":  {core.TrainingResult{Reason: core.WhyNoSignal, Tickets: 300, Seconds: 1}, nil, "could not tell bad ends from good ones"},
		"later key":  {core.TrainingResult{Reason: "tomorrow", Text: "Something else."}, nil, "Something else."},
		"failed":     {core.TrainingResult{}, core.NewError(core.CodeUnavailable, "", "The disk is full.", nil), "The disk is full."},
		"stopped":    {core.TrainingResult{}, core.NewError(core.CodeCanceled, "", "Stopped.", context.Canceled), "What predicted before goes on."},
	} {
		d, tab, h := predictionPage(t, byModel())
		d.train = func() (core.TrainingResult, error) { return tt.result, tt.err }
		tab.prediction.p.train()
		if got := tab.prediction.last.Text(); !strings.Contains(got, tt.says) || !tab.prediction.last.Visible() {
			t.Errorf("%s: it says %q", name, got)
		}
		if toasts := len(h.Toasts); (toasts == 1) != (tt.err == nil) || tab.prediction.train.Disabled() {
			t.Errorf("%s: %d toasts", name, toasts)
		}
	}
}

func TestOnlyOneTrainingAtATimeAndOnlyByThoseWhoMay(t *testing.T) {
	state := byModel()
	state.Training = true
	d, tab, h := predictionPage(t, state)
	d.train = func() (core.TrainingResult, error) {
		t.Error("a second training was begun")
		return core.TrainingResult{}, nil
	}
	tab.prediction.p.train()
	if !tab.prediction.train.Disabled() || tab.prediction.train.Text != "Training…" {
		t.Errorf("while another process trains the button says %q", tab.prediction.train.Text)
	}
	state.Training = false
	d.model, h.Role = state, core.RoleEngineer
	tab.prediction.p.load()
	tab.prediction.p.train()
	if !tab.prediction.train.Disabled() {
		t.Error("an engineer can train")
	}
}

func TestAModelThatCannotBeReadAboutSaysWhy(t *testing.T) {
	d, tab, _ := predictionPage(t, byModel())
	d.modelErr = core.NewError(core.CodeUnavailable, "", "The data folder is away.", nil)
	tab.prediction.p.load()
	if got := tab.prediction.facts.Text(); got != "The data folder is away." || tab.prediction.basis.Visible() {
		t.Errorf("it says %q, basis %v", got, tab.prediction.basis.Visible())
	}
}

func TestNothingIsAskedOfTheModelBeforeThePageIsOpen(t *testing.T) {
	d := &fakeDesk{set: core.DefaultSettings(), model: byModel()}
	tab, _ := page(t, d, groupGeneral)
	if tab.prediction.p.known {
		t.Error("the state was read for nobody")
	}
	tab.Open(groupPredict)
	tab.prediction.p.again.Close() // the event's reload is not waited for: it must be asked for
	d.model = byRules()
	tab.prediction.p.hear(core.StatusChanged{})
	if tab.prediction.basis.Text != "Model, version 3" {
		t.Error("an event that is not about predictions read the state")
	}
}

func TestPredictionSettingsAreEditedKeptAndLedOnward(t *testing.T) {
	d, tab, h := predictionPage(t, byModel())
	for _, o := range inside(tab.groups[groupPredict]) {
		switch w := o.(type) {
		case *widget.Entry:
			if w.Text == "5" {
				w.SetText("12")
			}
		case *widget.Check:
			w.SetChecked(false)
		case *widget.Button:
			if w.Text == "How good are the predictions?" {
				test.Tap(w)
			}
		}
	}
	want := core.PredictionSettings{Capacity: 12, Model: false, TrainDays: 7}
	if tab.p.draft.Predict != want || !tab.p.form().Dirty {
		t.Fatalf("draft %+v", tab.p.draft.Predict)
	}
	if len(h.Tabs) != 1 || h.Tabs[0] != "overview/predictions" {
		t.Errorf("it leads to %v", h.Tabs)
	}
	other := d.set
	other.General.Theme = "dark"
	tab.p.changedElsewhere(other)
	if tab.p.draft.Predict != want {
		t.Error("what somebody else saved took the edit away")
	}
	tab.p.save()
	if len(d.saves) != 1 || d.saves[0].Predict != want {
		t.Errorf("saved %+v", d.saves)
	}
}
