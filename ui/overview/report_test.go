package overview

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
	"deskwatch/ui/kit/kittest"
)

// tested is how good predictions were of n tickets, a ninth of which ended badly.
func tested(n int) *core.Measured {
	return &core.Measured{Tickets: n, Bad: n / 9, From: noon.AddDate(0, -2, 0), To: noon.AddDate(0, 0, -3), AUC: .74, AUCLow: .70, AUCHigh: .78,
		ECE: .03, Capacity: 5, Warned: 38, Right: 7, Top: .31, Reduction: .44,
		Calibration: []core.CalibrationBin{{Predicted: .05, Observed: .04, Low: .01, High: .12, Count: n / 2}, {Predicted: .3, Observed: .42, Low: .3, High: .56, Count: n / 2}},
		Moments:     []core.MomentReport{{Moment: core.MomentArrival, Tickets: n, Bad: n / 9, AUC: .71, AUCLow: .66, AUCHigh: .75}}}
}

func modelReport() core.PredictionReport {
	return core.PredictionReport{At: noon, Capacity: 5, Backtest: tested(900), Live: tested(63), Pending: 40,
		State: core.ModelState{Basis: core.BasisModel, Version: 3, Rated: 1300, Bad: 130, Tickets: 1240, TrainedAt: noon.Add(-time.Hour), From: noon.AddDate(0, -3, 0), To: noon,
			LastTry:  &core.TrainingResult{At: noon.Add(-time.Hour), Reason: "not_better", Tickets: 1240, Seconds: 2},
			Features: []core.FeatureReport{{Name: "owner", Weight: .3}, {Name: "product with channel", Weight: .1}}},
		Sentences: []core.ReportSentence{{Key: core.SentenceWarned, Numbers: []float64{7, 12}}, {Key: core.SentenceWrong, Numbers: []float64{31, 38}},
			{Key: core.SentenceOrder, Numbers: []float64{74, 70, 78, 63, 7}}, {Key: "said tomorrow", Text: "Something new."}}}
}

func rulesReport() core.PredictionReport {
	return core.PredictionReport{At: noon, Capacity: 5, Pending: 40, State: core.ModelState{Basis: core.BasisRules, Why: core.WhyFewRated, Rated: 127, Bad: 13, Needed: 200},
		Sentences: []core.ReportSentence{{Key: core.SentenceNothing}, {Key: core.SentencePending, Numbers: []float64{40}}}}
}

func reported(t *testing.T, report func() (core.PredictionReport, error)) (*Tab, string) {
	t.Helper()
	desk := steady(busyDesk())
	desk.report = report
	tab, _, w := open(t, desk)
	tab.Open(kit.PlacePredictions)
	return tab, kittest.Said(w.Content())
}

func lacks(t *testing.T, all string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(all, want) {
			t.Errorf("it does not say %q:\n%s", want, all)
		}
	}
}

func TestTheReportSaysInWordsAndFiguresHowGoodPredictionsAre(t *testing.T) {
	tab, all := reported(t, func() (core.PredictionReport, error) { return modelReport(), nil })
	lacks(t, all, "The desk was warned of 7 of 12 bad ends.", "31 of 38 warnings were wrong.", "had the higher risk on arrival 74 times of 100 (chance allows for 70 to 78; 63 tickets, 7 bad ends).", "Something new.",
		"On 900 tickets the model had not seen", "A list of 5 a day would have held 7 of 100 bad ends; 31 of 38 tickets on it ended well.",
		"Model, version 3", "The new model was not taken: it is not better on recent tickets", "100 of 900 (11 %)", "7 of 63 (11 %)", "74 of 100 (70–78)", "7 of 38 (18 %)", "31 %", "44 %",
		"On arrival", "71 of 100 (66–75)", "product with channel", "30 %", "predicted 30 %: 42 % of 31 tickets ended badly (30 %–56 %)")
	if !tab.report.plots[0].panel.card.Visible() || !tab.report.plots[1].panel.card.Visible() {
		t.Error("unseen tickets and those predicted here are not plotted side by side")
	}
	for i, name := range []string{"back-test", "live"} {
		if len(tab.report.plots[i].bins) != 2 {
			t.Errorf("%s: %d groups are plotted", name, len(tab.report.plots[i].bins))
		}
	}
}

func TestTheRecallOfLiveWarningsIsOfAllBadEndsNotOfThoseThatCount(t *testing.T) {
	_, all := reported(t, func() (core.PredictionReport, error) { return modelReport(), nil })
	lacks(t, all, "7 of 12 (58 %)", "7 of 100 (7 %)")
}

func TestADeskWithoutAModelIsToldWhatIsMissing(t *testing.T) {
	tab, all := reported(t, func() (core.PredictionReport, error) { return rulesReport(), nil })
	lacks(t, all, "No ticket predicted here has ended yet.", "40 predicted tickets have not ended yet.", "Stated rules", "127 of 200 rated tickets")
	for name, p := range map[string]*panel{"figures": tab.report.measured, "moments": tab.report.moments, "features": tab.report.features, "groups": tab.report.bins, "plot of today": tab.risks.panel} {
		if p.card.Visible() {
			t.Errorf("the %s are shown without anything in them", name)
		}
	}
	if strings.Count(all, "No ticket predicted here has ended yet.") != 1 {
		t.Error("it is said twice that nothing has ended")
	}
}

func TestFiguresThatDoNotExistAreNotShownAsNought(t *testing.T) {
	r := modelReport()
	r.Backtest = nil
	r.Live = &core.Measured{Tickets: 9, Capacity: 5, Moments: []core.MomentReport{{Moment: core.MomentArrival, Tickets: 9}}}
	r.Sentences = nil
	_, all := reported(t, func() (core.PredictionReport, error) { return r, nil })
	if strings.Contains(all, "0 of 100") || strings.Contains(all, "of 0 ") {
		t.Errorf("it says\n%s", all)
	}
	lacks(t, all, "0 of 9 (0 %)")
}

func TestADayOfAnotherYearFitsIntoItsCell(t *testing.T) {
	test.NewTempApp(t)
	r := core.PredictionReport{Live: &core.Measured{From: noon.AddDate(-3, 0, 0), To: noon.AddDate(-2, 0, 0)}}
	for _, f := range figuresOf(r, noon) {
		if w := fyne.MeasureText(f.value(r.Live), theme.TextSize(), fyne.TextStyle{}).Width; w > cellWidth {
			t.Errorf("%s: %q is %v wide", f.word, f.value(r.Live), w)
		}
	}
}

func TestTheReportIsCopiedAsText(t *testing.T) {
	tab, _ := reported(t, func() (core.PredictionReport, error) { return modelReport(), nil })
	test.Tap(tab.report.copied)
	text := fyne.CurrentApp().Clipboard().Content()
	lacks(t, text, "How good the predictions are\ttoday 12:00", "- The desk was warned of 7 of 12 bad ends.", "\tUnseen tickets\tPredicted here\n", "Ended badly\t100 of 900 (11 %)\t7 of 63 (11 %)\n",
		"On arrival\t71 of 100 (66–75)\t71 of 100 (66–75)\n", "predicted 5 %: 4 % of 450 tickets", "owner\t30 %\n")
}

func TestAReportThatCannotBeMadeSaysWhyAndIsAskedForAgain(t *testing.T) {
	err := error(core.NewError(core.CodeUnavailable, "", "The data folder is away.", nil))
	tab, all := reported(t, func() (core.PredictionReport, error) { return modelReport(), err })
	lacks(t, all, "The data folder is away.")
	err = nil
	tab.reporter.load()
	if all := kittest.Said(tab.root); !strings.Contains(all, "31 of 38 warnings were wrong.") || strings.Contains(all, "away") {
		t.Errorf("after the retry it says\n%s", all)
	}
}

func TestTheOverviewPlotsUnseenTicketsUntilEnoughOfItsOwnHaveEnded(t *testing.T) {
	r := modelReport()
	r.Live = tested(enoughEnded - 1)
	tab, _ := reported(t, func() (core.PredictionReport, error) { return r, nil })
	if got := tab.risks.panel.note.Text; got != "Unseen tickets" || !tab.risks.panel.card.Visible() {
		t.Errorf("of few it plots %q", got)
	}
	r.Live = tested(enoughEnded)
	tab.reporter.load()
	if got := tab.risks.panel.note.Text; got != "50 tickets" {
		t.Errorf("of enough it plots %q", got)
	}
	tab.risks.dots.OnHover(1)
	if got := tab.risks.below.Text; got != "predicted 30 %: 42 % of 25 tickets ended badly (30 %–56 %)" {
		t.Errorf("of the group under the pointer it says %q", got)
	}
}

func TestWhoComesBackToTheReportSeesHowItStandsNow(t *testing.T) {
	r := rulesReport()
	tab, _ := reported(t, func() (core.PredictionReport, error) { return r, nil })
	tab.reporter.fresh.Close()
	r = modelReport() // somebody trained a model
	tab.reporter.happened(core.PredictionsChanged{})
	tab.Focus()
	lacks(t, kittest.Said(tab.root), "Model, version 3")
}

func TestAModelThatBeginsToPredictIsInTheReportAtOnce(t *testing.T) {
	desk := steady(core.Overview{})
	v := &quietView{}
	r := newReporter(desk, async.Inline{}, v)
	t.Cleanup(r.close)
	r.fresh.Close() // the test follows by itself
	r.load()
	tell := func() {
		r.happened(core.PredictionsChanged{})
		r.follow()
	}
	tell()
	if v.reports != 1 {
		t.Errorf("measured %d times although the same predicts", v.reports)
	}
	desk.model = core.ModelState{Basis: core.BasisModel, Version: 1}
	tell()
	tell()
	if v.reports != 2 {
		t.Errorf("measured %d times, want once more for the new model", v.reports)
	}
	desk.model.LastTry = &core.TrainingResult{At: noon, Reason: "not_better"}
	tell()
	if v.reports != 3 {
		t.Errorf("measured %d times, want once more after a training in vain", v.reports)
	}
}

// quietView counts reports.
type quietView struct{ reports, errors int }

func (v *quietView) showReport(core.PredictionReport) { v.reports++ }
func (v *quietView) showReportError(error)            { v.errors++ }

func TestAStormOfPredictionsIsMeasuredOnceInAWhile(t *testing.T) {
	now := noon
	desk := &clockedDesk{fakeDesk: steady(core.Overview{}), now: func() time.Time { return now }}
	v := &quietView{}
	r := newReporter(desk, async.Inline{}, v)
	t.Cleanup(r.close)
	r.fresh.Close() // the test follows by itself
	r.load()
	for range 5 {
		r.happened(core.PredictionsChanged{})
		r.follow()
	}
	if v.reports != 1 {
		t.Errorf("measured %d times at once", v.reports)
	}
	now = now.Add(reportRest)
	r.follow()
	r.follow()
	if v.reports != 2 {
		t.Errorf("measured %d times after a rest, want 2", v.reports)
	}
	r.happened(core.TicketsChanged{})
	now = now.Add(reportRest)
	r.follow()
	if v.reports != 2 {
		t.Error("what is not about predictions is measured")
	}
	r.happened(core.SettingsChanged{})
	r.look()
	if v.reports != 3 {
		t.Error("whoever opens the page sees an old report")
	}
}

// clockedDesk has a clock that can be turned.
type clockedDesk struct {
	*fakeDesk
	now func() time.Time
}

func (d *clockedDesk) Now() time.Time { return d.now() }

func TestEverySentenceOfTheCoreIsWorded(t *testing.T) {
	numbers := []float64{1, 2, 3, 4, 5}
	for _, key := range []string{core.SentenceWarned, core.SentenceWrong, core.SentenceNoWarnings, core.SentenceFew, core.SentenceFewBad, core.SentenceFewGood, core.SentenceNothing,
		core.SentenceOrder, core.SentenceNoOrder, core.SentenceTop, core.SentenceSaved, core.SentenceMean, core.SentencePending, core.SentenceUnknown} {
		s := core.ReportSentence{Key: key, Numbers: numbers, At: noon}
		if text := sentenceText(s, noon); text == "" || strings.Contains(text, "%!") || !strings.HasSuffix(text, ".") {
			t.Errorf("%s: %q", key, text)
		}
		s.Numbers = nil // of an older or newer core: never a panic
		sentenceText(s, noon)
	}
}
